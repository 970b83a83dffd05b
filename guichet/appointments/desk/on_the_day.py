"""What officers do with bookings: at the counter, on the day. Called through ``actions``, which the caller has authorised."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from guichet.appointments import lifecycle, moves, rules
from guichet.appointments.bookings import telling
from guichet.appointments.bookings.booking import Details
from guichet.appointments.bookings.claiming import Wish, insert, look, refusal
from guichet.appointments.bookings.references import scanned
from guichet.appointments.desk import visits
from guichet.appointments.desk.errors import NoSuchReference, NotExpected, NotYetMissed, OtherDay, OtherOffice, TooLateToUndo
from guichet.appointments.errors import AlreadyBooked
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Slot, Visit
from guichet.core import clock, events
from guichet.core.events import Actor
from guichet.offices.models import Office


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


def free_homonym(type: AppointmentType, details: Details) -> int:
    """The first number (from 1) that tells somebody apart from the people of the same names and birth who have a request."""
    homonym = 1
    while Booking.objects.filter(person_key=details.key(homonym), type=type, state__in=ACTIVE).exists():
        homonym += 1
    return homonym


def by_reference(reference: str) -> Booking:
    """The booking of a reference as it was typed or scanned; ``NoSuchReference``."""
    whole = Booking.objects.select_related("slot__agenda__office", "type__office")
    found = whole.filter(reference=scanned(reference) or None).first()
    if found is None:
        raise NoSuchReference
    return found


def check_in(booking: Booking, office: Office, by: Actor) -> Visit:
    """Somebody who has an appointment has arrived, and waits from now on. Twice is once; who had left is back.

    Raises ``OtherOffice``, ``OtherDay``, ``NotExpected`` (cancelled, not confirmed, …).
    """
    if booking.slot.agenda.office_id != office.pk:
        raise OtherOffice(booking.slot.agenda.office)
    now = clock.now()
    with transaction.atomic():
        row = moves.locked(booking.pk)
        day = now.astimezone(row.slot.agenda.zone).date()
        if row.starts_at_local.date() != day:
            raise OtherDay(row.starts_at_local, is_past=row.starts_at_local.date() < day)
        if row.state != State.HONOURED:
            if not lifecycle.may(row.state, "check_in", [Role.OFFICER]):
                raise NotExpected(row.state)
            with moves.transition(row, "check_in", by=by, role=Role.OFFICER, at=now) as arrived:
                arrived.arrived_at = now
        return visits.open_visit(row, by, now)


def mark_missed(booking: Booking, by: Actor) -> Booking:
    """Nobody came. Not before the appointment began. Twice is once. Raises ``NotYetMissed``, ``NotExpected``."""
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.MISSED:
            return row
        if row.slot.starts_at > clock.now():
            raise NotYetMissed
        if not lifecycle.may(row.state, "mark_missed", [Role.OFFICER]):
            raise NotExpected(row.state)
        with moves.transition(row, "mark_missed", by=by, role=Role.OFFICER):
            pass
        return row


def correct_presence(booking: Booking, by: Actor) -> Booking:
    """Somebody came on an earlier day and nobody noted it: said afterwards, within a month. When they came is not known.

    Raises ``NotExpected``. Twice is once.
    """
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.HONOURED:
            return row
        now = clock.now()
        day, today = row.starts_at_local.date(), now.astimezone(row.slot.agenda.zone).date()
        if not day < today <= day + rules.CORRECTED_WITHIN or not lifecycle.may(row.state, "check_in", [Role.OFFICER]):
            raise NotExpected(row.state)
        with moves.transition(row, "check_in", by=by, role=Role.OFFICER, at=now, afterwards=True):
            pass
        return row


def undo_check_in(booking: Booking, by: Actor) -> Booking:
    """The wrong line was pressed: the person is expected again. Raises ``TooLateToUndo`` once they were called."""
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.CONFIRMED:
            return row
        today = clock.now().astimezone(row.slot.agenda.zone).date()
        if row.starts_at_local.date() != today or not visits.close_uncalled(row):
            raise TooLateToUndo
        with moves.transition(row, "undo_check_in", by=by, role=Role.OFFICER) as expected:
            expected.arrived_at = None
        return row
