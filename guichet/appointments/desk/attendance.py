"""Reads of an office's day: who is expected, who came, who waits, what is called, what is free.

As many queries for four hundred people as for one.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from guichet.appointments import releases
from guichet.appointments.bookings.references import scanned
from guichet.appointments.desk import visits
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Agenda, AppointmentType, Booking, Slot, Visit
from guichet.appointments.visit_moves import Stage
from guichet.core import clock
from guichet.offices.models import Office

PAGE_SIZE = 50
# What a day's list shows: holds and requests that ended are nobody's business at the counter.
LISTED = (State.TO_CONFIRM, State.CONFIRMED, State.HONOURED, State.MISSED, State.CANCELLED)
CALLS_SHOWN = 8
SEVERAL = ("slot__agenda", "type__office", "visit")


@dataclass(frozen=True)
class DayFilters:
    """What of a day is asked for. Empty: everything."""

    agenda: str = ""  # slug
    state: str = ""
    text: str = ""  # a reference, or a part of a name

    @property
    def is_empty(self) -> bool:
        return not (self.agenda or self.state or self.text)


@dataclass(frozen=True)
class Free:
    """An agenda, and what is free in it on the day: ``places`` from now on, ``first`` on the wall of the office."""

    agenda: Agenda
    places: int
    first: datetime | None


@dataclass(frozen=True)
class DaySheet:
    """A page of a day's list. ``counts``: by state, of the whole day in the agenda that is asked for."""

    day: date
    rows: Sequence[Booking]
    counts: Mapping[str, int]
    free: Sequence[Free]
    page: int
    has_more: bool
    agendas: Sequence[Agenda] = field(default_factory=list)


