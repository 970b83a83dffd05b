"""Reads of the pages where an office sets up its agendas, types and closures. Read through ``queries``."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, Min, Q, Sum

from guichet.appointments import releases, rules
from guichet.appointments.agendas import planning, public_holidays
from guichet.appointments.agendas.making import hours_of
from guichet.appointments.agendas.public_holidays import Holiday
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Agenda, AppointmentType, Booking, Closure, OpeningHours
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock
from guichet.offices.models import Office


@dataclass(frozen=True)
class AgendaState:
    """Where an agenda stands. Moments on the clock of the office's wall."""

    agenda: Agenda
    types: tuple[AppointmentType, ...]  # the active ones
    next_release: datetime | None
    made_until: date | None  # the last day that has slots
    free_this_week: int  # places that anybody may take from now to Sunday
    booked: int  # appointments and requests to come
    shares: dict[str, int]  # places of an ordinary week by pool


def agenda_states(office: Office) -> list[AgendaState]:
    """The agendas of an office as they stand now. Five queries, however many there are."""
    agendas = list(Agenda.objects.filter(office=office).select_related("office").prefetch_related("hours", "types"))
    now = clock.now()
    zone = ZoneInfo(office.time_zone)
    today = now.astimezone(zone).date()
    monday = releases.at_wall(today + timedelta(days=7 - today.weekday()), time(0), zone)
    open_slots = Q(slots__withdrawn_at__isnull=True, slots__starts_at__gte=now)
    free = open_slots & Q(slots__pool=PUBLIC, slots__released_at__lte=now, slots__starts_at__lt=monday)
    found = Agenda.objects.filter(office=office).values("pk")
    found = found.annotate(
        made_until=Max("slots__starts_at", filter=open_slots),
        next_release=Min("slots__released_at", filter=open_slots & Q(slots__released_at__gt=now)),
        free=Sum(F("slots__capacity") - F("slots__taken"), filter=free),
    )
    numbers = {row["pk"]: row for row in found}
    coming = Booking.objects.filter(
        slot__agenda__office=office, slot__starts_at__gte=now, state__in=[State.TO_CONFIRM, State.CONFIRMED]
    )
    booked = dict(coming.order_by().values_list("slot__agenda").annotate(count=Count("id")))
    return [
        AgendaState(
            agenda=agenda,
            types=tuple(type for type in agenda.types.all() if type.active),
            next_release=_local(numbers[agenda.pk]["next_release"], agenda),
            made_until=_day(numbers[agenda.pk]["made_until"], agenda),
            free_this_week=numbers[agenda.pk]["free"] or 0,
            booked=booked.get(agenda.pk, 0),
            shares=planning.shares(hours_of(agenda), slot_minutes=agenda.slot_minutes, desks=agenda.desks),
        )
        for agenda in agendas
    ]


def _local(moment: datetime | None, agenda: Agenda) -> datetime | None:
    return moment.astimezone(agenda.zone) if moment else None


def _day(moment: datetime | None, agenda: Agenda) -> date | None:
    return moment.astimezone(agenda.zone).date() if moment else None


def agenda_to_set_up(office: Office, slug: str) -> Agenda | None:
    """An agenda of an office, active or not, with its hours. Two queries."""
    return Agenda.objects.filter(office=office, slug=slug).select_related("office").prefetch_related("hours").first()


def types_to_set_up(office: Office) -> list[AppointmentType]:
    """The types of an office, active or not, with their agendas. Two queries."""
    types = AppointmentType.objects.filter(office=office).select_related("office").prefetch_related("agendas")
    return list(types.order_by("-active", "slug"))


def type_to_set_up(office: Office, slug: str) -> AppointmentType | None:
    """A type of an office, active or not, with its agendas. Two queries."""
    types = AppointmentType.objects.filter(office=office, slug=slug).select_related("office").prefetch_related("agendas")
    return types.first()


def types_by_id(numbers: Collection[int]) -> list[AppointmentType]:
    """These types with their office, in order. One query, none for none."""
    found = AppointmentType.objects.filter(pk__in=numbers).select_related("office") if numbers else ()
    return sorted(found, key=lambda one: one.pk)


def closures_ahead(office: Office) -> list[Closure]:
    """The closures of an office and of its agendas that are not over, the next first. One query."""
    today = clock.now().astimezone(ZoneInfo(office.time_zone)).date()
    mine = Closure.objects.filter(Q(office=office) | Q(agenda__office=office), last_day__gte=today)
    return list(mine.select_related("agenda", "office").order_by("first_day", "last_day", "id"))


def closure_of(office: Office, pk: int) -> Closure | None:
    """A closure of an office or of one of its agendas. One query."""
    mine = Closure.objects.filter(Q(office=office) | Q(agenda__office=office), pk=pk)
    return mine.select_related("agenda__office", "office").first()


def holidays_ahead(office: Office) -> list[Holiday]:
    """The public holidays of a year from today on where an office stands, whether it receives or not. No query."""
    return public_holidays.ahead(office.department, clock.now().astimezone(ZoneInfo(office.time_zone)).date())


def bookings_by_id(numbers: Collection[int]) -> list[Booking]:
    """These bookings with their slot, agenda, type and office, by hour, and to whom a place is proposed. Three queries."""
    found = Booking.objects.filter(pk__in=numbers).select_related("slot__agenda__office", "type__office")
    found = found.prefetch_related("offers__entry")
    return list(found.order_by("slot__starts_at", "last_name", "id"))


def receiving_offices() -> list[Office]:
    """The offices that have an agenda or a type. One query."""
    having = Q(agendas__isnull=False) | Q(appointment_types__isnull=False)
    return list(Office.objects.filter(having).distinct().order_by("name"))


def zone_of(office: Office, agenda: Agenda | None) -> ZoneInfo:
    """The clock on the wall of an agenda, or of those that its office will open."""
    return agenda.zone if agenda else ZoneInfo(office.time_zone)


def reserved_shares(type: AppointmentType) -> list[tuple[str, int]]:
    """The pools of reserved places of a type's open agendas, and what percentage of the places of an ordinary week each has,
    at least 1. Two queries."""
    places: dict[str, int] = {}
    for agenda in type.agendas.filter(active=True).prefetch_related("hours"):
        for pool, count in planning.shares(hours_of(agenda), slot_minutes=agenda.slot_minutes, desks=agenda.desks).items():
            places[pool] = places.get(pool, 0) + count
    total = sum(places.values())
    reserved = [(pool, count) for pool, count in sorted(places.items()) if pool != PUBLIC and count]
    return [(pool, max(1, round(100 * count / total))) for pool, count in reserved]


def untaken_return(type: AppointmentType) -> dict[str, int | None]:
    """The pools of reserved places of a type's open agendas that are everybody's again when nobody took them: each with from
    how many hours before the appointment on, the most where its hours differ. None where it must not be told: each place comes
    back at a moment drawn at random, and so near the appointment the rule would tell it. One query."""
    hours = OpeningHours.objects.filter(agenda__types=type, agenda__active=True, returns_hours__isnull=False)
    found: dict[str, int | None] = {}
    for pool, before in hours.order_by("pool", "returns_hours").values_list("pool", "returns_hours"):
        told = rules.untaken_told(before, lead_minutes=type.lead_minutes) if before else None
        if told is not None:
            found[pool] = before if told else found.get(pool)
    return found
