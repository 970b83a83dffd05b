"""Every address × everyone × every state, asked by GET and by POST: a table, and nothing beside it.

A route that is not in the table fails; so does one that answers somebody otherwise than the table says. What belongs to
somebody else does not exist, whatever one owns oneself; and nothing that was only asked for wrote anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.urls import reverse

from guichet.accounts.models import Post
from guichet.applications.models import Application
from guichet.core.models import Event
from tests.contracts import addresses, world
from tests.contracts.addresses import ALONE

pytestmark = pytest.mark.django_db

# Outcomes
SHOWN, MOVED, FORBIDDEN, HIDDEN, NOT_THUS, TO_MEND = "shown", "moved", "forbidden", "hidden", "not thus", "to mend"
DOOR, OFFICERS_DOOR, GONE = "door", "officers' door", "gone"
STATUSES = {200: SHOWN, 403: FORBIDDEN, 404: HIDDEN, 405: NOT_THUS, 409: TO_MEND, 410: GONE, 422: TO_MEND}

# Audiences
ANYONE = "anyone"
APPLICANTS = "applicants"  # what each applicant has of their own
ITS_PERSON = "its person"  # whoever acts for the person
ITS_ACCOUNT = "its account"  # the account that was written to
Outcome = str | Mapping[str, str]  # by state, ALONE for the others


@dataclass(frozen=True)
class Rule:
    """Who may, and what they meet. An officers' rule names roles; ``bound`` when it is about a thing of one office."""

    audience: str | frozenset[str]
    get: Outcome = SHOWN
    post: Outcome = NOT_THUS
    bound: bool = False
    readers: frozenset[str] = frozenset()  # who is let in by GET, where more are than by POST
    otherwise: Mapping[str, Outcome] = field(default_factory=dict)  # by visitor, where the audience does not say it all


EVERY_ROLE = frozenset(Post.Role.values)
WORKERS = frozenset({"case_officer", "decision_maker"})
SIGNERS = frozenset({"decision_maker"})
NOTERS = WORKERS | {"office_administrator"}
ASSIGNERS = frozenset({"office_administrator"})
HELPERS = EVERY_ROLE - {"decision_maker"}
NATIONAL = frozenset({"national_administrator"})
ADMINISTRATORS = frozenset({"office_administrator", "national_administrator"})

PUBLIC = Rule(ANYONE)
FORM = Rule(ANYONE, post=SHOWN)
ONLY_ACT = Rule(ANYONE, get=NOT_THUS, post=MOVED)
LINK = Rule(ANYONE, get=MOVED)
NO_LINK = Rule(ANYONE, get=HIDDEN, post=HIDDEN)  # the page behind a link, reached without one
IN = {who: MOVED for who in world.APPLICANTS}
# An access by visa is led back to its own page from what needs an account with a password.
NO_PASSWORD = {"visa-holder get": MOVED, "visa-holder post": MOVED}
VERIFIED = {who: MOVED for who in (*world.OFFICERS, *world.ELSEWHERE)}
PAGE = Rule(EVERY_ROLE)
OF_FILE = Rule(EVERY_ROLE, bound=True)


def act(roles: frozenset[str], post: str) -> Rule:
    """An act is posted; its address, read by GET, leads whoever may read the application back to it."""
    return Rule(roles, get=MOVED, post=post, bound=True, readers=EVERY_ROLE)


ONLY_UNDER_REVIEW = {ALONE: MOVED, "under_review": SHOWN}

