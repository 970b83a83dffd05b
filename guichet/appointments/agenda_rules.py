"""Opening and changing agendas and types, closing days: what it would do, then doing it. Called through ``actions``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.appointments import making, moves, planning, public_holidays, releases, telling
from guichet.appointments.errors import AgendaChanged, Conflicts, RulesRefused
from guichet.appointments.lifecycle import TAKING
from guichet.appointments.models import Agenda, AppointmentType, Booking, Closure, OpeningHours, Slot
from guichet.appointments.planning import Conflict, Difference, Hours, Preview, Rules
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.offices.models import Office

SAMPLE = 60  # slots shown of a preview


@dataclass(frozen=True)
class AgendaRules:
    """An agenda as an office writes it. ``release``: see ``releases``."""

    slug: str
    name_fr: str
    name_en: str
    slot_minutes: int
    desks: int
    release: Mapping[str, Any]
    hours: Sequence[Hours]
    timezone: str = ""  # blank: that of the office
    active: bool = True


def preview_agenda(office: Office, rules: AgendaRules, agenda: Agenda | None = None) -> Preview:
    """What saving these rules would do, conflicts with bookings included. Nothing is written. Raises ``RulesRefused``."""
    wanted = _checked(office, rules, agenda)
    if agenda is None:
        first, last = making.days_of(wanted, clock.now())
        made = planning.planned(wanted, first, last) if rules.active else {}
        return _preview(planning.difference([], made))
    return _preview(_against(agenda, wanted, active=rules.active))


def save_agenda(
    office: Office,
    rules: AgendaRules,
    *,
    by: Actor,
    agenda: Agenda | None = None,
    version: int | None = None,
    displace: bool = False,
    reason: str = "",
) -> Agenda:
    """Opens an agenda or changes its rules, and makes its slots at once.

    ``version``: of the agenda that was read; another one since raises ``AgendaChanged``. People whose slot would go raise
    ``Conflicts``, unless ``displace``: they keep their appointment until they choose another slot, which a mail asks them,
    with the ``reason``. Raises ``RulesRefused``.
    """
    with transaction.atomic():
        row = _locked(agenda, version) if agenda else Agenda(office=office)
        wanted = _checked(office, rules, row if agenda else None)
        preview = _preview(_against(row, wanted, active=rules.active)) if agenda else None
        if preview and preview.conflicts and not displace:
            raise Conflicts(preview)
        row.slug, row.name_fr, row.name_en = rules.slug, rules.name_fr, rules.name_en
        row.timezone = rules.timezone or office.time_zone
        row.slot_minutes, row.desks, row.release, row.active = (
            rules.slot_minutes,
            rules.desks,
            dict(rules.release),
            rules.active,
        )
        row.version += 1 if agenda else 0
        row.save()
        row.hours.all().delete()
        OpeningHours.objects.bulk_create(
            OpeningHours(agenda=row, weekday=one.weekday, opens=one.opens, closes=one.closes, desks=one.desks, pool=one.pool)
            for one in rules.hours
        )
        making.make(row)
        events.record("agenda_saved", Subject("agenda", str(row.pk)), by, version=row.version)
        if preview:
            _displace(preview, reason, by)
    return row


def save_type(office: Office, slug: str, fields: Mapping[str, Any], agendas: Sequence[Agenda], *, by: Actor) -> AppointmentType:
    """Opens a type of appointment or changes it: ``fields`` are columns of ``AppointmentType``. Bookings keep the promises
    made to them: what changes is for those who come after."""
    with transaction.atomic():
        saved, _created = AppointmentType.objects.update_or_create(office=office, slug=slug, defaults=dict(fields))
        saved.agendas.set(agendas)
        events.record("appointment_type_saved", Subject("appointment_type", str(saved.pk)), by)
    return saved


def preview_closing(office: Office, first_day: date, last_day: date, *, agenda: Agenda | None = None) -> Preview:
    """What closing these days would do. Nothing is written."""
    found = [_preview(_against(each, _closed(each, first_day, last_day))) for each in _concerned(office, agenda)]
    return Preview(
        added=0,
        changed=0,
        removed=sum(each.removed for each in found),
        sample=(),
        conflicts=tuple(conflict for each in found for conflict in each.conflicts),
    )


def close_days(
    office: Office,
    first_day: date,
    last_day: date,
    *,
    by: Actor,
    reason: str = "",
    agenda: Agenda | None = None,
    displace: bool = False,
) -> Preview:
    """Closes an office, or one of its agendas, from one day to another. Raises ``Conflicts`` when people have appointments
    there, unless ``displace``: they are told, with the reason, and asked to choose another slot. Returns what was done."""
    if last_day < first_day:
        raise RulesRefused("last_day", _("Le dernier jour vient avant le premier."))
    with transaction.atomic():
        agendas = [_locked(each) for each in _concerned(office, agenda)]
        preview = preview_closing(office, first_day, last_day, agenda=agenda)
        if preview.conflicts and not displace:
            raise Conflicts(preview)
        closure = Closure.objects.create(
            office=None if agenda else office, agenda=agenda, first_day=first_day, last_day=last_day, reason=reason
        )
        for each in agendas:
            making.make(each)
        events.record("days_closed", Subject("closure", str(closure.pk)), by, first=str(first_day), last=str(last_day))
        _displace(preview, reason, by)
    return preview


def reopen_days(closure: Closure, *, by: Actor) -> None:
    """Takes a closure back: its slots are made again; those that people had booked are theirs as before."""
    with transaction.atomic():
        agendas = [_locked(each) for each in _concerned(closure.office or closure.agenda.office, closure.agenda)]  # type: ignore[union-attr]
        events.record("days_reopened", Subject("closure", str(closure.pk)), by, first=str(closure.first_day))
        closure.delete()
        for each in agendas:
            making.make(each)


def _concerned(office: Office, agenda: Agenda | None) -> list[Agenda]:
    return [agenda] if agenda else list(Agenda.objects.filter(office=office).select_related("office").order_by("pk"))


def _locked(agenda: Agenda, version: int | None = None) -> Agenda:
    row = Agenda.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=agenda.pk)
    if version is not None and row.version != version:
        raise AgendaChanged
    return row


def _checked(office: Office, rules: AgendaRules, agenda: Agenda | None) -> Rules:
    """The rules as planning reads them; ``RulesRefused`` names what is wrong."""
    if not 1 <= rules.slot_minutes <= 24 * 60:
        raise RulesRefused("slot_minutes", _("Une plage dure de 1 minute à 24 heures."))
    if not 1 <= rules.desks <= 2000:
        raise RulesRefused("desks", _("Il faut de 1 à 2 000 guichets."))
    for one in rules.hours:
        if not 0 <= one.weekday <= 6 or one.closes <= one.opens or not one.pool:
            raise RulesRefused("hours", _("Chaque ouverture a son jour, et finit après avoir commencé."))
    if planning.overlap(rules.hours):
        raise RulesRefused("hours", _("Deux ouvertures d'un même jour se chevauchent. Corrigez l'une d'elles."))
    try:
        release = releases.parse(rules.release)
    except releases.NotARule as error:
        raise RulesRefused(
            "release", _("La règle de mise en ligne est incomplète : choisissez quand les plages s'ouvrent.")
        ) from error
    try:
        zone = ZoneInfo(rules.timezone or office.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise RulesRefused("timezone", _("Ce fuseau horaire n'existe pas.")) from error
    closed = Closure.objects.filter(office=office) | Closure.objects.filter(agenda=agenda, agenda__isnull=False)
    return Rules(
        zone=zone,
        slot_minutes=rules.slot_minutes,
        desks=rules.desks,
        release=release,
        hours=tuple(rules.hours),
        closures=tuple((one.first_day, one.last_day) for one in closed),
        is_holiday=lambda day: public_holidays.is_holiday(day, office.department),
    )


def _closed(agenda: Agenda, first_day: date, last_day: date) -> Rules:
    rules = making.rules_of(agenda)
    return replace(rules, closures=(*rules.closures, (first_day, last_day)))


def _against(agenda: Agenda, wanted: Rules, *, active: bool | None = None) -> Difference:
    as_it_would_be = Agenda(pk=agenda.pk, office=agenda.office, active=agenda.active if active is None else active)
    return making.compare(as_it_would_be, wanted, clock.now())


def _preview(found: Difference) -> Preview:
    """The difference with the people whom it concerns. One query."""
    removed = set(found.conflicting)
    places = {slot.id: one.capacity for slot, one in found.crowded}
    by_slot: dict[int, list[int]] = {}
    starts: dict[int, Any] = {}
    people = Booking.objects.filter(slot__in=removed, state__in=sorted(TAKING)).select_related("slot").order_by("id")
    for booking in people:
        by_slot.setdefault(booking.slot_id, []).append(booking.pk)
        starts[booking.slot_id] = booking.slot.starts_at
    conflicts = tuple(
        Conflict(slot_id, starts[slot_id], tuple(found_there), max(len(found_there) - places.get(slot_id, 0), 0))
        for slot_id, found_there in sorted(by_slot.items(), key=lambda each: starts[each[0]])
        if len(found_there) > places.get(slot_id, 0)
    )
    sample = sorted([*found.to_add, *(one for _slot, one in found.to_change)], key=lambda one: (one.starts_at, one.pool))
    return Preview(
        added=len(found.to_add),
        changed=len(found.to_change),
        removed=len([slot for slot in found.to_remove if not slot.withdrawn]),
        sample=tuple(sample[:SAMPLE]),
        conflicts=conflicts,
    )


def _displace(preview: Preview, reason: str, by: Actor) -> None:
    """Asks the people of withdrawn slots to choose another one: where a slot only shrinks, those who are in it stay."""
    withdrawn = Slot.objects.filter(pk__in=[one.slot_id for one in preview.conflicts], withdrawn_at__isnull=False)
    people = Booking.objects.filter(slot__in=withdrawn, state__in=["to_confirm", "confirmed"])
    for booking in people.select_related("slot__agenda", "type__office").order_by("id"):
        events.record("slot_withdrawn", moves.subject_of(booking), by, slot=booking.slot_id)
        telling.tell_withdrawn(booking, reason)


__all__ = ["AgendaRules", "close_days", "preview_agenda", "preview_closing", "reopen_days", "save_agenda", "save_type"]
