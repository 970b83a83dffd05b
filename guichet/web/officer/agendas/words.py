"""Agendas, their rules and what a change of them does, in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from guichet.appointments import queries as appointments
from guichet.appointments.actions import Hours
from guichet.appointments.agendas.planning import Planned, Preview
from guichet.appointments.models import AppointmentType, Booking
from guichet.appointments.queries import Holiday
from guichet.core.dates import day_in_words
from guichet.core.typography import french

PUBLIC = "public"
# The pools that an office may fill: for whom each is kept.
POOLS: Mapping[str, Promise] = {
    PUBLIC: gettext_lazy("Tout le monde"),
    "officers": gettext_lazy("Les agents, au guichet"),
    "associations": gettext_lazy("Les associations d'aide"),
    "expiring": gettext_lazy("Les titres qui se terminent bientôt"),
}
IDENTITIES: Mapping[str, Promise] = {
    AppointmentType.Identity.NONE: gettext_lazy("Aucun contrôle : nom et date de naissance écrits par la personne"),
    AppointmentType.Identity.STUDENT: gettext_lazy("Étudiants : INE ou code d'accès"),
    AppointmentType.Identity.INVITATION: gettext_lazy("Personnes invitées, par le lien de leur invitation"),
}
BOOKING_STATES: Mapping[str, Promise] = {
    "held": gettext_lazy("Formulaire en cours"),
    "to_confirm": gettext_lazy("À confirmer"),
    "confirmed": gettext_lazy("Confirmé"),
    "offered": gettext_lazy("Place proposée à la liste d'attente"),
}


def pool_name(pool: str) -> str:
    """For whom a pool is kept; a pool that no page knows keeps its own name."""
    return str(POOLS.get(pool, pool))


def moment(at: datetime) -> str:
    """«lundi 6 février 2026 à 10:15»; the moment on the clock of the office's wall."""
    return _("%(day)s à %(hour)s") % {"day": day_of_week(at.date()), "hour": f"{at:%H:%M}"}


def day_of_week(day: date) -> str:
    return f"{date_format(day, 'l')} {day_in_words(day)}"


def period(first: date, last: date) -> str:
    if first == last:
        return day_of_week(first)
    return _("du %(first)s au %(last)s") % {"first": day_of_week(first), "last": day_of_week(last)}


def release(written: Mapping[str, Any]) -> str:
    """A release rule as people read it."""
    at = str(written.get("at", ""))
    if written.get("rule") == "weekly":
        weeks = int(written.get("weeks", 1))
        values = {"day": WEEKDAYS[int(written.get("weekday", 0))], "at": at, "weeks": weeks}
        return (
            ngettext(
                "Chaque %(day)s à %(at)s : toute la semaine suivante s'ouvre.",
                "Chaque %(day)s à %(at)s : toute la semaine qui vient %(weeks)d semaines après s'ouvre.",
                weeks,
            )
            % values
        )
    days = int(written.get("days", 0))
    values = {"days": days, "at": at}
    if written.get("rule") == "draw":
        return (
            _("Par tirage au sort. Ce qu'il laisse s'ouvre à tous %(days)d jours avant, à %(at)s.") % values
            if days
            else _("Par tirage au sort. Ce qu'il laisse s'ouvre à tous le jour même, à %(at)s.") % values
        )
    if not days:
        return _("Chaque jour s'ouvre le jour même, à %(at)s.") % values
    return (
        ngettext(
            "Chaque jour s'ouvre la veille, à %(at)s.",
            "Chaque jour s'ouvre %(days)d jours avant, à %(at)s.",
            days,
        )
        % values
    )


def hours_by_day(hours: Sequence[Hours], desks: int) -> list[dict[str, Any]]:
    """The opening hours of a week, day by day; closed days are left out."""
    ordered = sorted(hours, key=lambda one: (one.weekday, one.opens, one.pool))
    return [
        {"day": WEEKDAYS[weekday], "stretches": [stretch(one, desks) for one in found]}
        for weekday, found in groupby(ordered, key=lambda one: one.weekday)
    ]


def stretch(one: Hours, desks: int) -> str:
    """«09:00 – 12:00, 2 guichets, Les associations d'aide»."""
    count = desks if one.desks is None else one.desks
    parts = [
        f"{one.opens:%H:%M} – {one.closes:%H:%M}",
        ngettext("%(count)d guichet", "%(count)d guichets", count) % {"count": count},
    ]
    if one.pool != PUBLIC:
        parts.append(pool_name(one.pool))
    if one.returns_hours is not None:
        parts.append(
            ngettext(
                "à tous %(count)d heure avant si personne ne les prend",
                "à tous %(count)d heures avant si personne ne les prend",
                one.returns_hours,
            )
            % {"count": one.returns_hours}
        )
    return ", ".join(parts)


def holiday(one: Holiday) -> str:
    """«Lundi de Pâques, lundi 29 mars 2027»."""
    name = french(one.name) if (get_language() or "fr").startswith("fr") else one.name
    values = {"name": name, "day": day_of_week(one.day)}
    return _("%(name)s, %(day)s (usage local)") % values if one.by_usage else _("%(name)s, %(day)s") % values


def holidays(found: Sequence[Holiday], worked: Collection[str] = ()) -> list[dict[str, Any]]:
    """The holidays ahead, each with whether an agenda receives then."""
    return [{"what": holiday(one), "works": one.may_be_worked and one.keys <= set(worked)} for one in found]