RULES: dict[str, Rule] = {
    **{
        f"public:{name}": PUBLIC
        for name in (
            *("home", "help", "help_topic", "orientation", "procedure", "document_list"),
            *("accessibility", "personal_data", "legal", "site_map", "healthz", "robots"),
        )
    },
    "public:contact": Rule(ANYONE, post=TO_MEND),
    "public:contact_sent": Rule(ANYONE, get=MOVED),
    # Ways in
    "account:create": PUBLIC,
    "account:create_with_number": FORM,
    "account:create_with_permit": FORM,
    "account:create_with_visa": FORM,
    "account:create_without_number": FORM,
    "account:ask_for_help": Rule(ANYONE, get=MOVED, post=MOVED),  # no door was tried: the contact form
    "account:help_sent": Rule(ANYONE, get=MOVED),
    "account:lost_email": FORM,
    "account:visa_again": FORM,
    "account:visa_link": LINK,
    "account:visa_access": NO_LINK,
    "account:sent": Rule(ANYONE, get=MOVED, post=MOVED),
    "account:forget": ONLY_ACT,
    "account:activate": LINK,
    "account:activation": NO_LINK,
    "account:franceconnect": Rule(ANYONE, get=HIDDEN),  # this site is not connected to it
    "account:franceconnect_callback": LINK,  # the answer to no departure
    "account:franceconnect_signed_out": LINK,
    "account:franceconnect_identity": Rule(ANYONE, get=MOVED, post=MOVED),  # nobody was vouched for
    "account:franceconnect_mismatch": LINK,
    "account:franceconnect_trouble": LINK,
    "account:sign_in": Rule(ANYONE, post=SHOWN, otherwise=IN),
    "account:sign_out": Rule(ANYONE, post=MOVED),
    "account:forgotten_password": FORM,
    "account:forgotten_password_sent": PUBLIC,
    "account:forgotten_identifier": FORM,
    "account:forgotten_identifier_sent": PUBLIC,
    "account:reset_password": LINK,
    "account:new_password": NO_LINK,
    # My account
    "account:home": Rule(APPLICANTS),
    "account:tickets": Rule(APPLICANTS),
    "account:change_password": Rule(APPLICANTS, post=SHOWN, otherwise=NO_PASSWORD),
    "account:choose_language": Rule(APPLICANTS, get=NOT_THUS, post=MOVED),
    "account:franceconnect_unlink": Rule(APPLICANTS, get=NOT_THUS, post=MOVED),
    "account:close_sessions": Rule(APPLICANTS, get=NOT_THUS, post=MOVED),
    "account:add_person": Rule(APPLICANTS, post=SHOWN, otherwise=NO_PASSWORD),
    # My applications
    "applicant:applications": Rule(APPLICANTS),
    # For whom? And who has a draft of the same is told before another begins.
    "applicant:start": Rule(
        APPLICANTS, post=MOVED, otherwise={f"{who} post": SHOWN for who in ("owner", "intruder", "representative")}
    ),
    "applicant:addresses": Rule(APPLICANTS),
    "applicant:communes": Rule(APPLICANTS),
    "applicant:refresh_permits": Rule(APPLICANTS, get=NOT_THUS, post=HIDDEN),  # of nobody
    "applicant:resume": Rule(ITS_PERSON, get=MOVED),
    "applicant:version": Rule(ITS_PERSON, get=HIDDEN, post=MOVED),  # the draft is of the version in force
    # Abandoned already, or never ours: the list either way, and nothing changes (see below)
    "applicant:abandon": Rule(ITS_PERSON, post=MOVED, otherwise={"intruder post": MOVED, "visa-holder post": MOVED}),
    "applicant:draft_photo": Rule(ITS_PERSON),
    "applicant:draft_file": Rule(ITS_PERSON),
    "applicant:draft_preview": Rule(ITS_PERSON),
    "applicant:draft_upload": Rule(ITS_PERSON, get=NOT_THUS, post=TO_MEND),
    "applicant:draft": Rule(ITS_PERSON, post=MOVED),
    "applicant:application": Rule(ITS_PERSON),
    "applicant:confirmation": Rule(ITS_PERSON),
    "applicant:receipt": Rule(ITS_PERSON, get=MOVED),
    "applicant:renew_certificate": Rule(ITS_PERSON, get=NOT_THUS, post=MOVED),
    "applicant:application_file": Rule(ITS_PERSON),
    "applicant:application_preview": Rule(ITS_PERSON),
    # Reading a decision is dated: its letter is opened from its notification first
    "applicant:document": Rule(ITS_PERSON, get={ALONE: MOVED, "deposited": SHOWN}),
    "applicant:notifications": Rule(APPLICANTS),
    "applicant:notification": Rule(ITS_ACCOUNT),
    "applicant:open_notification": Rule(ITS_ACCOUNT, get=NOT_THUS, post=MOVED),
    "applicant:answer_item": Rule(ITS_ACCOUNT, get=NOT_THUS, post={ALONE: HIDDEN, "opened": TO_MEND}),
    "applicant:send_answers": Rule(ITS_ACCOUNT, get=NOT_THUS, post={ALONE: HIDDEN, "opened": TO_MEND}),
    # The officers' door
    "officer:sign_in": Rule(ANYONE, post=SHOWN, otherwise=VERIFIED),
    "officer:second_factor": Rule(ANYONE, get=MOVED, post=MOVED),
    "officer:sign_out": Rule(ANYONE, post=MOVED),
    "officer:set_up": LINK,
    "officer:set_password": NO_LINK,
    # The officers' work
    "officer:home": PAGE,
    "officer:queue": PAGE,
    "officer:assign_many": Rule(ASSIGNERS, get=MOVED, post=MOVED, readers=EVERY_ROLE),
    "officer:review": OF_FILE,
    "officer:certificates": Rule(EVERY_ROLE, post=SHOWN, bound=True),  # an act is named by what is posted
    "officer:document": OF_FILE,
    "officer:document_page": OF_FILE,
    "officer:ephoto": OF_FILE,
    "officer:official_document": OF_FILE,
    "officer:take_up": act(WORKERS, MOVED),
    "officer:verdict": act(WORKERS, MOVED),
    "officer:assign": act(ASSIGNERS, MOVED),
    "officer:note": act(NOTERS, SHOWN),
    "officer:reopen": act(WORKERS, SHOWN),
    "officer:give_number": Rule(WORKERS, get=MOVED, post=MOVED, bound=True),  # the owner has one: back to the application
    "officer:complement": Rule(WORKERS, get=ONLY_UNDER_REVIEW, post=ONLY_UNDER_REVIEW, bound=True),
    "officer:decision": Rule(WORKERS, get=ONLY_UNDER_REVIEW, post=ONLY_UNDER_REVIEW, bound=True),
    "officer:decision_letter": Rule(WORKERS, get=NOT_THUS, post=HIDDEN, bound=True),
    "officer:signatures": Rule(SIGNERS),
    "officer:signature": Rule(SIGNERS, post=SHOWN, bound=True),
    "officer:signature_letter": Rule(SIGNERS, bound=True),
    "officer:tickets": Rule(HELPERS),
    "officer:ticket": Rule(HELPERS, post=SHOWN, bound=True),
    "officer:ticket_identity": Rule(HELPERS - {"reception"}, post=SHOWN, bound=True),
    "officer:ticket_convoke": Rule(HELPERS, post=SHOWN, bound=True),
    "officer:ticket_hand_over": Rule(ADMINISTRATORS, post=SHOWN, bound=True),
    "officer:announcements": Rule(NATIONAL),
    "officer:announce": Rule(NATIONAL, post=SHOWN),
    "officer:announcement": Rule(NATIONAL, post=SHOWN),
    "officer:withdraw_announcement": Rule(NATIONAL, get=NOT_THUS, post=MOVED),
    "officer:state": Rule(ADMINISTRATORS),
    "officer:retry": Rule(ADMINISTRATORS, get=NOT_THUS, post=MOVED),
    # The demonstration, where nobody is real
    "demo:mailbox": PUBLIC,
    "demo:message": PUBLIC,
    "demo:attachment": PUBLIC,
    "demo:clock": Rule(ANYONE, post=MOVED),
    "demo:reset": Rule(ANYONE, post=MOVED),
}


