"""Reminding people of their appointment: what falls due. The rule is in ``reminding``; here is who it concerns."""

from collections.abc import Iterator
from datetime import time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from guichet.appointments import moves, releases
from guichet.appointments.bookings import reminding, telling
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Agenda, Booking
from guichet.core import clock


def send_reminders(most: int) -> int:
    """Sends what is due now, at most so many; how many."""
    done = 0
    for due, zone in _all_due():
        for booking in _concerned(due, zone)[: most - done]:
            done += _remind(booking, due, zone)
        if done >= most:
            break
    return done


def _all_due() -> Iterator[tuple[reminding.Due, ZoneInfo]]:
    """By the walls of the offices: it may be night in one and day in another."""
    names = Agenda.objects.order_by("timezone").values_list("timezone", flat=True).distinct()
    for zone in (ZoneInfo(name) for name in names):
        for due in reminding.due(clock.now().astimezone(zone)):
            yield due, zone


def _concerned(due: reminding.Due, zone: ZoneInfo) -> "QuerySet[Booking]":
    """Whoever has a slot that stands; those whose slot was withdrawn were asked to choose another one."""
    since, until = (releases.at_wall(day, time(0), zone) for day in (due.day, due.day + reminding.ONE_DAY))
    return Booking.objects.filter(
        state=State.CONFIRMED,
        reminders__lt=due.reminder.rank,
        slot__agenda__timezone=zone.key,
        slot__starts_at__gte=since,
        slot__starts_at__lt=until,
        slot__withdrawn_at__isnull=True,
        claimed_at__lt=releases.at_wall(due.taken_before, time(0), zone),
    ).order_by("slot__starts_at", "id")


def _remind(booking: Booking, due: reminding.Due, zone: ZoneInfo) -> int:
    """Reads the rows again under their locks: cancelled, moved or reminded meanwhile, they are left alone. Those who come
    together read one mail."""
    with transaction.atomic():
        rows = moves.locked_together(booking)
        still = set(_concerned(due, zone).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
        reminded = [row for row in rows if row.pk in still]
        if not reminded:
            return 0
        telling.tell_reminder(*reminded, days=due.reminder.days)
        for row in reminded:
            row.reminders = due.reminder.rank
            row.save(update_fields=["reminders"])
    return 1
