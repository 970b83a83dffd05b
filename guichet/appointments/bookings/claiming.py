"""Taking a place: one short look, then one statement. Nothing slow happens inside: no mail, no PDF, no bot check, no network.

The look says why not, to most of those who ask when places are rare; it decides nothing. No row written by the statement, or a
violation: the race for the last place was lost, the form was sent twice, or the person already has a request.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from guichet.appointments import invited, keys, moves, rules
from guichet.appointments.bookings.claim_statements import (
    HOLD,
    Open,
    Wish,
    first_start,
    hold_and_record,
    insert,
    look,
    look_around,
)
from guichet.appointments.bookings.finding import nearest_free
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
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import AppointmentType, Booking, Invitation, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock, events
from guichet.core.events import Subject

Take = Callable[[Wish, datetime], Booking | None]


def hold(wish: Wish, take: Take | None = None) -> Booking:
    """Holds the place for ten minutes. The same request twice is one booking. Raises what ``refusal`` says.

    ``take``: how it is taken, when it is more than one place; None when nothing could be.
    """
    if not wish.type.active:
        raise NotOpen
    for last_try in (False, True):
        now = clock.now()
        seen, in_the_way = look_around(wish, now)
        if seen is Open.YES and in_the_way is None:
            booking = (take or _take)(wish, now)
            if booking is not None:
                return booking
            seen, in_the_way = look_around(wish, now)  # somebody was quicker, or a rule of the database said no
        if in_the_way is None:
            raise refusal(wish, seen)
        mine = Booking.objects.select_related("type", "slot__agenda").get(pk=in_the_way)
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
    # PostgreSQL: a statement that is a transaction by itself; within another one it has a savepoint.
    in_one = connection.vendor == "postgresql"
    try:
        with nullcontext() if in_one and not connection.in_atomic_block else transaction.atomic():
            claimed = hold_and_record(wish, now) if in_one else _hold_then_record(wish, now)
    except IntegrityError:
        return None
    return _as_written(wish, claimed, now) if claimed is not None else None


def _hold_then_record(wish: Wish, now: datetime) -> int | None:
    claimed = insert(wish, State.HELD, now, held_until=now + rules.HOLD, first_start=first_start(wish, now))
    if claimed is not None:
        events.record(HOLD.event, Subject("booking", str(claimed)), moves.PERSON, slot=wish.slot_id)
    return claimed


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


__all__ = ["Wish", "claim", "end_hold", "give_up", "hold", "insert", "known_as", "look", "refusal"]
