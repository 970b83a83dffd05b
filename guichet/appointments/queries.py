"""Reads of appointments. The caller has already checked that who asks may see them."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from guichet.appointments import keys, lifecycle, releases, rules
from guichet.appointments.access_codes import key_of_student
from guichet.appointments.finding import bookable, first_free, nearest_free, next_release
from guichet.appointments.institutions import Institution, institutions
from guichet.appointments.invited import (
    Invited,
    invitation_by_token,
    invitation_of,
    invitations_of_source,
    is_of_one_of,
    standing_of,
)
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Agenda, AppointmentType, Booking, Invitation, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.planning import fullest_week
from guichet.appointments.references import tidy
from guichet.appointments.set_up import (
    AgendaState,
    agenda_states,
    agenda_to_set_up,
    bookings_by_id,
    closure_of,
    closures_ahead,
    holidays_ahead,
    hours_of,
    receiving_offices,
    type_to_set_up,
    types_to_set_up,
)
from guichet.appointments.situations import Situation, situations
from guichet.appointments.stays import Window, window
from guichet.core import clock
from guichet.core.identifiers import comparable, hash_token
from guichet.offices.models import Office

__all__ = [
    "AgendaState",
    "Cell",
    "Institution",
    "Invited",
    "Situation",
    "Week",
    "Window",
    "agenda_of",
    "agenda_states",
    "agenda_to_set_up",
    "agendas_of",
    "booking_by_reference",
    "booking_by_token",
    "booking_of",
    "bookings_by_id",
    "bookings_of_day",
    "bookings_of_source",
    "closure_of",
    "closures_ahead",
    "first_free",
    "fullest_week",
    "hold_of",
    "holidays_ahead",
    "hours_of",
    "institutions",
    "invitation_by_token",
    "invitation_of",
    "invitations_of_source",
    "is_available",
    "is_of_one_of",
    "key_of_student",
    "nearest_free",
    "next_release",
    "receiving_offices",
    "same_name",
    "situations",
    "slot_of",
    "standing_of",
    "token_of",
    "type_of",
    "type_to_set_up",
    "types_of",
    "types_to_set_up",
    "week",
    "week_etag",
    "window",
]

WHOLE = ("slot__agenda__office", "type__office")


def type_of(office_slug: str, type_slug: str) -> AppointmentType | None:
    """An active type of an office, by the two words of its address. One query."""
    types = AppointmentType.objects.select_related("office").filter(active=True)
    return types.filter(office__slug=office_slug, slug=type_slug).first()


def types_of(office: Office | None = None) -> list[AppointmentType]:
    """The active types, of one office or of all, with their offices. One query."""
    types = AppointmentType.objects.select_related("office").filter(active=True)
    return list((types.filter(office=office) if office else types).order_by("office__name", "slug"))


def agendas_of(office: Office) -> list[Agenda]:
    """The agendas of an office with their hours, closures and types."""
    found = Agenda.objects.filter(office=office).select_related("office")
    return list(found.prefetch_related("hours", "closures", "types").order_by("slug"))


def agenda_of(office: Office, slug: str) -> Agenda | None:
    """One agenda of an office."""
    return Agenda.objects.filter(office=office, slug=slug).select_related("office").first()


def is_available(type: AppointmentType, *, pool: str = PUBLIC) -> bool:
    """Whether anything is free now. One query."""
    return bookable(type, pool=pool).exists()


# The week grid ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A slot of the grid. ``state``: ``free``, ``full``, ``closed`` (not open to anybody: too late, or not released yet).
    ``left`` is for the panel of the selected slot, not for the grid."""

    slot_id: int
    state: str
    starts_at: datetime  # on the clock of the office's wall
    ends_at: datetime
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


def week(type: AppointmentType, monday: date, *, pool: str = PUBLIC, language: str = "fr") -> Week:
    """The slots of a week, whatever their agendas; of two that begin together the free one is shown. One query.

    ``monday`` may be any day of the week. Hours are those of the office.
    """
    first_day = monday - timedelta(days=monday.weekday())
    now = clock.now()
    first = _first_start(type, now)
    zone = ZoneInfo(type.office.time_zone)
    cells: dict[tuple[date, time], Cell] = {}
    version = _Version(first_day, language, type)
    for slot in _slots_of_week(type, first_day, zone, pool):
        version.see(slot, now, first)
        cell = _cell(slot, now, first, zone)
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


