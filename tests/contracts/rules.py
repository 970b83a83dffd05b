"""Who may open each address, and what they meet: the table that the contracts hold the site to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guichet.accounts.models import Post
from tests.contracts import world
from tests.contracts.addresses import ALONE, IDENTITY

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
RECEIVERS = frozenset({"reception", "case_officer"})
NATIONAL = frozenset({"national_administrator"})
ADMINISTRATORS = frozenset({"office_administrator", "national_administrator"})

PUBLIC = Rule(ANYONE)
FORM = Rule(ANYONE, post=SHOWN)
ONLY_ACT = Rule(ANYONE, get=NOT_THUS, post=MOVED)
LINK = Rule(ANYONE, get=MOVED)
NO_LINK = Rule(ANYONE, get=HIDDEN, post=HIDDEN)  # the page behind a link, reached without one
NO_LINK_HERE = Rule(ANYONE, get=MOVED, post=MOVED)  # the same, where what the link led to is found again
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
    # Appointments
    **{f"booking:{name}": PUBLIC for name in ("index", "documents", "screen")},
    "booking:find": Rule(ANYONE, post=TO_MEND),
    "booking:links": Rule(ANYONE, post=TO_MEND),
    "booking:links_check": Rule(ANYONE, get=MOVED, post=MOVED),  # the address first
    "booking:links_sent": LINK,
    "booking:link": LINK,
    "booking:invitation_link": LINK,
    "booking:invitation": NO_LINK,
    # The page behind a link, reached without one: to where it is found again.
    **{f"booking:{name}": Rule(ANYONE, get=MOVED, post=MOVED) for name in ("confirm", "cancel", "move", "address")},
    **{f"booking:{name}": LINK for name in ("request", "convocation", "calendar")},
    "booking:type": Rule(ANYONE, post=TO_MEND),  # the box is not ticked
    "booking:description": Rule(ANYONE, get=MOVED),  # the conditions come first
    **{f"booking:{name}": Rule(ANYONE, get=MOVED, post=MOVED) for name in IDENTITY},
    **{f"booking:{name}": Rule(ANYONE, get=MOVED) for name in ("identity_other", "identity_sent")},
    "booking:identity_code": Rule(ANYONE, post=TO_MEND),  # the mail of a code leads straight there
    "booking:slots": Rule(ANYONE, post=MOVED),
    **{f"booking:{name}": Rule(ANYONE, get=MOVED, post=MOVED) for name in ("check", "details", "finish")},  # nothing is held
    "booking:done": LINK,
    # The conditions come first.
    **{f"booking:{name}": Rule(ANYONE, get=MOVED, post=MOVED) for name in ("waiting", "waiting_check")},
    **{f"booking:{name}": Rule(ANYONE, get=MOVED, post=MOVED) for name in ("attempt", "attempt_check")},
    **{f"booking:{name}": LINK for name in ("waiting_joined", "attempt_done", "waiting_link")},
    "booking:attempt_pdf": Rule(ANYONE, get=HIDDEN),
    "booking:waiting_entry": LINK,
    **{f"booking:{name}": NO_LINK_HERE for name in ("waiting_accept", "waiting_decline", "waiting_leave")},
    **{f"booking:{name}": PUBLIC for name in ("draws", "draw", "draw_list", "draw_outcome", "draw_script")},
    "booking:draw_replay": Rule(ANYONE, get=MOVED, post=SHOWN),
    "booking:draw_wishes": Rule(ANYONE, post=TO_MEND),
    **{f"booking:{name}": Rule(ANYONE, get=MOVED, post=MOVED) for name in ("draw_details", "draw_check")},  # the wishes first
    "booking:draw_done": LINK,
    "booking:draw_link": LINK,
    **{f"booking:{name}": NO_LINK_HERE for name in ("draw_confirm", "draw_change", "draw_leave")},
    "booking:draw_entry": LINK,
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
    "officer:file_appointments": Rule(EVERY_ROLE, post=SHOWN, bound=True),  # the same
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
    # Their agendas: read by all, changed by whom the office names
    "officer:agendas": PAGE,
    **{
        f"officer:{name}": Rule(ASSIGNERS, post=SHOWN, bound=True, readers=EVERY_ROLE)
        for name in ("agenda", "appointment_type", "closures")
    },
    **{f"officer:{name}": Rule(ASSIGNERS, post=SHOWN, bound=True) for name in ("agenda_new", "appointment_type_new")},
    "officer:to_move": Rule(EVERY_ROLE, bound=True),
    "officer:draws": Rule(EVERY_ROLE, bound=True),
    "officer:draw": Rule(EVERY_ROLE, post=TO_MEND, bound=True),
    "officer:draw_new": Rule(ASSIGNERS, post=TO_MEND, bound=True),
    "officer:draw_cancel": Rule(ASSIGNERS, get=NOT_THUS, post=MOVED, bound=True),
    "officer:reopen_days": Rule(ASSIGNERS, get=NOT_THUS, post=MOVED, bound=True),
    # Their day of appointments: of whoever receives in the office
    **{f"officer:{name}": Rule(RECEIVERS) for name in ("rdv", "rdv_list", "rdv_queue", "rdv_types")},
    **{f"officer:{name}": Rule(RECEIVERS, get=NOT_THUS, post=MOVED) for name in ("rdv_check_in", "rdv_call_next")},
    **{
        f"officer:{name}": Rule(RECEIVERS, bound=True) for name in ("rdv_booking", "rdv_convocation", "rdv_ticket", "rdv_slots")
    },
    **{f"officer:{name}": Rule(RECEIVERS, get=NOT_THUS, post=MOVED, bound=True) for name in ("rdv_note", "rdv_visit")},
    "officer:rdv_number": Rule(RECEIVERS, post=TO_MEND),
    "officer:rdv_book": Rule(RECEIVERS, post=TO_MEND, bound=True),
    "officer:rdv_cancel": Rule(RECEIVERS, post=TO_MEND, bound=True),
    "officer:rdv_move": Rule(RECEIVERS, bound=True),
    "officer:rdv_move_to": Rule(RECEIVERS, post=MOVED, bound=True),
    "officer:rdv_figures": Rule(RECEIVERS | ASSIGNERS),
    "officer:state": Rule(ADMINISTRATORS),
    "officer:retry": Rule(ADMINISTRATORS, get=NOT_THUS, post=MOVED),
    # The demonstration, where nobody is real
    "demo:mailbox": PUBLIC,
    "demo:message": PUBLIC,
    "demo:attachment": PUBLIC,
    "demo:clock": Rule(ANYONE, post=MOVED),
    "demo:reset": Rule(ANYONE, post=MOVED),
}


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
