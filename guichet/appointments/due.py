"""What falls due: slots to make, holds and requests that nobody finished, freed places that come back."""

from datetime import datetime

import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet

from guichet.appointments import forgetting, moves
from guichet.appointments.agendas import making, untaken
from guichet.appointments.bookings import reminders, telling
from guichet.appointments.desk import day_end
from guichet.appointments.draws import confirming, running
from guichet.appointments.errors import BookingRefused
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import Agenda, Booking
from guichet.appointments.releases import NotARule
from guichet.appointments.students import access_codes
from guichet.appointments.waiting import entries
from guichet.core import clock, events
from guichet.core.worker import Duty

log = structlog.get_logger("guichet.appointments")

BATCH = 200


def make_slots() -> int:
    """Brings the slots of every agenda in line with its rules, as far ahead as it releases them."""
    made = 0
    for agenda in Agenda.objects.order_by("pk"):
        try:
            made += making.make(agenda)
        except (DatabaseError, NotARule) as error:
            # Somebody booked at that very moment what was about to go: the next round sees it. Or rules that nobody checked.
            log.warning("slots not made", agenda=agenda.pk, error=type(error).__name__)
    return made


def lapse_holds() -> int:
    """Ends the holds whose ten minutes are over."""
    over = Booking.objects.filter(state=State.HELD, held_until__lte=clock.now()).order_by("held_until", "id")
    return sum(_lapse(booking) for booking in over[:BATCH])


def lapse_requests() -> int:
    """Ends the requests that were not confirmed in time, and says so; not those whose slot the office withdrew: they wait
    for another one to be chosen."""
    over = Booking.objects.filter(state=State.TO_CONFIRM, confirm_until__lte=clock.now(), slot__withdrawn_at__isnull=True)
    over = over.order_by("confirm_until", "id")
    return sum(_lapse(booking) for booking in over[:BATCH])


def _lapse(booking: Booking) -> int:
    """Ends the request of all who come together. Reads the rows again under their locks: what was confirmed or moved
    meanwhile is left alone."""
    now = clock.now()
    with transaction.atomic():
        over = [row for row in moves.locked_together(booking) if _is_over(row, now)]
        asked = [row for row in over if row.state == State.TO_CONFIRM]
        for row in moves.by_slot(over):
            with moves.transition(row, "lapse", by=events.SYSTEM, role=Role.SYSTEM, at=now):
                pass
        if asked:
            telling.tell_lapsed(*asked)
    return len(over)


def _is_over(row: Booking, now: datetime) -> bool:
    if row.state == State.HELD:
        return row.held_until is not None and row.held_until <= now
    is_late = row.confirm_until is not None and row.confirm_until <= now
    return row.state == State.TO_CONFIRM and is_late and row.slot.withdrawn_at is None


def give_places_back() -> int:
    """Freed places whose moment has come go to the waiting list, or are everybody's again."""
    now = clock.now()
    due = Booking.objects.filter(state=State.RETURNING, returns_at__lte=now).order_by("returns_at", "id")
    done = 0
    for booking_id in _batch(due):
        try:
            with transaction.atomic():
                row = moves.locked(booking_id)
                if row.returns_at is not None and row.returns_at > now:
                    continue  # another worker put it off
                if row.state == State.RETURNING and entries.propose(row, now):
                    done += 1
                    continue
                with moves.transition(row, "give_back", by=events.SYSTEM, role=Role.SYSTEM, at=now):
                    pass
                making.shrink(row.slot)
        except (BookingRefused, IntegrityError):
            continue  # another worker was here, or whose turn it is books at this very moment: the next round sees
        done += 1
    return done


def _batch(due: "QuerySet[Booking]") -> list[int]:
    return list(due.values_list("pk", flat=True)[:BATCH])


def give_untaken() -> int:
    """Reserved places that nobody took are everybody's, so long before their hour."""
    return untaken.give_untaken()


def remind_to_book() -> int:
    """Writes to those who came too early, on the day from which they can take their appointment."""
    return access_codes.send_reminders(BATCH)


def end_of_day() -> int:
    """Marks who did not come on the days that are over, and ends what still waited."""
    return day_end.mark_missed(BATCH) + day_end.close_visits(BATCH)


def remind() -> int:
    """Reminds people of their appointment, three days before and the day before, by day."""
    return reminders.send_reminders(BATCH)


def end_offers() -> int:
    """Offers that nobody answered in time, or whose slot was withdrawn: to the next."""
    return entries.end_offers(BATCH)


def close_waiting() -> int:
    """Those who have an appointment by another way leave the waiting list."""
    return entries.close_booked(BATCH)


def lapse_registrations() -> int:
    """Forgets the registrations in a draw that nobody confirmed in time, and says so."""
    return confirming.lapse_registrations(BATCH)


def forget_what_is_over() -> int:
    """Forgets what people said of themselves to wait, to take part in a draw or to have a code, long after it was over."""
    return forgetting.forget(BATCH)


DUTIES = [
    Duty("appointments.make_slots", make_slots, every=900),
    Duty("appointments.lapse_holds", lapse_holds, every=15),
    Duty("appointments.lapse_requests", lapse_requests, every=30),
    Duty("appointments.give_places_back", give_places_back, every=15),
    Duty("appointments.give_untaken", give_untaken, every=60),
    Duty("appointments.end_of_day", end_of_day, every=600),
    Duty("appointments.end_offers", end_offers, every=15),
    Duty("appointments.close_waiting", close_waiting, every=60),
    Duty("appointments.close_draws", running.close_due, every=15),
    Duty("appointments.lapse_registrations", lapse_registrations, every=60),
    Duty("appointments.read_seeds", running.read_seeds, every=30),
    Duty("appointments.give_drawn_places", running.give_due, every=15),
    Duty("appointments.replay_draws", running.replay_due, every=15),
    Duty("appointments.remind_to_book", remind_to_book, every=600),
    Duty("appointments.remind", remind, every=300),
    Duty("appointments.forget", forget_what_is_over, every=3600),
]
