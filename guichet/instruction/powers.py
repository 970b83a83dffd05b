"""Who may do what, in which state: a table. Pure: no ORM, no clock.

Roles are those of the posts of ``accounts``, states those of ``applications.lifecycle``, as plain words. The lifecycle says
which moves exist; this table says which officers are offered them, and everything they do that is no move.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guichet.support import powers as support

RECEPTION = "reception"
CASE_OFFICER = "case_officer"
DECISION_MAKER = "decision_maker"
OFFICE_ADMINISTRATOR = "office_administrator"
NATIONAL_ADMINISTRATOR = "national_administrator"
ROLES = (RECEPTION, CASE_OFFICER, DECISION_MAKER, OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR)

DEPOSITED = "deposited"
UNDER_REVIEW = "under_review"
AWAITING_COMPLEMENT = "awaiting_complement"
PROPOSED = "proposed"
APPROVED = "approved"
REFUSED = "refused"
CLOSED_INCOMPLETE = "closed_incomplete"
OPEN_STATES = (DEPOSITED, UNDER_REVIEW, AWAITING_COMPLEMENT, PROPOSED)
DECIDED_STATES = (APPROVED, REFUSED, CLOSED_INCOMPLETE)
DEPOSITED_STATES = OPEN_STATES + DECIDED_STATES  # all that officers ever see: a draft is nobody's business but its owner's

EVERYONE = frozenset(ROLES)
WORKERS = frozenset({CASE_OFFICER, DECISION_MAKER})
ANY = frozenset(DEPOSITED_STATES)


@dataclass(frozen=True)
class Power:
    """One line of the table. ``hands``: 0 whatever the office; 1 or 2, only where a decision takes one hand, or two."""

    verb: str
    roles: frozenset[str]
    states: frozenset[str]
    hands: int = 0


POWERS: tuple[Power, ...] = (
    Power("read", EVERYONE, ANY),
    Power("add_note", EVERYONE - {RECEPTION, NATIONAL_ADMINISTRATOR}, ANY),
    Power("take_up", WORKERS, frozenset({DEPOSITED})),
    Power("take_over", WORKERS, frozenset(OPEN_STATES) - {DEPOSITED}),
    Power("assign", frozenset({OFFICE_ADMINISTRATOR}), frozenset(OPEN_STATES)),
    Power("give_number", WORKERS, ANY),
    Power("give_verdict", WORKERS, frozenset({UNDER_REVIEW})),
    Power("request_complement", WORKERS, frozenset({UNDER_REVIEW})),
    Power("decide", WORKERS, frozenset({UNDER_REVIEW}), hands=1),
    Power("propose", WORKERS, frozenset({UNDER_REVIEW}), hands=2),
    Power("close_incomplete", WORKERS, frozenset({UNDER_REVIEW, AWAITING_COMPLEMENT})),
    Power("sign", frozenset({DECISION_MAKER}), frozenset({PROPOSED})),
    Power("send_back", frozenset({DECISION_MAKER}), frozenset({PROPOSED})),
    # To an appointment of the office; after a favourable decision too: prints are taken for the card.
    Power("convoke", WORKERS, frozenset({*OPEN_STATES, APPROVED})),
    Power("announce_permit", WORKERS | {RECEPTION}, frozenset({APPROVED})),
    Power("reopen", WORKERS, frozenset({CLOSED_INCOMPLETE})),
    Power("issue_certificate", WORKERS, frozenset(OPEN_STATES)),
    # Stopping somebody's proof of stay is decided by whom decides in the office.
    Power("stop_certificate", WORKERS, frozenset(OPEN_STATES), hands=1),
    Power("stop_certificate", frozenset({DECISION_MAKER}), frozenset(OPEN_STATES), hands=2),
)

# What is about an office, not about one application.
OFFICE_POWERS: Mapping[str, frozenset[str]] = {
    "answer_tickets": support.POWERS["answer"],
    "see_signatures": frozenset({DECISION_MAKER}),
    "see_set_up": frozenset({OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR}),
    "retry_mails": frozenset({OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR}),
    "announce": frozenset({NATIONAL_ADMINISTRATOR}),
    "receive": frozenset({RECEPTION, CASE_OFFICER}),  # the office's day of appointments, its queue, its counter
    "see_attendance": frozenset({RECEPTION, CASE_OFFICER, OFFICE_ADMINISTRATOR}),
    "see_agendas": EVERYONE,
    "set_up_agendas": frozenset({OFFICE_ADMINISTRATOR}),
}


def allowed(verb: str, roles: Iterable[str], state: str, *, two_hands: bool) -> bool:
    """May somebody with these roles in the office do this to an application in this state?"""
    held = frozenset(roles)
    hands = 2 if two_hands else 1
    return any(
        power.verb == verb and state in power.states and held & power.roles and power.hands in (0, hands) for power in POWERS
    )


def ever(verb: str, roles: Iterable[str]) -> bool:
    """Do these roles hold this verb at all, in some state? What is never theirs is forbidden, what is not open now is told."""
    held = frozenset(roles)
    return any(power.verb == verb and held & power.roles for power in POWERS)


def allowed_verbs(roles: Iterable[str], state: str, *, two_hands: bool) -> frozenset[str]:
    """Every verb open to these roles in this state."""
    held = frozenset(roles)
    return frozenset(power.verb for power in POWERS if allowed(power.verb, held, state, two_hands=two_hands))


def opens(verb: str, roles: Iterable[str]) -> bool:
    """Do these roles hold a verb of :data:`OFFICE_POWERS`?"""
    return bool(frozenset(roles) & OFFICE_POWERS[verb])