def test_every_route_of_the_site_is_in_the_table():
    assert set(addresses.routes()) == set(RULES)


def at(outcome: Outcome, state: str) -> str:
    return outcome if isinstance(outcome, str) else outcome.get(state, outcome[ALONE])


def expected(rule: Rule, who: str, method: str, state: str) -> set[str]:
    """What somebody may meet. One outcome, save where refusing the method or the visitor first says the same: no."""
    own = at(rule.get if method == "get" else rule.post, state)
    said = rule.otherwise.get(f"{who} {method}") or (rule.otherwise.get(who) if method == "get" else None)
    if said:
        return {at(said, state)}
    refused = {refusal(rule, who, method)} - {""}
    if not refused:
        return {own}
    return refused | {NOT_THUS} if own == NOT_THUS else refused


def refusal(rule: Rule, who: str, method: str) -> str:
    """How somebody whom a rule does not let in is turned away; empty for who is let in."""
    place, _, role = who.partition(" ")
    if rule.audience == ANYONE:
        return ""
    if isinstance(rule.audience, str):
        if who == "anonymous":
            return DOOR
        if who not in world.APPLICANTS:
            return FORBIDDEN
        theirs = {APPLICANTS: world.APPLICANTS, ITS_PERSON: ("owner", "representative"), ITS_ACCOUNT: ("owner",)}
        return "" if who in theirs[rule.audience] else HIDDEN
    if who == "anonymous" or place == "unverified":
        return OFFICERS_DOOR
    if who in world.APPLICANTS:
        return FORBIDDEN
    if place == "elsewhere" and rule.bound:
        return HIDDEN
    let_in = rule.readers if method == "get" and rule.readers else rule.audience
    return "" if role in let_in else FORBIDDEN