def shares(by_pool: Mapping[str, int]) -> list[str]:
    """The reserved share of the places of an ordinary week, pool by pool: what the office publishes."""
    total = sum(by_pool.values())
    return [
        _("%(percent)d %% des places (%(places)d par semaine) : %(pool)s")
        % {"percent": round(100 * places / total), "places": places, "pool": pool_name(pool)}
        for pool, places in sorted(by_pool.items())
        if pool != PUBLIC and places
    ]


def week_of(preview: Preview, zone: ZoneInfo) -> dict[str, Any] | None:
    """A week as the rules make it, day by day; None when they make no slot."""
    found = appointments.fullest_week(preview.wanted, zone)
    if found is None:
        return None
    monday, slots = found
    days = [
        _day(day, list(of_day), zone) for day, of_day in groupby(slots, key=lambda one: one.starts_at.astimezone(zone).date())
    ]
    return {"monday": day_in_words(monday), "days": days, "places": sum(one.capacity for one in slots)}


def crowd(preview: Preview, desks: int, zone: ZoneInfo) -> str:
    """When the rules have more people come at once than there are desks; empty when they never do."""
    found = appointments.busiest(preview.wanted)
    if found is None or found[1] <= desks:
        return ""
    moment, people = found[0].astimezone(zone), found[1]
    values = {"people": people, "day": WEEKDAYS[moment.weekday()], "hour": f"{moment:%H:%M}", "desks": desks}
    return (
        ngettext(
            "Le %(day)s à %(hour)s, %(people)d personnes viennent en même temps, pour %(desks)d guichet. Les places réservées"
            " s'ajoutent aux autres : réduisez les guichets d'une des deux lignes si elles les partagent.",
            "Le %(day)s à %(hour)s, %(people)d personnes viennent en même temps, pour %(desks)d guichets. Les places réservées"
            " s'ajoutent aux autres : réduisez les guichets d'une des deux lignes si elles les partagent.",
            desks,
        )
        % values
    )


def _day(day: date, slots: list[Planned], zone: ZoneInfo) -> dict[str, Any]:
    reserved: dict[str, int] = {}
    for one in slots:
        if one.pool != PUBLIC:
            reserved[one.pool] = reserved.get(one.pool, 0) + one.capacity
    return {
        "day": day_of_week(day),
        "count": len({one.starts_at for one in slots}),
        "places": sum(one.capacity for one in slots),
        "reserved": [
            _("%(pool)s : %(places)d") % {"pool": pool_name(pool), "places": places}
            for pool, places in sorted(reserved.items())
        ],
        "hours": sorted({f"{one.starts_at.astimezone(zone):%H:%M}" for one in slots}),
        "released": moment(slots[0].released_at.astimezone(zone)),
        "returns": _returns(slots, zone),
    }


def _returns(slots: Sequence[Planned], zone: ZoneInfo) -> str:
    """From when the reserved places of a day are everybody's; empty when they stay reserved."""
    first = min((one.returns_at for one in slots if one.returns_at is not None), default=None)
    return moment(first.astimezone(zone)) if first else ""


def person_line(booking: Booking, *, goes: bool) -> dict[str, Any]:
    """Somebody whom a change concerns."""
    offer = next((one for one in booking.offers.all() if one.state == one.State.OPEN), None)
    offered = offer is not None and booking.state == "offered"
    name = offer.entry.display_name if offer is not None and offered else booking.display_name
    return {
        "when": moment(booking.starts_at_local),
        "name": name or _("Personne qui remplit le formulaire"),
        "reference": booking.reference or "",
        "type": booking.type.name,
        "state": BOOKING_STATES.get(booking.state, booking.state),
        "no_address": goes and bool(booking.reference) and not booking.email,
        "phone": booking.phone,
        "is_booked": bool(booking.reference),
        "is_told": (bool(booking.reference) and bool(booking.email)) or offered,
        "goes": goes,
    }


def concerned(preview: Preview) -> dict[str, Any] | None:
    """Whom a change concerns, as a page lists them; None when it concerns nobody. One query."""
    if not preview.conflicts:
        return None
    goes = {number: one.goes for one in preview.conflicts for number in one.bookings}
    people = [person_line(one, goes=goes[one.pk]) for one in appointments.bookings_by_id(sorted(goes))]
    return {
        "leaving": [one for one in people if one["goes"]],
        "staying": [one for one in people if not one["goes"]],
        "numbers": sorted(goes),
        "told": sum(one["goes"] and one["is_told"] for one in people),
        "to_call": sum(one["no_address"] for one in people),
    }


def worked(found: Sequence[Holiday], kept: Collection[str]) -> list[str]:
    """The holidays ahead on which an agenda receives."""
    return [one["what"] for one in holidays(found, kept) if one["works"]]


def told(count: int) -> str:
    """How many of those whose slot went were written to."""
    return ngettext(
        "%(count)d personne est prévenue par courriel et choisit une autre plage.",
        "%(count)d personnes sont prévenues par courriel et choisissent une autre plage.",
        count,
    ) % {"count": count}


def to_call(count: int) -> str:
    """How many of them nobody can write to."""
    return ngettext(
        "%(count)d personne n'a pas d'adresse : appelez-la. Sa ligne est gardée ici.",
        "%(count)d personnes n'ont pas d'adresse : appelez-les. Leurs lignes sont gardées ici.",
        count,
    ) % {"count": count}


def delay(minutes: int) -> str:
    """«2 jours», «90 minutes»: in the largest unit that says it exactly; empty for none."""
    if not minutes:
        return ""
    if minutes % 1440 == 0:
        return ngettext("%(count)d jour", "%(count)d jours", minutes // 1440) % {"count": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(count)d heure", "%(count)d heures", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
