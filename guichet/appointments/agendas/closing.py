"""Closing an office or an agenda for some days, and opening them again. Called through ``actions``."""

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.appointments.agendas import displacing, making
from guichet.appointments.agendas.displacing import Consent, must_be_agreed, preview_of
from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.agendas.opening import against, locked
from guichet.appointments.agendas.planning import Preview, Rules
from guichet.appointments.models import Agenda, Closure
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.offices.models import Office

LONGEST_DAYS = 366  # a closure that lasts longer is an agenda that closes, or a year that was mistyped


def preview_closing(office: Office, first_day: date, last_day: date, *, agenda: Agenda | None = None) -> Preview:
    """What closing these days would do. Nothing is written. Raises ``RulesRefused``."""
    _check(first_day, last_day)
    found = [preview_of(against(each, _closed(each, first_day, last_day))) for each in _concerned(office, agenda)]
    conflicts = [conflict for each in found for conflict in each.conflicts]
    return Preview(
        added=0,
        changed=0,
        removed=sum(each.removed for each in found),
        sample=(),
        conflicts=tuple(sorted(conflicts, key=lambda one: (one.starts_at, one.slot_id))),
    )


def close_days(
    office: Office,
    first_day: date,
    last_day: date,
    *,
    by: Actor,
    reason: str = "",
    agenda: Agenda | None = None,
    displace: Consent = False,
) -> Preview:
    """Closes an office, or one of its agendas, from one day to another. Raises ``Conflicts`` when people have appointments
    there, unless ``displace`` says so, or names their bookings: they are told, with the reason, and asked to choose another
    slot. Closing the same days twice is closing them once. Returns what was done. Raises ``RulesRefused``."""
    _check(first_day, last_day)

    def close() -> Preview:
        agendas = [locked(each) for each in _concerned(office, agenda)]
        preview = preview_closing(office, first_day, last_day, agenda=agenda)
        must_be_agreed(preview, displace)
        people = displacing.lock(preview)
        closure, is_new = Closure.objects.get_or_create(
            office=None if agenda else office,
            agenda=agenda,
            first_day=first_day,
            last_day=last_day,
            defaults={"reason": reason},
        )
        moment = clock.now()
        for each in agendas:
            making.make(each, now=moment, decided=True)
        if is_new:
            events.record("days_closed", Subject("closure", str(closure.pk)), by, first=str(first_day), last=str(last_day))
        displacing.displace(agendas, moment, preview, displace, reason, by, locked=people)
        return preview

    return displacing.until_nobody_crosses(close)


def reopen_days(closure: Closure, *, by: Actor) -> None:
    """Takes a closure back: its slots are made again; those that people had booked are theirs as before, and
    whoever was asked to choose another is told so."""
    with transaction.atomic():
        agendas = [locked(each) for each in _concerned(closure.office or closure.agenda.office, closure.agenda)]  # type: ignore[union-attr]
        events.record("days_reopened", Subject("closure", str(closure.pk)), by, first=str(closure.first_day))
        asked = displacing.asked_to_move(agendas)
        closure.delete()
        for each in agendas:
            making.make(each)
        displacing.tell_restored(asked, by)


def _check(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise RulesRefused("last_day", _("Le dernier jour vient avant le premier."))
    if (last_day - first_day).days >= LONGEST_DAYS:
        raise RulesRefused("last_day", _("Une fermeture dure un an au plus : vérifiez les dates, ou fermez l'agenda."))


def _closed(agenda: Agenda, first_day: date, last_day: date) -> Rules:
    rules = making.rules_of(agenda)
    return replace(rules, closures=(*rules.closures, (first_day, last_day)))


def _concerned(office: Office, agenda: Agenda | None) -> list[Agenda]:
    return [agenda] if agenda else list(Agenda.objects.filter(office=office).select_related("office").order_by("pk"))
