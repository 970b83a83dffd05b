"""What the database is told when a place is taken, and nothing of what follows from its answer.

Most of those who ask when places are rare find nothing: they are told so by one short read, which locks nothing. Whoever may
take a place takes it by one statement, which alone decides. PostgreSQL and SQLite are told the same; PostgreSQL records the
event in the same message, SQLite, to which nothing travels, in a second one.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from guichet.appointments import lifecycle, moves, rules
from guichet.appointments.lifecycle import State
from guichet.appointments.models import ACTIVE, AppointmentType
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import events, statements


@dataclass(frozen=True)
class Wish:
    """What somebody asks for, and by what they will be known."""

    type: AppointmentType
    slot_id: int
    request_key: UUID
    person_key: str
    session_key: str = ""  # hashed
    proof_key: str = ""  # hashed
    pool: str = PUBLIC
    language: str = "fr"
    invitation_id: int | None = None
    party: int = 1  # how many people ask together


class Open(StrEnum):
    """Whether a slot may be taken; if not, why."""

    YES = "yes"
    GONE = "gone"  # withdrawn, removed, or of another pool
    NOT_OURS = "not_ours"  # none of the type's, or its agenda is closed
    NOT_RELEASED = "not_released"
    TOO_LATE = "too_late"
    FULL = "full"


# Taking -------------------------------------------------------------------------------------------------------------------

# Its conditions are read again by the trigger that counts the place.
CLAIM = """
INSERT INTO appointments_booking
    (slot_id, type_id, state, person_key, request_key, session_key, proof_key, claimed_at, held_until, confirm_until,
     language, invitation_id, first_names, last_name, birth_name, birth_date_text, email, phone, needs, reference, token_hash,
     asked_at, convocation, moves)
SELECT s.id, %s, %s, %s, %s, %s, %s, %s, %s, NULL, %s, %s, '', '', '', '', '', '', '{}', NULL, NULL, NULL, '', 0
FROM appointments_slot s
WHERE s.id = %s
  AND s.taken < s.capacity
  AND s.withdrawn_at IS NULL
  AND s.released_at <= %s
  AND s.starts_at >= %s
  AND s.pool = %s
  AND EXISTS (SELECT 1 FROM appointments_appointmenttype_agendas t JOIN appointments_agenda a ON a.id = t.agenda_id
              WHERE t.appointmenttype_id = %s AND t.agenda_id = s.agenda_id AND a.active)
RETURNING id
"""


def insert(wish: Wish, state: State, now: datetime, *, held_until: datetime | None, first_start: datetime) -> int | None:
    """The statement itself: the id of the booking; None when no place could be taken. ``IntegrityError`` on any violation."""
    row = statements.row(CLAIM, _values_of_claim(wish, state, now, held_until, first_start))
    return int(row[0]) if row else None


def _values_of_claim(
    wish: Wish, state: State, now: datetime, held_until: datetime | None, first_start: datetime
) -> tuple[Any, ...]:
    return (
        *(wish.type.pk, state.value, wish.person_key, _uuid(wish.request_key), wish.session_key, wish.proof_key),
        *(_time(now), _time(held_until), wish.language, wish.invitation_id),
        *(wish.slot_id, _time(now), _time(first_start), wish.pool, wish.type.pk),
    )


# Looking ------------------------------------------------------------------------------------------------------------------

LOOK = """
SELECT CASE WHEN s.withdrawn_at IS NOT NULL OR s.pool <> %s THEN 'gone'
            WHEN NOT a.active OR t.id IS NULL THEN 'not_ours'
            WHEN s.released_at > %s THEN 'not_released'
            WHEN s.starts_at < %s THEN 'too_late'
            WHEN s.taken >= s.capacity THEN 'full'
            ELSE 'yes' END AS seen
FROM appointments_slot s
JOIN appointments_agenda a ON a.id = s.agenda_id
LEFT JOIN appointments_appointmenttype_agendas t ON t.agenda_id = s.agenda_id AND t.appointmenttype_id = %s
WHERE s.id = %s
"""


def look(wish: Wish, now: datetime) -> Open:
    """Whether the place could be taken a moment ago. One short read, no lock."""
    row = statements.row(LOOK, _values_of_look(wish, now))
    return Open(row[0]) if row else Open.GONE


def _values_of_look(wish: Wish, now: datetime) -> tuple[Any, ...]:
    return (wish.pool, _time(now), _time(first_start(wish, now)), wish.type.pk, wish.slot_id)


def first_start(wish: Wish, now: datetime) -> datetime:
    """The earliest beginning that may still be taken."""
    return rules.first_start(now, lead_minutes=wish.type.lead_minutes, confirmation_minutes=wish.type.confirmation_minutes)


# Taking and recording, in one message (PostgreSQL) ------------------------------------------------------------------------

HOLD = lifecycle.BY_VERB["claim"]

HOLD_AND_RECORD = f"""
WITH claimed AS ({CLAIM}),
     recorded AS ({events.recording("claimed")})
SELECT id FROM claimed
"""  # noqa: S608 - constants of this house


def hold_and_record(wish: Wish, now: datetime) -> int | None:
    """The id of the booking, held and recorded; None when no place could be taken, with nothing written. PostgreSQL only: a
    statement that is a transaction by itself. ``IntegrityError`` on any violation."""
    claim = _values_of_claim(wish, State.HELD, now, now + rules.HOLD, first_start(wish, now))
    event = events.recorded(HOLD.event, "booking", moves.PERSON, at=now, slot=wish.slot_id)
    row = statements.row(HOLD_AND_RECORD, (*claim, *event))
    return int(row[0]) if row else None


# Looking around -----------------------------------------------------------------------------------------------------------

_RANK = itemgetter(0)

# States and empty keys are said as the conditions of the indexes say them: in other words SQLite would read every booking.
LIVE_HOLD = "appointments_booking.state = 'held' AND NOT (appointments_booking.session_key = '')"

# Read for whoever asks, so it is written out: the slot, and four short looks into four indexes. ``rank`` says which booking
# comes first.
_ACTIVE = ", ".join(f"'{state}'" for state in ACTIVE)
LOOK_AROUND = f"""
SELECT -1 AS rank, NULL AS id, seen FROM ({LOOK}) AS slot
UNION ALL SELECT 0, id, '' FROM appointments_booking WHERE request_key = %s
UNION ALL SELECT 1, id, '' FROM appointments_booking WHERE person_key = %s AND type_id = %s AND state IN ({_ACTIVE})
UNION ALL SELECT 2, id, '' FROM appointments_booking WHERE session_key = %s AND {LIVE_HOLD}
UNION ALL SELECT 3, id, '' FROM appointments_booking WHERE proof_key = %s AND NOT (proof_key = '')
"""  # noqa: S608 - constants of this room


def look_around(wish: Wish, now: datetime) -> tuple[Open, int | None]:
    """Whether the place could be taken a moment ago, and the booking that keeps this wish from any place. In this order: what
    the same form made before, this person's active booking for this type, the live hold of this browser, what this proof was
    used for. One short read, no lock."""
    mine = [_uuid(wish.request_key), wish.person_key, wish.type.pk, wish.session_key, wish.proof_key]
    found = sorted(statements.rows(LOOK_AROUND, (*_values_of_look(wish, now), *mine)), key=_RANK)
    if not found or found[0][0] != -1:
        found.insert(0, (-1, None, Open.GONE.value))
    return Open(found[0][2]), found[1][1] if len(found) > 1 else None


def _time(moment: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _uuid(key: UUID) -> Any:
    return key if connection.vendor == "postgresql" else key.hex
