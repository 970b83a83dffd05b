"""The week grid: the slots of a type, Monday to Sunday, and its version for pages that poll."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum

from guichet.appointments import releases, rules
from guichet.appointments.bookings.side_by_side import beginnings
from guichet.appointments.models import AppointmentType, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock


@dataclass(frozen=True)
class Cell:
    """A slot of the grid. ``state``: ``free``, ``full``, ``closed`` (not open to anybody: too late, or not released yet).
    ``left`` is for the panel of the selected slot, not for the grid."""

    slot_id: int
    state: str
    starts_at: datetime  # on the clock of the office's wall
    ends_at: datetime  # of the last of those who come together
    left: int
    released_at: datetime


@dataclass(frozen=True)
class Week:
    """Monday to Sunday. ``rows``: the hours of the wall at which some slot of the week begins; ``cell(day, hour)``."""

    monday: date
    days: tuple[date, ...]
    rows: tuple[time, ...]
    cells: dict[tuple[date, time], Cell]
    zone: ZoneInfo
    etag: str

    def cell(self, day: date, hour: time) -> Cell | None:
        """None: the office is closed at that hour of that day."""
        return self.cells.get((day, hour))

    def by_day(self) -> list[tuple[date, list[Cell]]]:
        """The days that have slots, each with its own in order: how a phone shows the week."""
        found = []
        for day in self.days:
            of_the_day = [self.cells[key] for key in sorted(self.cells) if key[0] == day]
            if of_the_day:
                found.append((day, of_the_day))
        return found

    @property
    def has_free(self) -> bool:
        return any(cell.state == "free" for cell in self.cells.values())


RANK = {"free": 0, "full": 1, "closed": 2}


def week(type: AppointmentType, monday: date, *, pool: str = PUBLIC, language: str = "fr", party: int = 1) -> Week:
    """The slots of a week, whatever their agendas; of two that begin together the free one is shown. One query.

    ``monday`` may be any day of the week. Hours are those of the office. ``party``: how many people come together; free are
    then the slots from which all of them are received side by side.
    """
    first_day = monday - timedelta(days=monday.weekday())
    now = clock.now()
    first = _first_start(type, now)
    zone = ZoneInfo(type.office.time_zone)
    cells: dict[tuple[date, time], Cell] = {}
    version = _Version(first_day, language, type, party)
    slots = list(_slots_of_week(type, first_day, zone, pool))
    ends = {found[0].pk: found[-1].ends_at for found in beginnings([one for one in slots if _is_open(one, now, first)], party)}
    for slot in slots:
        version.see(slot, now, first)
        cell = _cell(slot, now, first, zone, ends.get(slot.pk))
        place = (cell.starts_at.date(), cell.starts_at.time())
        if place not in cells or RANK[cell.state] < RANK[cells[place].state]:
            cells[place] = cell
    return Week(
        monday=first_day,
        days=tuple(first_day + timedelta(days=offset) for offset in range(7)),
        rows=tuple(sorted({hour for _day, hour in cells})),
        cells=cells,
        zone=zone,
        etag=version.etag,
    )


def week_etag(type: AppointmentType, monday: date, *, pool: str = PUBLIC, language: str = "fr", party: int = 1) -> str:
    """The version of a week grid, without reading it: what a page that polls compares. One query.

    The count and the sum of its slots' versions, and what changes with time alone: how many are released, how many too late.
    """
    first_day = monday - timedelta(days=monday.weekday())
    now = clock.now()
    first = _first_start(type, now)
    found = _slots_of_week(type, first_day, ZoneInfo(type.office.time_zone), pool).aggregate(
        count=Count("id"),
        versions=Sum("version"),
        newest=Max("id"),
        released=Count("id", filter=Q(released_at__lte=now)),
        in_time=Count("id", filter=Q(starts_at__gte=first)),
    )
    version = _Version(first_day, language, type, party)
    version.count, version.versions = found["count"], found["versions"] or 0
    version.newest, version.released, version.in_time = found["newest"] or 0, found["released"], found["in_time"]
    return version.etag


class _Version:
    """What an ETag is made of, counted slot by slot or by the database."""

    def __init__(self, monday: date, language: str, type: AppointmentType, party: int) -> None:
        self.of = f"{type.pk}:{monday}:{language}:{party}"
        self.count = self.versions = self.newest = self.released = self.in_time = 0

    def see(self, slot: Slot, now: datetime, first: datetime) -> None:
        self.count += 1
        self.versions += slot.version
        self.newest = max(self.newest, slot.pk)
        self.released += slot.released_at <= now
        self.in_time += slot.starts_at >= first

    @property
    def etag(self) -> str:
        counted = f"{self.of}:{self.count}:{self.versions}:{self.newest}:{self.released}:{self.in_time}"
        return f'"{hashlib.sha256(counted.encode()).hexdigest()[:20]}"'


def _first_start(type: AppointmentType, now: datetime) -> datetime:
    return rules.first_start(now, lead_minutes=type.lead_minutes, confirmation_minutes=type.confirmation_minutes)


def _slots_of_week(type: AppointmentType, monday: date, zone: ZoneInfo, pool: str) -> "QuerySet[Slot]":
    since = releases.at_wall(monday, time(0), zone)
    until = releases.at_wall(monday + timedelta(days=7), time(0), zone)
    return Slot.objects.filter(
        agenda__types=type, agenda__active=True, pool=pool, withdrawn_at__isnull=True, starts_at__gte=since, starts_at__lt=until
    ).order_by("starts_at", "id")


def _is_open(slot: Slot, now: datetime, first: datetime) -> bool:
    return slot.starts_at >= first and slot.released_at <= now


def _cell(slot: Slot, now: datetime, first: datetime, zone: ZoneInfo, ends_at: datetime | None) -> Cell:
    """``ends_at``: of those who begin here; None when there is no place for them."""
    state = ("free" if ends_at else "full") if _is_open(slot, now, first) else "closed"
    return Cell(
        slot_id=slot.pk,
        state=state,
        starts_at=slot.starts_at.astimezone(zone),
        ends_at=(ends_at or slot.ends_at).astimezone(zone),
        left=max(slot.left, 0),
        released_at=slot.released_at,
    )
