"""The moves of an application: one table, and pure functions that read it. No database, no clock.

Pages ask it which buttons to show, ``moves.transition`` asks it whether a move is allowed, the documentation draws it, and a
test walks every state × verb × role of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    ABANDONED = "abandoned"
    EXPIRED = "expired"  # a draft kept as long as was said
    DEPOSITED = "deposited"
    UNDER_REVIEW = "under_review"
    AWAITING_COMPLEMENT = "awaiting_complement"
    PROPOSED = "proposed"  # a decision is proposed and waits for the decision maker
    APPROVED = "approved"
    REFUSED = "refused"
    CLOSED_INCOMPLETE = "closed_incomplete"


class Role(StrEnum):
    """In what quality someone acts on an application. Officers' roles bear the names of their posts."""

    APPLICANT = "applicant"
    SYSTEM = "system"
    RECEPTION = "reception"
    CASE_OFFICER = "case_officer"
    DECISION_MAKER = "decision_maker"
    OFFICE_ADMINISTRATOR = "office_administrator"
    NATIONAL_ADMINISTRATOR = "national_administrator"


APPLICANT = frozenset({Role.APPLICANT})
SYSTEM = frozenset({Role.SYSTEM})
OFFICER = frozenset({Role.CASE_OFFICER, Role.DECISION_MAKER})
DECISION_MAKER = frozenset({Role.DECISION_MAKER})

# A state that no longer holds a deposited application's promise: it never had a number.
NEVER_DEPOSITED = frozenset({State.DRAFT, State.ABANDONED, State.EXPIRED})
OPEN = frozenset({State.DEPOSITED, State.UNDER_REVIEW, State.AWAITING_COMPLEMENT, State.PROPOSED})
DECIDED = frozenset({State.APPROVED, State.REFUSED, State.CLOSED_INCOMPLETE})


@dataclass(frozen=True)
class Transition:
    """One move: who may make it, from where, to where. ``event`` names it in the log, ``visible`` shows it to the person."""

    verb: str
    sources: frozenset[State]
    target: State
    by: frozenset[Role]
    event: str
    visible: bool = True
    within: int | None = None  # the move is open for so many Paris days after that on which the state was entered


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


TRANSITIONS: tuple[Transition, ...] = (
    Transition("deposit", _from(State.DRAFT), State.DEPOSITED, APPLICANT, "deposited"),
    Transition("abandon", _from(State.DRAFT), State.ABANDONED, APPLICANT, "abandoned"),
    Transition("expire", _from(State.DRAFT), State.EXPIRED, SYSTEM, "expired"),
    Transition("take_up", _from(State.DEPOSITED), State.UNDER_REVIEW, OFFICER, "taken_up"),
    Transition("request_complement", _from(State.UNDER_REVIEW), State.AWAITING_COMPLEMENT, OFFICER, "complement_requested"),
    # Until a closing is signed the person may still answer: the proposal to close then falls. Hence two sources.
    Transition(
        "answer_complement",
        _from(State.AWAITING_COMPLEMENT, State.PROPOSED),
        State.UNDER_REVIEW,
        APPLICANT,
        "complement_answered",
    ),
    # A request left unanswered past its term leads to a proposal to close: hence two sources.
    Transition(
        "propose",
        _from(State.UNDER_REVIEW, State.AWAITING_COMPLEMENT),
        State.PROPOSED,
        OFFICER,
        "decision_proposed",
        visible=False,
    ),
    Transition("send_back", _from(State.PROPOSED), State.UNDER_REVIEW, DECISION_MAKER, "decision_sent_back", visible=False),
    # A proposal to close made while a request waited for its answer: the request waits again.
    Transition(
        "resume_waiting", _from(State.PROPOSED), State.AWAITING_COMPLEMENT, DECISION_MAKER, "decision_sent_back", visible=False
    ),
    Transition("approve", _from(State.UNDER_REVIEW, State.PROPOSED), State.APPROVED, DECISION_MAKER, "approved"),
    Transition("refuse", _from(State.UNDER_REVIEW, State.PROPOSED), State.REFUSED, DECISION_MAKER, "refused"),
    Transition(
        "close_incomplete",
        _from(State.UNDER_REVIEW, State.AWAITING_COMPLEMENT, State.PROPOSED),
        State.CLOSED_INCOMPLETE,
        DECISION_MAKER,
        "closed_incomplete",
    ),
    Transition("reopen", _from(State.CLOSED_INCOMPLETE), State.UNDER_REVIEW, OFFICER, "reopened", within=30),
)

BY_VERB: dict[str, Transition] = {transition.verb: transition for transition in TRANSITIONS}


def allowed(state: str, role: str) -> tuple[Transition, ...]:
    """The moves that this role may make from this state, in the order of the table (their delays not looked at)."""
    return tuple(move for move in TRANSITIONS if state in move.sources and role in move.by)


def may(state: str, verb: str, roles: Iterable[str]) -> bool:
    """Whether someone with any of these roles may make this move from this state."""
    move = BY_VERB[verb]
    return state in move.sources and any(role in move.by for role in roles)


def in_time(move: Transition, entered_on: date, on: date) -> bool:
    """Whether a move that is open for a while only is still open on this Paris day: the last day counts whole."""
    return move.within is None or (on - entered_on).days <= move.within