def outcome_of(response) -> str:
    if response.status_code == 302:
        for door, name in ((DOOR, "account:sign_in"), (OFFICERS_DOOR, "officer:sign_in")):
            if response["Location"].partition("?")[0] == reverse(name):
                return door
        return MOVED
    return STATUSES.get(response.status_code, str(response.status_code))


def doors_are_moves(found: str, route: str) -> str:
    """Of a page open to anyone, the doors are where one goes on."""
    return MOVED if found in (DOOR, OFFICERS_DOOR) and RULES[route].audience == ANYONE else found


def ask(house, who, method, url, data=None):
    """Asks and undoes what it did."""
    with transaction.atomic():
        response = getattr(house.client(who), method)(url, data or {})
        if not response.streaming:
            response.content  # noqa: B018 - drawn before it is undone
        transaction.set_rollback(True)
    return response


@pytest.fixture(autouse=True)
def the_demonstration(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("guichet.demo.world.start_afresh", lambda: None)


@pytest.mark.parametrize("who", world.EVERYONE)
def test_everyone_meets_what_the_table_says(house, who):
    wrong = []
    for route, state, url in addresses.every_address(house):
        for method in ("get", "post"):
            rule = RULES[route]
            allowed = expected(rule, who, method, state)
            # Of an elsewhere office the role is looked at before the office: either refusal tells nothing
            place, _, role = who.partition(" ")
            if place == "elsewhere" and rule.bound and isinstance(rule.audience, frozenset):
                allowed |= set() if role in rule.audience else {FORBIDDEN}
            found = doors_are_moves(outcome_of(ask(house, who, method, url)), route)
            if found not in allowed:
                wrong.append(f"{method} {route} ({state}): {found}, not {' or '.join(sorted(allowed))}")
    assert not wrong, "\n".join([who, *wrong])


def test_asking_writes_nothing(house):
    """GET and HEAD of everything, by whoever may: no event, state nor date changes (and the middleware raises on a write)."""
    before = _trace()
    for who in ("anonymous", "owner", "here decision_maker", "here office_administrator", "here national_administrator"):
        browser = house.client(who)
        for route, state, url in addresses.every_address(house):
            for method in ("get", "head"):
                response = getattr(browser, method)(url)
                assert response.status_code < 500, (method, route, state)
    assert _trace() == before


def _trace():
    from guichet.instruction.models import ComplementRequest, Decision
    from guichet.messaging.models import Notification, OutboxMessage

    return (
        Event.objects.count(),
        OutboxMessage.objects.count(),
        sorted(Application.objects.values_list("pk", "state", "revision", "updated_at", "current_step")),
        sorted(Notification.objects.values_list("pk", "read_at"), key=str),
        sorted(ComplementRequest.objects.values_list("pk", "opened_at"), key=str),
        sorted(Decision.objects.values_list("pk", "opened_at", "signed_at"), key=str),
    )


def test_head_answers_like_get_without_a_body(house):
    for who in ("anonymous", "owner", "here decision_maker"):
        browser = house.client(who)
        for route, state, url in addresses.every_address(house):
            got, head = browser.get(url), browser.head(url)
            assert got.status_code == head.status_code, (who, route, state, got.status_code, head.status_code)
            assert not head.content, route


def test_an_abandon_of_somebody_elses_draft_changes_nothing(house):
    before = _trace()
    ask(house, "intruder", "post", addresses.address("applicant:abandon", house))
    assert _trace() == before
    house.owner.draft.refresh_from_db()
    assert house.owner.draft.state == "draft" and house.owner.draft.answers.exists()


CROSSED = {
    # a thing of the intruder under the owner's name, and the other way: neither half opens the other
    "applicant:application_file": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.paper("deposited"),
    ),
    "applicant:application_preview": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.paper("deposited"),
    ),
    "applicant:draft_file": lambda house: (house.intruder.draft.pk, house.owner.paper("draft")),
    "applicant:draft_preview": lambda house: (house.intruder.draft.pk, house.owner.paper("draft")),
    "officer:document": lambda house: (house.intruder.in_state["deposited"].number, house.owner.paper("deposited")),
    "officer:document_page": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.paper("deposited"),
        1,
    ),
    "officer:official_document": lambda house: (
        house.intruder.in_state["deposited"].number,
        house.owner.receipt("deposited"),
    ),
}


