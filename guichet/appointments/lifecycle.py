"""The moves of a booking: one table, and pure functions that read it. No database, no clock.

A place that was freed does not come back at once: beside the booking that ended, a row without a person stays
``returning`` until a moment that nobody can guess, or is ``offered`` to the waiting list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a booking stands."""

    HELD = "held"  # chosen, while the form is filled
    TO_CONFIRM = "to_confirm"  # mailed, waits for its answer
    CONFIRMED = "confirmed"
    HONOURED = "honoured"
    MISSED = "missed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # not finished, or not confirmed, in time
    RETURNING = "returning"  # nobody's: a freed place that is not yet back
    OFFERED = "offered"  # a freed place proposed to somebody of the waiting list
    RETURNED = "returned"  # nobody's: a freed place that came back


class Role(StrEnum):
    """In what quality someone acts on a booking."""

    PERSON = "person"
    OFFICER = "officer"
    SYSTEM = "system"


PERSON = frozenset({Role.PERSON})
OFFICER = frozenset({Role.OFFICER})
SYSTEM = frozenset({Role.SYSTEM})

# Those that hold a person to one request per type.
ACTIVE = frozenset({State.HELD, State.TO_CONFIRM, State.CONFIRMED, State.OFFERED})
# Those that fill a place of their slot.
COUNTED = ACTIVE | {State.HONOURED, State.MISSED, State.RETURNING}
# Nothing becomes of these any more, but for an officer who corrects the day after: what they say of a person is not kept.
OVER = frozenset({State.HONOURED, State.MISSED, State.CANCELLED, State.LAPSED, State.RETURNED})
# Those that came of somebody who takes a place: never before its release, never in a slot that was withdrawn.
TAKING = frozenset({State.HELD, State.TO_CONFIRM, State.CONFIRMED})


@dataclass(frozen=True)
class Transition:
    """One move: who may make it, from where, to where. ``target`` None: the state stays. Without sources: a booking is born."""

    verb: str
    sources: frozenset[State]
    target: State | None
    by: frozenset[Role]
    event: str


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


TRANSITIONS: tuple[Transition, ...] = (
    Transition("claim", _from(), State.HELD, PERSON, "place_held"),
    Transition("book_at_counter", _from(), State.CONFIRMED, OFFICER, "booked_at_counter"),
    Transition("draw", _from(), State.TO_CONFIRM, SYSTEM, "place_drawn"),
    Transition("set_free", _from(), State.RETURNING, SYSTEM, "place_freed"),
    Transition("ask", _from(State.HELD), State.TO_CONFIRM, PERSON, "appointment_asked"),
    # Where the type asks for no confirmation by mail.
    Transition("finish", _from(State.HELD), State.CONFIRMED, PERSON, "appointment_confirmed"),
    Transition("confirm", _from(State.TO_CONFIRM), State.CONFIRMED, PERSON, "appointment_confirmed"),
    Transition("give_up", _from(State.HELD), State.LAPSED, PERSON, "hold_given_up"),
    Transition("lapse", _from(State.HELD, State.TO_CONFIRM), State.LAPSED, SYSTEM, "booking_lapsed"),
    # The mail to answer went to an address that was mistyped.
    Transition("correct_address", _from(State.TO_CONFIRM), None, PERSON, "address_corrected"),
    Transition("cancel", _from(State.TO_CONFIRM, State.CONFIRMED), State.CANCELLED, PERSON | OFFICER, "appointment_cancelled"),
    Transition("move", _from(State.TO_CONFIRM, State.CONFIRMED), None, PERSON | OFFICER, "appointment_moved"),
    # Somebody marked missed who comes late is received all the same.
    Transition("check_in", _from(State.CONFIRMED, State.MISSED), State.HONOURED, OFFICER, "person_arrived"),
    # The wrong line was pressed.
    Transition("undo_check_in", _from(State.HONOURED), State.CONFIRMED, OFFICER, "arrival_undone"),
    Transition("mark_missed", _from(State.CONFIRMED), State.MISSED, OFFICER | SYSTEM, "appointment_missed"),
    Transition("offer", _from(State.RETURNING), State.OFFERED, SYSTEM, "place_offered"),
    Transition("accept", _from(State.OFFERED), State.CONFIRMED, PERSON, "offer_accepted"),
    Transition("decline", _from(State.OFFERED), State.RETURNING, PERSON | SYSTEM, "offer_declined"),
    Transition("give_back", _from(State.RETURNING), State.RETURNED, SYSTEM, "place_given_back"),
)

BY_VERB: dict[str, Transition] = {transition.verb: transition for transition in TRANSITIONS}


# What becomes of an appointment that something called for is told there too: by verb, the event of what called for it.
TOLD_TO_SOURCE: dict[str, str] = {
    "finish": "appointment_taken",
    "confirm": "appointment_taken",
    "move": "appointment_changed",
    "cancel": "appointment_given_up",
    "check_in": "appointment_attended",
    "undo_check_in": "appointment_not_attended",
    "mark_missed": "appointment_missed_by_person",
}


def allowed(state: str, role: str) -> tuple[Transition, ...]:
    """The moves that this role may make from this state, in the order of the table."""
    return tuple(move for move in TRANSITIONS if state in move.sources and role in move.by)


def may(state: str, verb: str, roles: Iterable[str]) -> bool:
    """Whether someone with any of these roles may make this move from this state."""
    move = BY_VERB[verb]
    return state in move.sources and any(role in move.by for role in roles)
