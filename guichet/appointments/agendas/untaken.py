"""Reserved places that nobody took: everybody's, so many hours before their slot begins (``OpeningHours.returns_hours``).

They come back as freed places do: to the waiting list first, else each at a moment that nobody can guess. The places change
slots, those of the pool and of everybody that begin together; ``Slot.lent`` remembers how many, so that making slots again
changes nothing. Called by ``due``; doing it twice gives nothing twice.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from guichet.appointments import moves, rules
from guichet.appointments.agendas import making, planning
from guichet.appointments.agendas.planning import Key
from guichet.appointments.models import Agenda, AppointmentType, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.releases import after_draws
from guichet.core import clock, events
from guichet.core.events import SYSTEM, Subject


def give_untaken() -> int:
    """Gives everybody the reserved places whose hour has come; how many."""
    giving = Agenda.objects.filter(active=True, hours__returns_hours__isnull=False).order_by("pk").distinct()
    return sum(_of_agenda(pk) for pk in list(giving.values_list("pk", flat=True)))


def _of_agenda(agenda_id: int) -> int:
    """Of one agenda, held like when its slots are made: whoever changes its places waits."""
    with transaction.atomic():
        agenda = Agenda.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=agenda_id)
        type = agenda.types.filter(active=True).order_by("pk").first()
        if type is None:
            return 0
        now = clock.now()
        due = _due(agenda, now)
        reserved = Slot.objects.filter(
            agenda=agenda, starts_at__in={starts_at for _pool, starts_at in due}, taken__lt=F("capacity"), withdrawn_at=None
        ).exclude(pool=PUBLIC)
        return sum(_give(slot, type, now) for slot in reserved.order_by("pk") if (slot.pool, slot.starts_at) in due)


def _due(agenda: Agenda, now: datetime) -> set[Key]:
    """The reserved slots whose hour has come; none of a day that a draw shares, until it is drawn."""
    by = making.rules_of(agenda)
    longest = max((one.returns_hours or 0 for one in by.hours), default=0)
    first, last = (moment.astimezone(by.zone).date() for moment in (now, now + timedelta(hours=longest)))
    return {
        key
        for key, one in planning.planned(by, first, last).items()
        if one.returns_at is not None
        and one.returns_at <= now < one.starts_at
        and after_draws(now, one.starts_at.astimezone(by.zone).date(), by.kept) <= now
    }


def _give(reserved: Slot, type: AppointmentType, now: datetime) -> int:
    """Moves the places that are left of a slot to the one of everybody that begins with it."""
    twin, _is_new = Slot.objects.get_or_create(
        agenda_id=reserved.agenda_id,
        pool=PUBLIC,
        starts_at=reserved.starts_at,
        defaults={"ends_at": reserved.ends_at, "capacity": 0, "released_at": reserved.released_at},
    )
    both = Slot.objects.select_for_update(no_key=True).filter(pk__in=[reserved.pk, twin.pk]).order_by("pk")
    locked = {slot.pk: slot for slot in both}
    giver, public = locked[reserved.pk], locked[twin.pk]
    least, most = rules.seconds_to_return(now, giver.starts_at, lead_minutes=type.lead_minutes, of_a_hold=False)
    shut = public.withdrawn_at is not None or public.kept_since is not None or public.released_at > now
    if giver.left <= 0 or most == 0 or shut:
        return 0
    _change(giver, -giver.left)
    _change(public, giver.left)
    for _place in range(giver.left):
        moves.keep_away(public, type, at=now, seconds=(least, most))
    events.record("reserved_places_given", Subject("slot", str(giver.pk)), SYSTEM, to=public.pk, places=giver.left)
    return giver.left


def _change(slot: Slot, places: int) -> None:
    Slot.objects.filter(pk=slot.pk).update(capacity=F("capacity") + places, lent=F("lent") + places, version=F("version") + 1)
