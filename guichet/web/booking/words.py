"""Moments as the pages say them: on the clock of the office's wall."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guichet.appointments.models import Agenda, Slot
from guichet.appointments.queries import Order
from guichet.core.clock import PARIS
from guichet.core.dates import day_in_words


@dataclass(frozen=True)
class Moment:
    """A slot as it is read: its day, its hours, both on the wall of the office."""

    slot_id: int
    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def day(self) -> str:
        return day_of_week(self.starts_at)

    @property
    def hours(self) -> str:
        return _("de %(start)s à %(end)s") % {"start": f"{self.starts_at:%H:%M}", "end": f"{self.ends_at:%H:%M}"}

    @property
    def week(self) -> str:
        return week_of(self.starts_at)

    def until(self, ends_at: datetime) -> "Moment":
        """The same, to another end: that of the last of those who come together."""
        return replace(self, ends_at=ends_at.astimezone(self.starts_at.tzinfo))


def local(slot: Slot, zone: ZoneInfo) -> Moment:
    return Moment(slot.pk, slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone), max(slot.left, 0))


def day_of_week(moment: datetime) -> str:
    """«lundi 30 novembre 2026»."""
    return f"{date_format(moment.date(), 'l')} {day_in_words(moment.date())}"


def deadline(until: datetime | None, agenda: Agenda) -> dict[str, Any]:
    """Until when somebody may act, for a page: ``until``, on the clock of the office's wall, in words ``until_day`` and
    ``until_hour``, which says whose hour it is where it is not that of Paris; empty without one."""
    if until is None:
        return {"until": None, "until_day": "", "until_hour": ""}
    local = until.astimezone(agenda.zone)
    hour = f"{local:%H:%M}"
    if local.utcoffset() != local.astimezone(PARIS).utcoffset():
        hour += " " + _("(heure de %(city)s)") % {"city": agenda.office.city}
    return {"until": local, "until_day": day_of_week(local), "until_hour": hour}


def week_of(moment: datetime) -> str:
    """The week as addresses hold it: ``2026-W48``."""
    year, week, _day = moment.isocalendar()
    return f"{year:04}-W{week:02}"


def people(order: Order) -> str:
    """«moins de 10 personnes», «de 10 à 50 personnes», «plus de 1000 personnes»: an order of magnitude of the waiting list."""
    if order.most is None:
        return _("plus de %(least)d personnes") % {"least": order.least}
    if not order.least:
        return _("moins de %(most)d personnes") % {"most": order.most}
    return _("de %(least)d à %(most)d personnes") % {"least": order.least, "most": order.most}
