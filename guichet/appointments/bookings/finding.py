"""Free slots: which may be taken now, the first, the nearest to another, when the next ones are released."""

from datetime import datetime

from django.db.models import F, Min, QuerySet

from guichet.appointments import rules
from guichet.appointments.bookings.side_by_side import beginnings
from guichet.appointments.models import AppointmentType, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock


def bookable(type: AppointmentType, *, pool: str = PUBLIC, at: datetime | None = None) -> "QuerySet[Slot]":
    """The slots of a type that somebody may take now, earliest first."""
    now = at or clock.now()
    first = rules.first_start(now, lead_minutes=type.lead_minutes, confirmation_minutes=type.confirmation_minutes)
    return free_of(type, now).filter(pool=pool, starts_at__gte=first).order_by("starts_at", "id")


def free_of(type: AppointmentType, now: datetime) -> "QuerySet[Slot]":
    """The slots of a type with places left, of any pool and any hour, in no order: what is released and was not withdrawn."""
    return Slot.objects.filter(
        agenda__types=type,
        agenda__active=True,
        withdrawn_at__isnull=True,
        released_at__lte=now,
        taken__lt=F("capacity"),
    )


def first_free(type: AppointmentType, *, pool: str = PUBLIC, party: int = 1) -> Slot | None:
    """The first free slot, with its agenda; None when nothing is free. ``party``: from which so many people are received
    side by side. One query."""
    free = bookable(type, pool=pool).select_related("agenda")
    return free.first() if party == 1 else next((seats[0] for seats in beginnings(list(free), party)), None)


def nearest_free(
    type: AppointmentType, around: datetime | None, *, pool: str = PUBLIC, count: int = 3, party: int = 1
) -> list[Slot]:
    """The free slots nearest to a moment, earliest first; the first ones when no moment is given. ``party``: as for
    ``first_free``. Two queries at most."""
    free = bookable(type, pool=pool).select_related("agenda")
    if party > 1:
        found = [seats[0] for seats in beginnings(list(free), party)]
        later = found if around is None else [slot for slot in found if slot.starts_at >= around]
        earlier = [] if around is None else [slot for slot in reversed(found) if slot.starts_at < around]
        later, earlier = later[:count], earlier[:count]
    else:
        later = list((free.filter(starts_at__gte=around) if around else free)[:count])
        earlier = list(free.filter(starts_at__lt=around).order_by("-starts_at", "-id")[:count]) if around else []
    if around is None:
        return later
    nearest = sorted([*earlier, *later], key=lambda slot: abs(slot.starts_at - around))[:count]
    return sorted(nearest, key=lambda slot: (slot.starts_at, slot.pk))


def next_release(type: AppointmentType, *, pool: str = PUBLIC) -> datetime | None:
    """When slots of a type that are not yet open open next; None when none is known. One query.

    Those that would begin too soon for anybody once they open are not worth coming back for.
    """
    now = clock.now()
    first = rules.first_start(now, lead_minutes=type.lead_minutes, confirmation_minutes=type.confirmation_minutes)
    coming = Slot.objects.filter(
        agenda__types=type,
        agenda__active=True,
        pool=pool,
        withdrawn_at__isnull=True,
        released_at__gt=now,
        starts_at__gte=F("released_at") + (first - now),
    )
    found: datetime | None = coming.aggregate(first=Min("released_at"))["first"]
    return found
