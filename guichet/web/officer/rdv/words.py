"""The day of appointments in the officers' words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Visit
from guichet.appointments.queries import situations
from guichet.appointments.visit_moves import Stage, allowed
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.offices.models import Office

STATES: Mapping[str, Promise] = {
    State.CONFIRMED: gettext_lazy("Attendu"),
    State.TO_CONFIRM: gettext_lazy("Pas encore confirmé"),
    State.HONOURED: gettext_lazy("Venu"),
    State.MISSED: gettext_lazy("Absent"),
    State.CANCELLED: gettext_lazy("Annulé"),
}
# Of how many people, as filters of the list.
FILTERS: Mapping[str, Promise] = {
    State.CONFIRMED: gettext_lazy("Attendus"),
    State.TO_CONFIRM: gettext_lazy("Pas encore confirmés"),
    State.HONOURED: gettext_lazy("Venus"),
    State.MISSED: gettext_lazy("Absents"),
    State.CANCELLED: gettext_lazy("Annulés"),
}
BADGES: Mapping[str, str] = {
    State.CONFIRMED: "info",
    State.TO_CONFIRM: "warning",
    State.HONOURED: "success",
    State.MISSED: "error",
    State.CANCELLED: "",
}
STAGES: Mapping[str, Promise] = {
    Stage.WAITING: gettext_lazy("Attend"),
    Stage.CALLED: gettext_lazy("Appelé"),
    Stage.SERVED: gettext_lazy("Reçu"),
    Stage.LEFT: gettext_lazy("Parti"),
}
NEEDS: Mapping[str, Promise] = {
    "priority": gettext_lazy("Prioritaire (carte mobilité inclusion, grossesse…)"),
    "step_free": gettext_lazy("Accès sans marche"),
    "sign_language": gettext_lazy("Langue des signes"),
    "interpreter": gettext_lazy("Interprète"),
}
NEED_MARKS: Mapping[str, Promise] = {**NEEDS, "priority": gettext_lazy("Prioritaire")}
# Languages in which people are spoken to at a counter: what the officer is told, no translation is promised.
LANGUAGES: Mapping[str, Promise] = {
    "fr": gettext_lazy("Français"),
    "en": gettext_lazy("Anglais"),
    "ar": gettext_lazy("Arabe"),
    "es": gettext_lazy("Espagnol"),
    "pt": gettext_lazy("Portugais"),
    "ru": gettext_lazy("Russe"),
    "uk": gettext_lazy("Ukrainien"),
    "tr": gettext_lazy("Turc"),
    "zh": gettext_lazy("Chinois"),
    "xx": gettext_lazy("Une autre langue"),
}
ACTS: Mapping[str, Promise] = {
    "call": gettext_lazy("Appeler"),
    "call_again": gettext_lazy("Rappeler"),
    "finish": gettext_lazy("Terminer"),
    "put_back": gettext_lazy("Remettre en attente"),
    "leave": gettext_lazy("Noter le départ"),
    "come_back": gettext_lazy("Remettre dans la file"),
}


def long_day(day: date) -> str:
    """«lundi 23 novembre 2026»."""
    return f"{date_format(day, 'l')} {day_in_words(day)}"


def local(moment: datetime, office: Office) -> datetime:
    return moment.astimezone(ZoneInfo(office.time_zone))


def minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


@dataclass(frozen=True)
class Line:
    """A booking as the day's list shows it."""

    booking: Booking
    starts_at: datetime
    state: Any
    badge: str
    detail: str
    needs: list[str]
    others: Sequence[Booking]  # those who come together with this one
    may_arrive: bool
    may_miss: bool
    may_correct: bool
    may_undo: bool


def visit_of(booking: Booking) -> Visit | None:
    """The visit of a booking that was read with it; None when the person did not come."""
    return getattr(booking, "visit", None)


def stands(booking: Booking) -> tuple[Any, str]:
    """Where somebody stands, and the colour of it."""
    visit = visit_of(booking)
    if visit is None or booking.state != State.HONOURED:
        return STATES.get(booking.state, booking.state), BADGES.get(booking.state, "")
    badge = "new" if visit.stage == Stage.WAITING else "success" if visit.stage != Stage.LEFT else ""
    return STAGES[visit.stage], badge


def line(booking: Booking, office: Office, today: date, others: Sequence[Booking] = ()) -> Line:
    """``others``: those who come together with this one."""
    starts_at = local(booking.slot.starts_at, office)
    day, visit = starts_at.date(), visit_of(booking)
    state, badge = stands(booking)
    detail = _where(visit, office) if visit is not None and booking.state == State.HONOURED else ""
    expected = booking.state in (State.CONFIRMED, State.MISSED)
    return Line(
        booking=booking,
        starts_at=starts_at,
        state=state,
        badge=badge,
        detail=detail,
        needs=needs_of(booking),
        others=others,
        may_arrive=day == today and expected,
        may_miss=booking.state == State.CONFIRMED and booking.slot.starts_at <= clock.now() and day <= today,
        may_correct=day < today and expected,
        may_undo=day == today and visit is not None and visit.stage == Stage.WAITING and not visit.calls,
    )


