"""What officers do with bookings: at the counter, on the day. Called through ``actions``, which the caller has authorised."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from guichet.appointments import lifecycle, moves, telling
from guichet.appointments.booking import Details
from guichet.appointments.claiming import Wish, insert, look, refusal
from guichet.appointments.errors import AlreadyBooked, BookingRefused, UnknownBooking
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Slot
from guichet.appointments.references import tidy
from guichet.core import clock, events
from guichet.core.events import Actor


def book_at_counter(
    by: Actor,
    type: AppointmentType,
    slot_id: int,
    details: Details,
    *,
    request_key: UUID,
    person_key: str | None = None,
    homonym: int = 0,
) -> Booking:
    """Books for somebody at the counter: firm at once, in any pool, without lead time, never beyond the capacity.

    ``person_key``: of the number the person showed; else names and birth date, with ``homonym`` (1, 2, …) for somebody whom
    the officer saw to be another person of the same name and birth. Raises ``Full``, ``NotReleased``, ``AlreadyBooked``.
    """
    now = clock.now()
    pool = Slot.objects.filter(pk=slot_id).values_list("pool", flat=True).first() or ""
    wish = Wish(
        type=type,
        slot_id=slot_id,
        request_key=request_key,
        person_key=person_key or details.key(homonym),
        pool=pool,
        language=details.language,
    )
    try:
        with transaction.atomic():
            booked = _insert_firm(wish, details, now)
            if booked is not None:
                event = lifecycle.BY_VERB["book_at_counter"].event
                events.record(event, moves.subject_of(booked), by, slot=slot_id, to=str(booked.state))
                telling.tell_confirmed(booked)
                return booked
    except IntegrityError:
        pass
    earlier = Booking.objects.select_related("slot__agenda", "type__office").filter(request_key=request_key).first()
    if earlier is not None:
        return earlier
    mine = Booking.objects.filter(person_key=wish.person_key, type=type, state__in=ACTIVE).first()
    raise AlreadyBooked(mine, is_yours=True) if mine else refusal(wish, look(wish, now))


def _insert_firm(wish: Wish, details: Details, now: datetime) -> Booking | None:
    """The same guarded statement as everybody's, then the details, in one transaction."""
    claimed = insert(wish, State.HELD, now, held_until=now, first_start=now)
    if claimed is None:
        return None
    booking = moves.locked(claimed)
    details.write(booking, now)
    booking.state = State.CONFIRMED
    booking.held_until = None
    booking.save()
    return booking


def by_reference(reference: str) -> Booking:
    """The booking of a reference as it was typed or scanned; ``UnknownBooking``."""
    found = (
        Booking.objects.select_related("slot__agenda__office", "type__office").filter(reference=tidy(reference) or None).first()
    )
    if found is None:
        raise UnknownBooking
    return found


def check_in(reference: str, by: Actor) -> Booking:
    """Somebody has arrived. Twice is once. Raises ``UnknownBooking``, ``BookingRefused`` (another day, cancelled, …)."""
    booking = by_reference(reference)
    if booking.state == State.HONOURED:
        return booking
    now = clock.now()
    if now.astimezone(booking.slot.agenda.zone).date() != booking.starts_at_local.date():
        raise BookingRefused("check_in", booking.state)
    with moves.transition(booking, "check_in", by=by, role=Role.OFFICER, at=now) as row:
        row.arrived_at = now
    return booking


def mark_missed(booking: Booking, by: Actor) -> Booking:
    """Nobody came. Not before the appointment began. Twice is once. Raises ``BookingRefused``."""
    if booking.state == State.MISSED:
        return booking
    if booking.slot.starts_at > clock.now():
        raise BookingRefused("mark_missed", booking.state)
    with moves.transition(booking, "mark_missed", by=by, role=Role.OFFICER):
        pass
    return booking


def call(booking: Booking, desk: str, by: Actor) -> Booking:
    """Shows somebody who has arrived on the calling screen: to which desk. Calling again moves the call."""
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state != State.HONOURED:
            raise BookingRefused("call", row.state)
        row.called_at, row.called_to = clock.now(), desk[:30]
        row.save(update_fields=["called_at", "called_to"])
        events.record("person_called", moves.subject_of(row), by, desk=row.called_to)
    return row
