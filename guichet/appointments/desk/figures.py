"""How an office's days went: places, appointments, absences, numbers, waits. The same few queries for a day as for a month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncDate

from guichet.appointments.desk.attendance import bounds
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Slot, Visit
from guichet.offices.models import Office

BOOKED = (State.TO_CONFIRM, State.CONFIRMED, State.HONOURED, State.MISSED)


@dataclass(frozen=True)
class DayFigures:
    """One day, or several together. ``called`` are the people who were called, ``waited_seconds`` what they waited in all,
    from arrival to first call."""

    places: int = 0
    booked: int = 0
    honoured: int = 0
    missed: int = 0
    cancelled: int = 0
    walk_ins: int = 0
    called: int = 0
    waited_seconds: int = 0

    @property
    def mean_wait(self) -> int | None:
        """Minutes from arrival to call, rounded; None when nobody was called."""
        return round(self.waited_seconds / self.called / 60) if self.called else None

    @property
    def filled(self) -> int | None:
        """The share of places that were booked, in hundredths; None without places."""
        return round(100 * self.booked / self.places) if self.places else None


def together(days: Iterable[DayFigures]) -> DayFigures:
    """Several days as one."""
    kept = list(days)
    return DayFigures(**{one.name: sum(getattr(day, one.name) for day in kept) for one in fields(DayFigures)})


def figures(office: Office, first: date, last: date, agenda: str = "") -> Sequence[tuple[date, DayFigures]]:
    """Each day from ``first`` to ``last`` included, on the office's own calendar. Three queries.

    ``agenda``: the slug of one agenda; numbers are of the office and are then left out.
    """
    since, until = bounds(office, first, last)
    zone = ZoneInfo(office.time_zone)
    told: dict[date, dict[str, Any]] = {first + timedelta(days=step): {} for step in range((last - first).days + 1)}
    slots = Slot.objects.filter(agenda__office=office, starts_at__gte=since, starts_at__lt=until, withdrawn_at__isnull=True)
    bookings = Booking.objects.filter(slot__agenda__office=office, slot__starts_at__gte=since, slot__starts_at__lt=until)
    came = Visit.objects.filter(office=office, day__gte=first, day__lte=last)
    if agenda:
        slots, bookings = slots.filter(agenda__slug=agenda), bookings.filter(slot__agenda__slug=agenda)
        came = came.filter(booking__slot__agenda__slug=agenda)
    of_slots = slots.order_by().annotate(of=TruncDate("starts_at", tzinfo=zone)).values("of").annotate(places=Sum("capacity"))
    of_bookings = (
        bookings.order_by()
        .annotate(of=TruncDate("slot__starts_at", tzinfo=zone))
        .values("of")
        .annotate(
            booked=Count("id", filter=Q(state__in=BOOKED)),
            honoured=Count("id", filter=Q(state=State.HONOURED)),
            missed=Count("id", filter=Q(state=State.MISSED)),
            cancelled=Count("id", filter=Q(state=State.CANCELLED)),
        )
    )
    wait = ExpressionWrapper(F("first_called_at") - F("arrived_at"), output_field=DurationField())
    of_visits = (
        came.order_by()
        .values(of=F("day"))
        .annotate(walk_ins=Count("id", filter=Q(booking__isnull=True)), called=Count("first_called_at"), waited=Avg(wait))
    )
    for rows in (of_slots, of_bookings, of_visits):
        for row in rows:
            told[row["of"]].update({name: value for name, value in row.items() if name != "of"})
    return [(day, _day(told[day])) for day in sorted(told)]


def _day(row: dict[str, Any]) -> DayFigures:
    waited = row.pop("waited", None)
    seconds = round(waited.total_seconds() * row.get("called", 0)) if waited else 0
    return DayFigures(**row, waited_seconds=seconds)
