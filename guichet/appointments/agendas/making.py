"""Making slots of the agenda's rules, again and again: doing it twice changes nothing.

A slot where places are taken is never removed, and its capacity never goes below them: it is withdrawn once its people were
decided about, or kept as large as it must be, and shrinks as people leave. Rows are touched in order of id, so that acts that
lock two slots never cross; who locks bookings too locks them before.
"""

from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Greatest

from guichet.appointments import releases
from guichet.appointments.agendas import planning, public_holidays
from guichet.appointments.agendas.planning import Difference, Existing, Hours, Planned, Rules
from guichet.appointments.models import Agenda, Closure, Draw, Slot
from guichet.appointments.releases import UNDRAWN, Kept
from guichet.core import clock


def rules_of(agenda: Agenda) -> Rules:
    """The rules of an agenda as they are in the database. Four queries."""
    closures = list(Closure.objects.filter(agenda=agenda)) + list(Closure.objects.filter(office=agenda.office_id))
    return Rules(
        zone=agenda.zone,
        slot_minutes=agenda.slot_minutes,
        desks=agenda.desks,
        release=releases.parse(agenda.release),
        hours=tuple(hours_of(agenda)),
        closures=tuple((one.first_day, one.last_day) for one in closures),
        is_holiday=lambda day: public_holidays.is_holiday(day, agenda.office.department, agenda.worked_holidays),
        kept=kept_of(agenda),
    )


def hours_of(agenda: Agenda) -> list[Hours]:
    """The opening hours of an agenda, as its rules take them. No query where ``hours`` were prefetched."""
    return [Hours(one.weekday, one.opens, one.closes, one.desks, one.pool, one.returns_hours) for one in agenda.hours.all()]


def kept_of(agenda: Agenda) -> tuple[Kept, ...]:
    """The days that draws share: released to nobody before they are drawn. One query."""
    draws = Draw.objects.filter(agenda=agenda, last_day__gte=clock.today() - timedelta(days=1)).order_by("pk")
    return tuple(
        Kept(draw.first_day, draw.last_day, draw.leftovers_at if draw.state == Draw.State.DRAWN else UNDRAWN) for draw in draws
    )


def days_of(rules: Rules, now: datetime) -> tuple[date, date]:
    """The first and last day of the office for which slots are worth making."""
    today = now.astimezone(rules.zone).date()
    return today, max([rules.release.reaches(today), *(one.last_day for one in rules.kept)])


def existing(agenda: Agenda, since: datetime) -> list[Existing]:
    """The slots of an agenda that begin from a moment on. One query."""
    rows = Slot.objects.filter(agenda=agenda, starts_at__gte=since).order_by("id")
    return [
        Existing(
            id=row.pk,
            pool=row.pool,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            capacity=row.capacity,
            released_at=row.released_at,
            taken=row.taken,
            withdrawn=row.withdrawn_at is not None,
            kept=row.kept_since is not None,
            lent=row.lent,
        )
        for row in rows
    ]


def compare(agenda: Agenda, rules: Rules, now: datetime) -> Difference:
    """What separates the slots to come from what the rules want. Slots made further ahead by earlier rules are judged too."""
    slots = existing(agenda, now)
    first, last = days_of(rules, now)
    if slots:
        last = max(last, max(slot.starts_at for slot in slots).astimezone(rules.zone).date())
    wanted = planning.planned(rules, first, last) if agenda.active else {}
    coming = {key: one for key, one in wanted.items() if one.starts_at >= now}
    slots = planning.still_lent(slots, coming)
    return planning.difference(slots, {**planning.receiving(slots, coming), **coming})


def make(agenda: Agenda, *, now: datetime | None = None, decided: bool = False) -> int:
    """Brings the slots of an agenda in line with its rules; how many rows changed. Idempotent; one at a time per agenda.

    ``decided``: of those who are in the slots that go, which are then withdrawn (``displacing`` tells them). Else, the rules
    having changed by themselves (a public holiday that is new), such a slot stands for its people and takes nobody more.
    """
    moment = now or clock.now()
    with transaction.atomic():
        agenda = Agenda.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=agenda.pk)
        found = compare(agenda, rules_of(agenda), moment)
        changed = 0
        steps = [*found.to_change, *((slot, None) for slot in found.to_remove)]
        for slot, one in sorted(steps, key=lambda step: step[0].id):
            changed += resize(slot.id, one, lent=slot.lent) if one else _remove(slot, moment, decided=decided)
        added = [_row(agenda, one) for one in found.to_add]
        Slot.objects.bulk_create(added, ignore_conflicts=True)
    return changed + len(added)


