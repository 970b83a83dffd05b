"""Taking a place, in one statement. Nothing slow happens inside: no mail, no PDF, no bot check, no network.

No row written: the slot was full, not released, withdrawn or none of the type's, and no lock was taken. A violation: the race
for the last place was lost, the form was sent twice, or the person already has a request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from guichet.appointments import invited, keys, lifecycle, moves, rules
from guichet.appointments.errors import (
    AlreadyBooked,
    FormReused,
    Full,
    IdentityNeeded,
    InvitationUsed,
    NotInvited,
    NotOpen,
    NotReleased,
    TooEarly,
    TooLate,
)
from guichet.appointments.finding import nearest_free
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Invitation, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock, events
from guichet.core.events import Actor, Subject

# The same words for PostgreSQL and SQLite. Its conditions are read again by the trigger that counts the place.
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

_ACTIVE = ", ".join(f"'{state}'" for state in ACTIVE)


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


Take = Callable[[Wish, datetime], Booking | None]


def hold(wish: Wish, take: Take | None = None) -> Booking:
    """Holds the place for ten minutes. The same request twice is one booking. Raises what ``refusal`` says.

    ``take``: how it is taken, when it is more than one place; None when nothing could be.
    """
    if not wish.type.active:
        raise NotOpen
    for last_try in (False, True):
        now = clock.now()
        # Most of those who ask find nothing: a read says so before anything is opened. The statement alone decides.
        seen = look(wish, now)
        booking = (take or _take)(wish, now) if seen is Open.YES else None
        if booking is not None:
            return booking
        mine = _in_the_way(wish)
        if mine is None:
            raise refusal(wish, look(wish, now) if seen is Open.YES else seen)
        if mine.request_key == wish.request_key:
            if mine.session_key != wish.session_key:
                raise FormReused  # whoever guessed the key from elsewhere learns nothing
            return mine
        if last_try or not _is_over(mine, now):
            raise AlreadyBooked(mine, is_yours=bool(wish.session_key) and mine.session_key == wish.session_key)
        end_hold(mine)
    raise AssertionError("The second try returns or raises.")


def _take(wish: Wish, now: datetime) -> Booking | None:
    """The place and its event, together or not at all; None when there was none, or a rule of the database said no."""
    try:
        with transaction.atomic():
            claimed = insert(wish, State.HELD, now, held_until=now + rules.HOLD, first_start=_first_start(wish, now))
            if claimed is None:
                return None
            event = lifecycle.BY_VERB["claim"].event
            events.record(event, Subject("booking", str(claimed)), moves.PERSON, slot=wish.slot_id)
            return _as_written(wish, claimed, now)
    except IntegrityError:
        return None


class Open(StrEnum):
    """Whether a slot may be taken; if not, why."""

    YES = "yes"
    GONE = "gone"  # withdrawn, removed, or of another pool
    NOT_OURS = "not_ours"  # none of the type's, or its agenda is closed
    NOT_RELEASED = "not_released"
    TOO_LATE = "too_late"
    FULL = "full"


LOOK = """
SELECT CASE WHEN s.withdrawn_at IS NOT NULL OR s.pool <> %s THEN 'gone'
            WHEN NOT a.active OR t.id IS NULL THEN 'not_ours'
            WHEN s.released_at > %s THEN 'not_released'
            WHEN s.starts_at < %s THEN 'too_late'
            WHEN s.taken >= s.capacity THEN 'full'
            ELSE 'yes' END
FROM appointments_slot s
JOIN appointments_agenda a ON a.id = s.agenda_id
LEFT JOIN appointments_appointmenttype_agendas t ON t.agenda_id = s.agenda_id AND t.appointmenttype_id = %s
WHERE s.id = %s
"""


def look(wish: Wish, now: datetime) -> Open:
    """Whether the place could be taken a moment ago. One short read, no lock."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [wish.pool, adapt(now), adapt(_first_start(wish, now)), wish.type.pk, wish.slot_id])
        row = cursor.fetchone()
    return Open(row[0]) if row else Open.GONE


