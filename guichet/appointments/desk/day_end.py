"""What becomes of a day at its end: who was expected and did not come, who still waits."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from guichet.appointments import moves, releases, rules
from guichet.appointments.desk import visits
from guichet.appointments.errors import BookingRefused
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import Agenda, Booking, Visit
from guichet.appointments.visit_moves import Stage
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.offices.models import Office


def mark_missed(batch: int) -> int:
    """Marks as missed the appointments of the days that are over, each on the clock of its office's wall.

    Those whose slot the office withdrew were asked to choose another: nobody is missing from them.
    """
    over = Q()
    for zone in Agenda.objects.order_by("timezone").values_list("timezone", flat=True).distinct():
        over |= Q(slot__agenda__timezone=zone, slot__starts_at__lt=_began(ZoneInfo(zone)))
    if not over:
        return 0
    due = Booking.objects.filter(over, state=State.CONFIRMED, slot__withdrawn_at__isnull=True)
    done = 0
    for booking_id in list(due.order_by("slot__starts_at", "id").values_list("pk", flat=True)[:batch]):
        try:
            with transaction.atomic():
                row = moves.locked(booking_id)
                with moves.transition(row, "mark_missed", by=SYSTEM, role=Role.SYSTEM):
                    pass
        except BookingRefused:
            continue  # received or moved meanwhile
        done += 1
    return done


def close_visits(batch: int) -> int:
    """Ends the visits of days that are over: who was called was received, who still waited went away."""
    over = Q()
    for zone in Office.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct():
        over |= Q(office__time_zone=zone, day__lt=_began(ZoneInfo(zone)).astimezone(ZoneInfo(zone)).date())
    if not over:
        return 0
    done = 0
    for visit in list(Visit.objects.filter(over, stage__in=[Stage.WAITING, Stage.CALLED]).order_by("day", "id")[:batch]):
        visits.move(visit, "finish" if visit.stage == Stage.CALLED else "leave", SYSTEM)
        done += 1
    return done


def _began(zone: ZoneInfo) -> datetime:
    """The beginning of the first day that is not over on a wall: a day is, three hours after its midnight."""
    day = (clock.now() - rules.MISSED_AFTER).astimezone(zone).date()
    return releases.at_wall(day, time(0), zone)