@pytest.mark.parametrize("route", CROSSED)
def test_a_paper_is_found_under_its_own_application_only(house, route):
    who = "intruder" if route.startswith("applicant:") else "here case_officer"
    assert house.client(who).get(world.link(route, *CROSSED[route](house))).status_code == 404


def test_the_files_of_a_draft_are_not_reached_through_an_application_nor_by_officers(house):
    draft, number = house.owner.draft, house.owner.in_state["deposited"].number
    owner, officer = house.client("owner"), house.client("here decision_maker")
    assert owner.get(world.link("applicant:application_file", number, house.owner.paper("draft"))).status_code == 404
    assert officer.get(world.link("officer:document", number, house.owner.paper("draft"))).status_code == 404
    assert officer.get(f"/agents/dossiers/{draft.pk}/").status_code == 404
    assert owner.get(world.link("applicant:draft_file", draft.pk, house.owner.paper("deposited"))).status_code == 404


def test_the_items_of_a_request_are_answered_through_their_own_notification_only(house):
    item = house.owner.in_state["opened"].complement_requests.get().items.first()
    url = world.link("applicant:answer_item", house.intruder.notifications["opened"].pk, item.pk)
    given = {"choice": "keep", "keep_reason": "Il est lisible."}
    assert ask(house, "intruder", "post", url, given).status_code == 404
    item.refresh_from_db()
    assert not item.choice


def test_a_representative_acts_for_the_person_and_not_for_the_account(house):
    """They see applications and drafts of the person; what was written to the other account is the other account's."""
    listed = house.client("representative").get(world.link("applicant:applications")).content.decode()
    assert house.owner.in_state["deposited"].number in listed
    assert house.intruder.in_state["deposited"].number not in listed
    written = house.client("representative").get(world.link("applicant:notifications")).content.decode()
    assert not any(str(each.pk) in written for each in house.owner.notifications.values())


def test_an_account_that_was_closed_is_out_at_once(house):
    for who, url in (("owner", "/demandes/"), ("here case_officer", "/agents/")):
        account = house.account(who)
        with transaction.atomic():
            type(account).objects.filter(pk=account.pk).update(is_active=False)
            assert house.client(who).get(url).status_code == 302
            transaction.set_rollback(True)


def test_a_post_that_was_taken_away_closes_at_once(house):
    with transaction.atomic():
        Post.objects.filter(officer__account=house.account("here case_officer")).delete()
        browser = house.client("here case_officer")
        number = house.owner.in_state["deposited"].number
        assert browser.get(f"/agents/dossiers/{number}/").status_code == 404
        assert number not in browser.get("/agents/dossiers/").content.decode()
        transaction.set_rollback(True)