def insert(wish: Wish, state: State, now: datetime, *, held_until: datetime | None, first_start: datetime) -> int | None:
    """The statement itself: the id of the booking; None when no place could be taken. ``IntegrityError`` on any violation."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            [
                wish.type.pk,
                state.value,
                wish.person_key,
                _uuid(wish.request_key),
                wish.session_key,
                wish.proof_key,
                adapt(now),
                adapt(held_until),
                wish.language,
                wish.invitation_id,
                wish.slot_id,
                adapt(now),
                adapt(first_start),
                wish.pool,
                wish.type.pk,
            ],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def _first_start(wish: Wish, now: datetime) -> datetime:
    return rules.first_start(now, lead_minutes=wish.type.lead_minutes, confirmation_minutes=wish.type.confirmation_minutes)


def _as_written(wish: Wish, claimed: int, now: datetime) -> Booking:
    """The row without reading it again: everything in it is known."""
    booking = Booking(
        pk=claimed,
        slot_id=wish.slot_id,
        type=wish.type,
        state=State.HELD,
        person_key=wish.person_key,
        request_key=wish.request_key,
        session_key=wish.session_key,
        proof_key=wish.proof_key,
        claimed_at=now,
        held_until=now + rules.HOLD,
        language=wish.language,
        invitation_id=wish.invitation_id,
    )
    booking._state.adding = False
    booking._state.db = "default"
    return booking


# Read for each refusal, so it is written out: four short looks into four indexes. ``rank`` says which comes first.
IN_THE_WAY = f"""
SELECT 0 AS rank, id FROM appointments_booking WHERE request_key = %s
UNION ALL SELECT 1, id FROM appointments_booking WHERE person_key = %s AND type_id = %s AND state IN ({_ACTIVE})
UNION ALL SELECT 2, id FROM appointments_booking WHERE session_key = %s AND session_key <> '' AND state = 'held'
UNION ALL SELECT 3, id FROM appointments_booking WHERE proof_key = %s AND proof_key <> ''
"""  # noqa: S608 - constants of this room


def _in_the_way(wish: Wish) -> Booking | None:
    """In this order: what the same form made before, this person's active booking for this type, the live hold of this
    browser, what this proof was used for."""
    with connection.cursor() as cursor:
        sought = [_uuid(wish.request_key), wish.person_key, wish.type.pk, wish.session_key, wish.proof_key]
        cursor.execute(IN_THE_WAY, sought)
        found = sorted(cursor.fetchall())
    return Booking.objects.select_related("type", "slot__agenda").get(pk=found[0][1]) if found else None


def _uuid(key: UUID) -> Any:
    return key if connection.vendor == "postgresql" else key.hex


def _is_over(booking: Booking, now: datetime) -> bool:
    return booking.state == State.HELD and booking.held_until is not None and booking.held_until <= now


def end_hold(booking: Booking) -> None:
    """Ends a hold whose time is over before the worker comes to it: its owner asks for another place."""
    with transaction.atomic():
        now = clock.now()
        for row in moves.by_slot(moves.locked_together(booking)):
            if _is_over(row, now):
                with moves.transition(row, "lapse", by=events.SYSTEM, role=Role.SYSTEM):
                    pass


def refusal(wish: Wish, why: Open) -> Exception:
    """What to say of a place that was not taken; ``why``: what ``look`` saw."""
    if why == Open.NOT_OURS:
        return NotOpen()
    if why == Open.NOT_RELEASED:
        return NotReleased(Slot.objects.values_list("released_at", flat=True).get(pk=wish.slot_id))
    if why == Open.TOO_LATE:
        return TooLate()
    return Full(lambda: _nearest(wish))


def _nearest(wish: Wish) -> list[Slot]:
    around = Slot.objects.filter(pk=wish.slot_id).values_list("starts_at", flat=True).first()
    return nearest_free(wish.type, around, pool=wish.pool, party=wish.party)


def claim(
    type: AppointmentType,
    slot_id: int,
    *,
    session_key: str,
    proof_key: str,
    request_key: UUID,
    person_key: str | None = None,
    invitation: Invitation | None = None,
    permit_ends_on: date | None = None,
    pool: str = PUBLIC,
    language: str = "fr",
) -> Booking:
    """Holds a place for ten minutes, at once, for whoever passed the bot check.

    ``session_key`` and ``proof_key`` are raw: what is kept of them is a hash. ``request_key`` comes with the form: sent
    twice, it is one booking. ``person_key`` (``keys``) for types that ask who one is; else the session stands for the person
    until the details are given. ``permit_ends_on``: for types with a window before the end of the permit.

    Raises ``Full`` (with the nearest free slots), ``AlreadyBooked``, ``NotReleased``, ``TooLate``, ``TooEarly``,
    ``IdentityNeeded``, ``NotInvited``, ``InvitationUsed``, ``NotOpen``, ``FormReused``. A refusal writes nothing.
    """
    person_key, pool = known_as(type, person_key, invitation, permit_ends_on, pool)
    hashed = keys.of_session(session_key)
    return hold(
        Wish(
            type=type,
            slot_id=slot_id,
            request_key=request_key,
            person_key=person_key or hashed,
            session_key=hashed,
            proof_key=keys.of_proof(proof_key),
            pool=pool,
            language=language,
            invitation_id=invitation.pk if invitation else None,
        )
    )


def known_as(
    type: AppointmentType,
    person_key: str | None,
    invitation: Invitation | None,
    permit_ends_on: date | None,
    pool: str,
) -> tuple[str | None, str]:
    """By what key somebody is known before any detail is given (None where the type asks for nothing), and the pool they draw
    from. Raises ``IdentityNeeded``, ``NotInvited``, ``InvitationUsed``, ``TooEarly``."""
    if type.identity == AppointmentType.Identity.INVITATION and invitation is None:
        raise IdentityNeeded
    if invitation is not None:
        _check_invitation(invitation, type)
        person_key, permit_ends_on = invitation.person_key, permit_ends_on or invitation.permit_ends_on
        pool = invitation.pool
    if type.identity != AppointmentType.Identity.NONE and not person_key:
        raise IdentityNeeded
    _check_window(type, permit_ends_on)
    return person_key, pool


def _check_invitation(invitation: Invitation, type: AppointmentType) -> None:
    """An appointment to come is in the way by itself, as anybody's: the claim finds it."""
    state = invited.standing_of(invitation).state
    if invitation.type_id != type.pk or state in (invited.EXPIRED, invited.WITHDRAWN):
        raise NotInvited
    if state in (invited.HONOURED, invited.MISSED):
        raise InvitationUsed


def _check_window(type: AppointmentType, permit_ends_on: date | None) -> None:
    months = type.window_months_before_permit_end
    if months is None or permit_ends_on is None:
        return
    opens_on = rules.window_opens_on(permit_ends_on, months)
    if clock.today() < opens_on:
        raise TooEarly(opens_on)


def give_up(booking: Booking, *, session_key: str) -> None:
    """Lets go of a hold to choose again, for all who come together. Only the browser that holds it; letting go twice is
    letting go once."""
    if booking.state != State.HELD or booking.session_key != keys.of_session(session_key):
        return
    with transaction.atomic():
        rows = moves.locked_together(booking)
        for row in moves.by_slot(row for row in rows if row.state == State.HELD):
            with moves.transition(row, "give_up", by=moves.PERSON, role=Role.PERSON):
                pass


__all__ = ["Actor", "claim", "end_hold", "give_up", "hold", "insert", "known_as", "refusal"]