def bounds(office: Office, first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """The instants between which the days of an office lie, ``last`` included."""
    zone = ZoneInfo(office.time_zone)
    following = (last or first) + timedelta(days=1)
    return releases.at_wall(first, time(0), zone), releases.at_wall(following, time(0), zone)


def _of_day(office: Office, day: date) -> "QuerySet[Booking]":
    since, until = bounds(office, day)
    return Booking.objects.filter(
        slot__agenda__office=office, slot__starts_at__gte=since, slot__starts_at__lt=until, state__in=LISTED
    )


def day_sheet(office: Office, day: date, filters: DayFilters = DayFilters(), page: int = 1) -> DaySheet:
    """A day of an office, by hour. Four queries."""
    agendas = list(Agenda.objects.filter(office=office).order_by("slug"))
    whole = _of_day(office, day)
    if filters.agenda:
        whole = whole.filter(slot__agenda__slug=filters.agenda)
    counts = dict(whole.order_by().values_list("state").annotate(count=Count("id")))
    rows = _asked(whole, filters).select_related(*SEVERAL).order_by("slot__starts_at", "last_name", "id")
    start = (max(page, 1) - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    return DaySheet(
        day=day,
        rows=found[:PAGE_SIZE],
        counts=counts,
        free=_free(office, day, agendas),
        page=max(page, 1),
        has_more=len(found) > PAGE_SIZE,
        agendas=agendas,
    )


def whole_day(office: Office, day: date, agenda: str = "") -> list[Booking]:
    """Everybody who is expected or was received on a day, to print: who cancelled or did not confirm is left out. One query."""
    found = _of_day(office, day).exclude(state__in=[State.CANCELLED, State.TO_CONFIRM])
    if agenda:
        found = found.filter(slot__agenda__slug=agenda)
    return list(found.select_related(*SEVERAL).order_by("slot__starts_at", "last_name", "id"))


def _asked(whole: "QuerySet[Booking]", filters: DayFilters) -> "QuerySet[Booking]":
    found = whole.filter(state=filters.state) if filters.state else whole
    if filters.text:
        text = filters.text
        named = Q(last_name__icontains=text) | Q(birth_name__icontains=text) | Q(first_names__icontains=text)
        found = found.filter(named | Q(reference=scanned(text)))
    return found


def _free(office: Office, day: date, agendas: Sequence[Agenda]) -> list[Free]:
    since, until = bounds(office, day)
    now = clock.now()
    zone = ZoneInfo(office.time_zone)
    slots = Slot.objects.filter(
        agenda__office=office,
        starts_at__gte=max(since, now),
        starts_at__lt=until,
        withdrawn_at__isnull=True,
        released_at__lte=now,
        taken__lt=F("capacity"),
    )
    told = slots.order_by().values("agenda").annotate(places=Sum(F("capacity") - F("taken")), first=Min("starts_at"))
    by_agenda = {row["agenda"]: row for row in told}
    found = []
    for agenda in agendas:
        row = by_agenda.get(agenda.pk)
        if row:
            found.append(Free(agenda, row["places"], row["first"].astimezone(zone)))
        elif agenda.active:
            found.append(Free(agenda, 0, None))
    return found


def booking_here(booking_id: int) -> Booking | None:
    """A booking with all that the counter shows of it."""
    whole = Booking.objects.select_related("slot__agenda__office", "type__office", "visit", "invitation")
    return whole.filter(pk=booking_id).first()


@dataclass(frozen=True)
class Today:
    """The numbers of today. ``expected`` are still to come, ``received`` came, ``waiting`` wait, with an appointment or not."""

    expected: int
    received: int
    waiting: int


def numbers_of_today(offices: Sequence[Office]) -> Today:
    """The day of several offices, each on its own calendar. Two queries."""
    hours, days = Q(), Q()
    for office in offices:
        since, until = bounds(office, visits.today_of(office))
        hours |= Q(slot__agenda__office=office, slot__starts_at__gte=since, slot__starts_at__lt=until)
        days |= Q(office=office, day=visits.today_of(office))
    if not offices:
        return Today(0, 0, 0)
    counted = Booking.objects.filter(hours).aggregate(
        expected=Count("id", filter=Q(state=State.CONFIRMED)), received=Count("id", filter=Q(state=State.HONOURED))
    )
    return Today(**counted, waiting=Visit.objects.filter(days, stage=Stage.WAITING).count())


# The room of those who wait -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Queue:
    """Who waits in the order of being called, who is called or at a desk, who was last served or left."""

    waiting: Sequence[Visit]
    called: Sequence[Visit]
    ended: Sequence[Visit]


def queue(office: Office) -> Queue:
    """The queue of an office, now. Three queries."""
    whole = ("booking__slot__agenda", "type__office")
    of_day = Visit.objects.filter(office=office, day=visits.today_of(office)).select_related(*whole)
    return Queue(
        waiting=list(visits.waiting(office).select_related(*whole)),
        called=list(of_day.filter(stage=Stage.CALLED).order_by("-called_at", "id")),
        ended=list(of_day.filter(stage__in=[Stage.SERVED, Stage.LEFT]).order_by("-ended_at", "-id")[:CALLS_SHOWN]),
    )


def visit_of(office: Office, visit_id: int) -> Visit | None:
    """A visit of today at an office."""
    found = Visit.objects.filter(office=office, day=visits.today_of(office), pk=visit_id)
    return found.select_related("office", "booking__slot__agenda", "type__office").first()


def waiting_before(visit: Visit) -> int:
    """How many people are called before somebody who waits, as things stand; 0 for who no longer waits. One query."""
    order = list(visits.waiting(visit.office).values_list("pk", flat=True))
    return order.index(visit.pk) if visit.pk in order else 0


def visit_types(office: Office) -> list[AppointmentType]:
    """What one may come for. One query."""
    return list(AppointmentType.objects.filter(office=office, active=True).select_related("office").order_by("slug"))


def office_called(slug: str) -> Office | None:
    """An office by the word of its addresses. One query."""
    return Office.objects.filter(slug=slug).first()


@dataclass(frozen=True)
class Call:
    """What the screen of a waiting room shows: never a name."""

    ticket: str
    desk: str
    is_open: bool  # not received yet
    calls: int
    called_at: datetime


@dataclass(frozen=True)
class Calls:
    """The last calls of today, the newest first; how many wait; the hour on the office's wall. ``etag`` changes with whatever
    is shown, hence every minute."""

    calls: Sequence[Call]
    waiting: int
    hour: str
    etag: str


def calls(office: Office, language: str) -> Calls:
    """What the screen of an office shows now. Two queries."""
    now = clock.now()
    day, hour = visits.today_of(office, now), f"{now.astimezone(ZoneInfo(office.time_zone)):%H:%M}"
    found = Visit.objects.filter(office=office, day=day, stage__in=[Stage.CALLED, Stage.SERVED], called_at__isnull=False)
    rows = found.order_by("-called_at", "-id").values_list("ticket", "desk", "stage", "calls", "called_at")[:CALLS_SHOWN]
    shown = [
        Call(ticket, desk, stage == Stage.CALLED, count, called_at)
        for ticket, desk, stage, count, called_at in rows
        if called_at is not None
    ]
    waiting = Visit.objects.filter(office=office, day=day, stage=Stage.WAITING).count()
    told = (office.pk, f"{day}", hour, language, waiting, [(one.ticket, one.desk, one.is_open, one.calls) for one in shown])
    return Calls(shown, waiting, hour, f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:20]}"')