def _where(visit: Visit, office: Office) -> str:
    if visit.stage == Stage.CALLED:
        return _("%(ticket)s, guichet %(desk)s") % {"ticket": visit.ticket, "desk": visit.desk}
    if visit.stage == Stage.WAITING:
        since = local(visit.arrived_at, office)
        return _("%(ticket)s, depuis %(hour)s") % {"ticket": visit.ticket, "hour": f"{since:%H:%M}"}
    return visit.ticket


def needs_of(booking: Booking) -> list[str]:
    """What was said with the booking, each with its name: what a student comes for, what was asked for."""
    situation = [each.label for each in situations() if each.id == booking.situation]
    names = {"access": _("À prévoir"), "interpreter": _("Interprète"), "companion": _("Accompagné")}
    given = booking.needs or {}
    asked = [f"{names[kind]}{_(' : ')}{given[kind]}" for kind in names if given.get(kind)]
    return [*(f"{_('Situation')}{_(' : ')}{label}" for label in situation), *asked]


@dataclass(frozen=True)
class Waiting:
    """A visit as the queue shows it. ``acts``: (verb, words) open from where it stands."""

    visit: Visit
    who: str
    purpose: str
    arrived_at: datetime
    waited: str
    due: str
    needs: list[str]
    language: Any
    stage: Any
    acts: list[tuple[str, Any]]
    others: Sequence[Booking]  # those who come together with this one


def waiting(visit: Visit, office: Office, others: Sequence[Booking] = ()) -> Waiting:
    """``others``: those who come together with this one."""
    booking = visit.booking
    needs = [str(NEED_MARKS[need]) for need in visit.needs if need in NEED_MARKS]
    verbs = [verb for verb in allowed(visit.stage) if verb in ACTS]
    return Waiting(
        visit=visit,
        who=booking.display_name if booking else "",
        purpose=visit.type.name if visit.type else _("Renseignement ou autre motif"),
        arrived_at=local(visit.arrived_at, office),
        waited=minutes(max(int((clock.now() - visit.arrived_at).total_seconds() // 60), 0)),
        due=f"{local(booking.slot.starts_at, office):%H:%M}" if booking else "",
        needs=[*needs, *(needs_of(booking) if booking else [])],
        language="" if visit.language == "fr" else LANGUAGES.get(visit.language, visit.language),
        stage=STAGES[visit.stage],
        acts=[(verb, ACTS[verb]) for verb in verbs],
        others=others,
    )


@dataclass(frozen=True)
class Companion:
    """One of those who come together with somebody."""

    booking: Booking
    starts_at: datetime
    state: Any


@dataclass(frozen=True)
class Arrival:
    """What the counter reads of somebody who has just been checked in."""

    booking: Booking
    visit: Visit
    title: str
    said: str
    level: str  # of the box
    needs: list[str]
    people: list[Companion]
    more: bool  # some of them are still expected today


def on_arrival(booking: Booking, visit: Visit, office: Office, others: Sequence[Booking], *, again: bool) -> Arrival:
    """``again``: the arrival was noted before."""
    starts_at = local(booking.slot.starts_at, office)
    named = {"name": booking.display_name, "hour": f"{starts_at:%H:%M}", "since": f"{local(visit.arrived_at, office):%H:%M}"}
    if again:
        title = _("Arrivée déjà notée à %(since)s : %(name)s, rendez-vous de %(hour)s") % named
        said, level = _where_now(visit), "info"
    else:
        title = _("Arrivée notée : %(name)s, rendez-vous de %(hour)s") % named
        said, is_late = _how_late(booking, visit, office)
        level = "warning" if is_late else "success"
    people = [Companion(one, local(one.slot.starts_at, office), stands(one)[0]) for one in others]
    more = [one for one in people if one.booking.state == State.CONFIRMED and one.starts_at.date() == starts_at.date()]
    return Arrival(booking, visit, title, said, level, needs_of(booking), people, bool(more))


def _where_now(visit: Visit) -> str:
    if visit.stage == Stage.CALLED:
        return _("La personne est appelée au guichet %(desk)s.") % {"desk": visit.desk}
    if visit.stage == Stage.SERVED:
        return _("La personne a déjà été reçue.")
    return _("La personne attend son appel.")


def _how_late(booking: Booking, visit: Visit, office: Office) -> tuple[str, bool]:
    """What to say of when somebody came, and whether they are late."""
    gap = round((visit.arrived_at - booking.slot.starts_at).total_seconds() / 60)
    if gap > 0:
        late = _("Arrivée avec %(minutes)s de retard.") % {"minutes": minutes(gap)}
        lost = visit.due_at > booking.slot.starts_at
        return (f"{late} {_('Le tour est passé : la personne attend à partir de maintenant.')}" if lost else late), True
    if gap < -60:
        hour = {"hour": f"{local(booking.slot.starts_at, office):%H:%M}"}
        return _("Très en avance : elle passera vers %(hour)s, ou plus tôt si personne d'autre n'attend.") % hour, False
    return "", False
