"""The addresses of the world: what each route is about, and the real thing it leads to."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.contracts.world import Belongings, House

NOWHERE = UUID(int=0)
ALONE = "*"  # of a route that is about nothing in particular
Arguments = Callable[[House, Belongings, str], tuple[Any, ...]]

NUMBER: Arguments = lambda house, things, state: (things.in_state[state].number,)  # noqa: E731
DRAFT: Arguments = lambda house, things, state: (things.draft.pk,)  # noqa: E731
NOTIFICATION: Arguments = lambda house, things, state: (things.notifications[state].pk,)  # noqa: E731

IDENTITY = (
    *("identity", "identity_ine", "identity_check", "identity_situation", "identity_early"),
    *("identity_other", "identity_ask", "identity_sent", "identity_code"),
)
# The mail that does not arrive; the waiting list and the certificate of a failed attempt; of a type.
BESIDE = (
    "address",
    *("waiting", "waiting_check", "waiting_joined"),
    *("attempt", "attempt_check", "attempt_done", "attempt_pdf"),
)
STUDENTS: Arguments = lambda house, things, state: (house.type.office.slug, "etudiants")  # noqa: E731
TYPE: Arguments = lambda house, things, state: (house.type.office.slug, house.type.slug)  # noqa: E731


OPEN_DRAW = ("draw", "draw_wishes", "draw_details", "draw_check", "draw_done")


def DRAW(house: House, things: Belongings, state: str) -> tuple[Any, ...]:
    return house.draws.open.type.office.slug, house.draws.open.type.slug, house.draws.open.slug


def DRAWN(house: House, things: Belongings, state: str) -> tuple[Any, ...]:
    return *DRAW(house, things, state)[:2], house.draws.drawn.slug


def _item(house: House, things: Belongings, state: str) -> tuple[Any, ...]:
    request = things.in_state[state].complement_requests.get()
    return things.notifications[state].pk, request.items.order_by("position").first().pk


def _paper(house: House, things: Belongings, state: str) -> tuple[Any, ...]:
    return things.in_state[state].number, things.paper(state)


# route → what its address holds. Routes without arguments need no line.
ARGUMENTS: dict[str, Arguments] = {
    "public:help_topic": lambda house, things, state: ("documents",),
    "public:procedure": lambda house, things, state: ("ase",),
    "public:document_list": lambda house, things, state: ("ase",),
    "account:activate": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    "account:visa_link": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    "account:reset_password": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    "officer:set_up": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    **{f"booking:{name}": TYPE for name in ("type", "documents", "description", "slots", "check", "details", "finish", "done")},
    **{f"booking:{name}": TYPE for name in BESIDE},
    **{f"booking:{name}": STUDENTS for name in IDENTITY},
    "booking:waiting_link": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    "booking:invitation_link": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    "booking:link": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    "applicant:resume": DRAFT,
    "applicant:version": DRAFT,
    "applicant:abandon": DRAFT,
    "applicant:draft_photo": lambda house, things, state: (things.draft.pk, "photo"),
    "applicant:draft_file": lambda house, things, state: (things.draft.pk, things.paper("draft")),
    "applicant:draft_preview": lambda house, things, state: (things.draft.pk, things.paper("draft")),
    "applicant:draft_upload": lambda house, things, state: (things.draft.pk, "nationality", 0),
    "applicant:draft": lambda house, things, state: (things.draft.pk, state),
    "applicant:application": NUMBER,
    "applicant:confirmation": NUMBER,
    "applicant:receipt": NUMBER,
    "applicant:renew_certificate": NUMBER,
    "applicant:application_file": _paper,
    "applicant:application_preview": _paper,
    "applicant:notification": NOTIFICATION,
    "applicant:open_notification": NOTIFICATION,
    "applicant:answer_item": _item,
    "applicant:send_answers": NOTIFICATION,
    "applicant:document": lambda house, things, state: (things.letter(state),),
    "officer:review": NUMBER,
    "officer:certificates": NUMBER,
    "officer:file_appointments": NUMBER,
    "officer:take_up": NUMBER,
    "officer:assign": NUMBER,
    "officer:verdict": NUMBER,
    "officer:note": NUMBER,
    "officer:reopen": NUMBER,
    "officer:give_number": NUMBER,
    "officer:complement": NUMBER,
    "officer:decision": NUMBER,
    "officer:decision_letter": NUMBER,
    "officer:document": _paper,
    "officer:document_page": lambda house, things, state: (*_paper(house, things, state), 1),
    "officer:ephoto": lambda house, things, state: (things.in_state[state].number, "photo"),
    "officer:official_document": lambda house, things, state: (things.in_state[state].number, things.receipt(state)),
    "officer:signature": lambda house, things, state: (house.proposal.pk,),
    "officer:signature_letter": lambda house, things, state: (house.proposal.pk,),
    **{
        f"officer:{name}": lambda house, things, state: (house.ticket.number,)
        for name in ("ticket", "ticket_identity", "ticket_convoke", "ticket_hand_over")
    },
    **{
        f"officer:{name}": lambda house, things, state: (house.day.expected.pk,)
        for name in ("rdv_booking", "rdv_note", "rdv_convocation")
    },
    **{f"officer:{name}": lambda house, things, state: (house.day.later.pk,) for name in ("rdv_cancel", "rdv_move")},
    **{f"officer:{name}": lambda house, things, state: (house.day.visit.pk,) for name in ("rdv_visit", "rdv_ticket")},
    "officer:rdv_move_to": lambda house, things, state: (house.day.later.pk, house.day.free.pk),
    "officer:rdv_slots": lambda house, things, state: (house.day.expected.type.slug,),
    "officer:rdv_book": lambda house, things, state: (house.day.expected.type.slug, house.day.free.pk),
    "booking:screen": lambda house, things, state: (house.office.slug,),
    "officer:announcement": lambda house, things, state: (house.announcement.pk,),
    "officer:withdraw_announcement": lambda house, things, state: (house.announcement.pk,),
    "officer:retry": lambda house, things, state: (house.mail.pk,),
    "officer:agenda": lambda house, things, state: ("lille", "remise-de-titre"),
    "officer:appointment_type": lambda house, things, state: ("lille", "remise-de-titre"),
    **{
        f"officer:{name}": lambda house, things, state: ("lille",)
        for name in ("agenda_new", "appointment_type_new", "closures", "to_move")
    },
    **{f"booking:{name}": DRAW for name in OPEN_DRAW},
    **{f"booking:{name}": DRAWN for name in ("draw_replay", "draw_list", "draw_outcome")},
    "booking:draws": lambda house, things, state: DRAW(house, things, state)[:2],
    "booking:draw_link": lambda house, things, state: ("un-lien-qui-n-existe-pas",),
    **{f"officer:{name}": lambda house, things, state: ("lille",) for name in ("draws", "draw_new")},
    **{f"officer:{name}": lambda house, things, state: ("lille", house.draws.open.pk) for name in ("draw", "draw_cancel")},
    "officer:reopen_days": lambda house, things, state: ("lille", house.closure.pk),
    "demo:message": lambda house, things, state: (house.mail.pk,),
    "demo:attachment": lambda house, things, state: (house.mail.pk, 0),
}
# Routes that ask something of the address beyond the path.
QUERIES = {"applicant:start": "?procedure=ase"}

STEPS = ("personal_information", "motive", "documents", "deposit")
OF_A_NUMBER = ("deposited", "under_review", "awaiting", "opened", "proposed", "approved", "refused")
# route → the states that it is walked in.
STATES: dict[str, tuple[str, ...]] = {
    "applicant:draft": STEPS,
    "applicant:notification": ("awaiting", "opened", "approved", "refused"),
    "applicant:open_notification": ("awaiting", "opened", "approved", "refused"),
    "applicant:answer_item": ("awaiting", "opened"),
    "applicant:send_answers": ("awaiting", "opened", "approved"),
    **{route: OF_A_NUMBER for route, arguments in ARGUMENTS.items() if arguments is NUMBER},
    **{
        route: ("opened",)  # papers of an application: the same pages whatever its state
        for route in (
            "applicant:application_file",
            "applicant:application_preview",
            "officer:document",
            "officer:document_page",
            "officer:ephoto",
            "officer:official_document",
        )
    },
    "applicant:document": ("deposited", "approved", "refused"),
}


def routes() -> dict[str, URLPattern]:
    """Every route of the site, by name."""
    return dict(_walk(get_resolver("tests.contracts.demo_urls").url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, f"{namespace}{each.namespace}:" if each.namespace else namespace)
        else:
            assert each.name, f"{each.pattern}: a route without a name is not in the logs"
            yield f"{namespace}{each.name}", each


def states_of(route: str) -> tuple[str, ...]:
    return STATES.get(route, (ALONE,))


def address(route: str, house: House, state: str = ALONE, things: Belongings | None = None) -> str:
    """The address of a route about the owner's things (or another's), in a state."""
    arguments = ARGUMENTS.get(route)
    given = arguments(house, things or house.owner, state) if arguments else ()
    return reverse(route, args=given, urlconf="tests.contracts.demo_urls") + QUERIES.get(route, "")


def every_address(house: House, things: Belongings | None = None) -> Iterator[tuple[str, str, str]]:
    """(route, state, address) of everything that can be asked."""
    for route in routes():
        for state in states_of(route):
            yield route, state, address(route, house, state, things)
