"""The rule that an office publishes: which share of its places is kept, for whom, and what becomes of those nobody took."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType

A_DAY = 24  # hours


def context_of(type: AppointmentType) -> dict[str, Any]:
    """What is kept and for whom, a line per pool (none where every place is everybody's); whether any comes back. Three
    queries."""
    returning = appointments.untaken_return(type)
    return {"reserved": _lines(type, returning), "reserved_return": bool(returning)}


def _lines(type: AppointmentType, returning: Mapping[str, int | None]) -> list[str]:
    sentences = {
        "officers": _("%(percent)d %% : données par les agents au guichet, à qui ne peut pas réserver en ligne."),
        "associations": _("%(percent)d %% : données par les associations d'aide aux personnes qu'elles accompagnent."),
        "expiring": _("%(percent)d %% : pour les personnes dont le titre se termine bientôt, sur invitation."),
    }
    other = _("%(percent)d %% : pour les personnes que le bureau invite.")
    return [
        " ".join([sentences.get(pool, other) % {"percent": percent}, *([_back(returning[pool])] if pool in returning else [])])
        for pool, percent in appointments.reserved_shares(type)
    ]


def some_return(type: AppointmentType) -> bool:
    """Whether reserved places of a type are everybody's again when nobody takes them. One query."""
    return bool(appointments.untaken_return(type))


def _back(hours: int | None) -> str:
    """``hours``: from how many before the appointment on; None where that is not told."""
    if hours is None:
        return _("Celles que personne n'a prises reviennent à tous.")
    if hours == A_DAY:
        return _("Celles que personne n'a prises reviennent à tous à partir de la veille du rendez-vous.")
    if hours % A_DAY == 0:
        return ngettext(
            "Celles que personne n'a prises reviennent à tous à partir de %(count)d jour avant le rendez-vous.",
            "Celles que personne n'a prises reviennent à tous à partir de %(count)d jours avant le rendez-vous.",
            hours // A_DAY,
        ) % {"count": hours // A_DAY}
    return ngettext(
        "Celles que personne n'a prises reviennent à tous à partir de %(count)d heure avant le rendez-vous.",
        "Celles que personne n'a prises reviennent à tous à partir de %(count)d heures avant le rendez-vous.",
        hours,
    ) % {"count": hours}