def _row(agenda: Agenda, one: Planned) -> Slot:
    return Slot(
        agenda=agenda,
        pool=one.pool,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        capacity=one.capacity,
        released_at=one.released_at,
    )


def resize(slot_id: int, one: Planned, *, lent: int) -> int:
    """Makes a slot what the rules want, but never smaller than what is taken: reckoned by the database, under its lock.
    ``lent``: the places that changed pools."""
    return Slot.objects.filter(pk=slot_id).update(
        capacity=Greatest(max(one.capacity + lent, 0), F("taken")),
        lent=lent,
        ends_at=one.ends_at,
        released_at=one.released_at,
        withdrawn_at=None,
        kept_since=None,
        version=F("version") + 1,
    )


def _remove(slot: Existing, now: datetime, *, decided: bool) -> int:
    """Removes a slot that nobody ever booked; withdraws any other, or keeps it for who is in it when nothing was decided.
    ``taken`` is read again under the lock of the row."""
    if not slot.taken and _delete(slot.id):
        return 1
    still_there = Slot.objects.filter(pk=slot.id, withdrawn_at__isnull=True)
    if not decided and _keep(slot.id, now):
        return int(not slot.kept or slot.capacity != slot.taken)
    return still_there.update(withdrawn_at=now, kept_since=None, version=F("version") + 1)


def _keep(slot_id: int, now: datetime) -> bool:
    """Keeps a slot for those who are in it and nobody else; False when nobody is. Doing it again changes nothing."""
    slot = Slot.objects.filter(pk=slot_id, withdrawn_at__isnull=True, taken__gt=0)
    as_it_must = slot.filter(kept_since__isnull=False, capacity=F("taken"))
    if as_it_must.exists():
        return True
    since = Coalesce("kept_since", Value(now))
    return bool(slot.update(capacity=F("taken"), kept_since=since, version=F("version") + 1))


def _delete(slot_id: int) -> bool:
    """Deletes a slot that nobody ever booked, in one statement: who books it meanwhile makes it stay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM appointments_slot WHERE id = %s AND taken = 0"
            " AND NOT EXISTS (SELECT 1 FROM appointments_booking b WHERE b.slot_id = appointments_slot.id)",
            [slot_id],
        )
        return bool(cursor.rowcount)


def shrink(slot: Slot) -> None:
    """After a place came back: a slot that was kept larger than the rules want, for the people in it, shrinks at once."""
    if slot.kept_since is not None:
        _remove_or_keep(slot)
        return
    one = _wanted(slot)
    if one is not None and one.capacity + slot.lent < slot.capacity:
        resize(slot.pk, one, lent=slot.lent)


def _remove_or_keep(slot: Slot) -> None:
    now = clock.now()
    if not _keep(slot.pk, now):
        Slot.objects.filter(pk=slot.pk, taken=0).update(withdrawn_at=now, kept_since=None, version=F("version") + 1)


def is_too_large(slot: Slot) -> bool:
    """Whether a slot was kept larger than the rules want, for the people in it: a place that is left there is nobody's."""
    one = _wanted(slot)
    return slot.kept_since is not None or (one is not None and one.capacity + slot.lent < slot.capacity)


def _wanted(slot: Slot) -> Planned | None:
    rules = rules_of(slot.agenda)
    day = slot.starts_at.astimezone(rules.zone).date()
    return planning.planned(rules, day, day).get((slot.pool, slot.starts_at))


def day_bounds(agenda: Agenda, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants, in UTC, between which days of the office lie: from the first one's midnight, before the last one's end."""
    following = date.fromordinal(last.toordinal() + 1)
    return releases.at_wall(first, time(0), agenda.zone), releases.at_wall(following, time(0), agenda.zone)