def week_etag(type: AppointmentType, monday: date, *, pool: str = PUBLIC, language: str = "fr") -> str:
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
    version = _Version(first_day, language, type)
    version.count, version.versions = found["count"], found["versions"] or 0
    version.newest, version.released, version.in_time = found["newest"] or 0, found["released"], found["in_time"]
    return version.etag


class _Version:
    """What an ETag is made of, counted slot by slot or by the database."""

    def __init__(self, monday: date, language: str, type: AppointmentType) -> None:
        self.of = f"{type.pk}:{monday}:{language}"
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


def _cell(slot: Slot, now: datetime, first: datetime, zone: ZoneInfo) -> Cell:
    is_open = slot.starts_at >= first and slot.released_at <= now
    state = ("free" if slot.left > 0 else "full") if is_open else "closed"
    return Cell(
        slot_id=slot.pk,
        state=state,
        starts_at=slot.starts_at.astimezone(zone),
        ends_at=slot.ends_at.astimezone(zone),
        left=max(slot.left, 0),
        released_at=slot.released_at,
    )


def slot_of(type: AppointmentType, slot_id: int) -> Slot | None:
    """A slot of a type, with its agenda; None when it is none of its, or was withdrawn."""
    slots = Slot.objects.select_related("agenda").filter(agenda__types=type, withdrawn_at__isnull=True)
    return slots.filter(pk=slot_id).first()


# Bookings -----------------------------------------------------------------------------------------------------------------


def booking_of(booking_id: int) -> Booking | None:
    """A booking with its slot, agenda, type and office."""
    return Booking.objects.select_related(*WHOLE).filter(pk=booking_id).first()


def hold_of(session_key: str) -> Booking | None:
    """The place that a browser holds, its ten minutes not over. ``session_key`` is raw."""
    hashed = keys.of_session(session_key)
    held = Booking.objects.select_related(*WHOLE).filter(state=State.HELD, session_key=hashed, held_until__gt=clock.now())
    return held.first() if hashed else None


def booking_by_token(raw: str) -> Booking | None:
    """The booking of a mailed link, whatever its state."""
    return Booking.objects.select_related(*WHOLE).filter(token_hash=hash_token(raw)).first() if raw else None


def booking_by_reference(reference: str, email: str) -> Booking | None:
    """The booking of a reference and the e-mail given with it, both as people type them."""
    found = Booking.objects.select_related(*WHOLE).filter(reference=tidy(reference) or None).first()
    same = found is not None and found.email.strip().lower() == email.strip().lower()
    return found if same else None


def token_of(booking: Booking) -> str:
    """The raw token of a booking's link: what the verbs of its person ask for. Never shown to who came by the reference."""
    return keys.token_of(booking.pk, booking.request_key)


def bookings_of_day(office: Office, day: date) -> list[Booking]:
    """Everybody whom an office expects or received on one of its days, by hour. One query."""
    zone = ZoneInfo(office.time_zone)
    since, until = releases.at_wall(day, time(0), zone), releases.at_wall(day + timedelta(days=1), time(0), zone)
    shown = sorted((lifecycle.COUNTED | {State.CANCELLED}) - {State.HELD, State.RETURNING, State.OFFERED})
    found = Booking.objects.select_related(*WHOLE).filter(
        slot__agenda__office=office, slot__starts_at__gte=since, slot__starts_at__lt=until, state__in=shown
    )
    return list(found.order_by("slot__starts_at", "last_name", "id"))


def bookings_of_source(kind: str, id: str) -> list[Booking]:
    """The bookings made by the invitations of a source, the newest first. One query."""
    invitations = Invitation.objects.filter(source_kind=kind, source_id=id)
    found = Booking.objects.select_related(*WHOLE).filter(invitation__in=invitations)
    return list(found.order_by(F("asked_at").desc(nulls_last=True), "-id"))


def same_name(booking: Booking, last_name: str) -> bool:
    """Whether a name as typed is that of a booking: case, accents and spaces are forgiven."""
    given = comparable(last_name)
    return bool(given) and given in {comparable(booking.last_name), comparable(booking.birth_name)}
