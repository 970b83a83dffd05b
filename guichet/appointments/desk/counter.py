"""What an officer may book for somebody at the counter: any pool, no lead time, up to the very beginning."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from guichet.appointments import releases
from guichet.appointments.bookings.finding import free_of
from guichet.appointments.bookings.side_by_side import beginnings, seats
from guichet.appointments.models import AppointmentType, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock


@dataclass(frozen=True)
class CounterSlot:
    """A free slot, on the clock of the office's wall. ``pool`` is empty for the places of everybody."""

    slot_id: int
    starts_at: datetime
    ends_at: datetime
    left: int
    pool: str


def _free(type: AppointmentType) -> "QuerySet[Slot]":
    now = clock.now()
    return free_of(type, now).filter(starts_at__gt=now).order_by("starts_at", "pool", "id")


def _as_read(slot: Slot, type: AppointmentType) -> CounterSlot:
    zone = ZoneInfo(type.office.time_zone)
    pool = "" if slot.pool == PUBLIC else slot.pool
    return CounterSlot(slot.pk, slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone), slot.left, pool)


def counter_week(type: AppointmentType, monday: date, party: int = 1) -> list[tuple[date, list[CounterSlot]]]:
    """The free slots of a week, day by day. ``party``: those from which so many people are received side by side. One query."""
    zone = ZoneInfo(type.office.time_zone)
    since, until = (releases.at_wall(monday + timedelta(days=days), time(0), zone) for days in (0, 7))
    by_day: dict[date, list[CounterSlot]] = {}
    free = _free(type).filter(starts_at__gte=since, starts_at__lt=until)
    for slot in free if party == 1 else [places[0] for places in beginnings(list(free), party)]:
        found = _as_read(slot, type)
        by_day.setdefault(found.starts_at.date(), []).append(found)
    return sorted(by_day.items())


def counter_first(type: AppointmentType, party: int = 1) -> CounterSlot | None:
    """The first slot that is free for an officer, from which so many people are received side by side. One query."""
    free = _free(type)
    found = free.first() if party == 1 else next((places[0] for places in beginnings(list(free), party)), None)
    return _as_read(found, type) if found else None


def free_from(type: AppointmentType, slot_id: int) -> "QuerySet[Slot]":
    """The free slots of the same agenda and pool from one on, in order of hour; none when that one is no longer free."""
    first = _free(type).filter(pk=slot_id).first()
    if first is None:
        return Slot.objects.none()
    return _free(type).filter(agenda=first.agenda_id, pool=first.pool, starts_at__gte=first.starts_at)


def counter_slot(type: AppointmentType, slot_id: int) -> CounterSlot | None:
    """A slot of a type, free; None when it is none, or no longer."""
    found = _free(type).filter(pk=slot_id).first()
    return _as_read(found, type) if found else None


def counter_seats(type: AppointmentType, slot_id: int, party: int) -> list[CounterSlot]:
    """Where each of so many people would be received from a slot on; empty when they no longer fit. Two queries."""
    return [_as_read(slot, type) for slot in seats(list(free_from(type, slot_id)[:party]), party)]
