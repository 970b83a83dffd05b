"""An agenda: written, previewed with the week that it makes, saved once the people it concerns are decided about."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.actions import AgendaRules
from guichet.appointments.agendas.errors import AgendaChanged, Conflicts, RulesRefused
from guichet.appointments.agendas.planning import Preview
from guichet.appointments.models import Agenda, AppointmentType
from guichet.core import clock
from guichet.core.identifiers import whole_number
from guichet.core.typography import french
from guichet.offices.models import Office
from guichet.web.design.forms import ErrorLine, summary
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas import reach, words
from guichet.web.officer.agendas.forms import AgendaForm, ReasonForm, ReplacementForm
from guichet.web.officer.agendas.hours import WeekForm, rearranged
from guichet.web.officer.agendas.to_move import say_who
from guichet.web.officer.pages import show

SAVE, PREVIEW = "save", "preview"


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, office: str) -> HttpResponse:
    return _write(request, reach.office_to_change(request, office), None)


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: OfficerRequest, office: str, agenda: str) -> HttpResponse:
    """Its administrator changes it; the other officers of the office read it."""
    found_office = reach.office_or_404(request, office)
    found = appointments.agenda_to_set_up(found_office, agenda)
    if found is None:
        raise Http404
    if reach.may_change(request, found_office):
        return _write(request, found_office, found)
    if request.method == "POST":
        raise PermissionDenied
    context = {"office": found_office, "agenda": found, **said_of(found), **_kept_preview(found_office, found)}
    return show(request, "officer/agendas/agenda_read.html", context, trail=reach.trail(found_office))


def said_of(agenda: Agenda) -> dict[str, Any]:
    """An agenda as it is kept, in words."""
    hours = appointments.hours_of(agenda)
    return {
        "kept_name": french(agenda.name_fr),
        "kept_release": words.release(agenda.release),
        "kept_hours": words.hours_by_day(hours, agenda.desks),
        "kept_worked": words.worked(appointments.holidays_ahead(agenda.office), agenda.worked_holidays),
    }


def _kept_preview(office: Office, agenda: Agenda) -> dict[str, Any]:
    """The week that an agenda makes as it is; nothing where its rules were written elsewhere and make none."""
    try:
        return _preview(office, agenda, _as_kept(agenda))
    except RulesRefused:
        return {}


def _as_kept(agenda: Agenda) -> AgendaRules:
    return AgendaRules(
        slug=agenda.slug,
        name_fr=agenda.name_fr,
        name_en=agenda.name_en,
        slot_minutes=agenda.slot_minutes,
        desks=agenda.desks,
        release=agenda.release,
        hours=appointments.hours_of(agenda),
        timezone=agenda.timezone,
        active=agenda.active,
        worked_holidays=agenda.worked_holidays,
    )


class _Written:
    """What the form holds at one moment: as kept, or as typed."""

    def __init__(self, request: OfficerRequest, office: Office, agenda: Agenda | None) -> None:
        self.office, self.agenda = office, agenda
        self.act = request.POST.get("action", SAVE)
        data: QueryDict | None = request.POST if request.method == "POST" else None
        arranged = rearranged(data, self.act) if data is not None else None
        self.only_arranges = arranged is not None
        self.form = AgendaForm(arranged or data, agenda=agenda, holidays=appointments.holidays_ahead(office))
        self.week = WeekForm(arranged or data, appointments.hours_of(agenda) if agenda else [])
        self.reason = ReasonForm(data) if data is not None else ReasonForm()
        self.replacement = ReplacementForm(types=[])
        self._data = data
        self.version = whole_number(request.POST.get("version", "")) if data is not None else agenda.version if agenda else None
        self.agreed = {number for number in map(whole_number, request.POST.getlist("seen")) if number is not None}
        self.errors: list[ErrorLine] = []
        self.is_checked = False

    def is_valid(self) -> bool:
        self.is_checked = True
        return all([self.form.is_valid(), self.week.is_valid(), self.reason.is_valid()])

    def ask_where(self, types: Sequence[AppointmentType]) -> bool:
        """Asks where the people of these types go, who find no open agenda any more; whether saving may go on."""
        others = [(type, appointments.replacements_of(type)) for type in types]
        if self.act == SAVE:
            self.replacement = ReplacementForm(self._data, types=others)
            return self.replacement.is_valid()
        typed = self._data.dict() if self._data is not None else {}
        self.replacement = ReplacementForm(types=others, initial=typed)
        return True

    @property
    def rules(self) -> AgendaRules:
        data = self.form.cleaned_data
        return AgendaRules(
            slug=self.agenda.slug if self.agenda else "",
            name_fr=data["name_fr"],
            name_en=data["name_en"],
            slot_minutes=data["slot_minutes"],
            desks=data["desks"],
            release=self.form.release,
            hours=self.week.hours,
            timezone=self.agenda.timezone if self.agenda else "",
            active=data["active"],
            worked_holidays=data["worked_holidays"],
        )

    def refuse(self, refusal: RulesRefused) -> None:
        """Puts what the rules refuse beside what is to be mended."""
        field = {"release": "rule"}.get(refusal.field, refusal.field)
        if field in self.form.fields:
            self.form.add_error(field, str(refusal.message))
        elif not self.week.refuse(refusal.hours, str(refusal.message)):
            self.errors.append(ErrorLine("horaires", refusal.message))

    @property
    def error_lines(self) -> list[ErrorLine]:
        if not self.is_checked:
            return []
        return summary(self.replacement, self.form, self.week.error_lines, self.reason, self.errors)


def _write(request: OfficerRequest, office: Office, agenda: Agenda | None) -> HttpResponse:
    written = _Written(request, office, agenda)
    if request.method != "POST":
        return _page(request, written, _kept_preview(office, agenda) if agenda else {})
    if written.only_arranges or not written.is_valid():
        return _page(request, written, {})
    try:
        before = {**_preview(office, agenda, written.rules), "is_preview": True}
        may_go_on = written.ask_where(appointments.types_by_id(before["preview"].stranded))
        if written.act == PREVIEW or not may_go_on:
            return _page(request, written, before)
        saved = actions.save_agenda(
            office,
            written.rules,
            by=reach.actor(request),
            agenda=agenda,
            version=(written.version or 0) if agenda else None,
            displace=written.agreed,
            reason=written.reason.cleaned_data["reason"],
            replacements=written.replacement.replacements,
        )
    except RulesRefused as refusal:
        written.refuse(refusal)
        return _page(request, written, {})
    except AgendaChanged as refusal:
        return _changed_meanwhile(request, written, refusal)
    except Conflicts as refusal:
        again = _preview(office, agenda, written.rules, people=refusal.preview)
        return _page(request, written, {**again, "is_preview": True, "decide": str(refusal.message)})
    _say_saved(request, saved)
    if say_who(request, before["concerned"]):
        return redirect("officer:to_move", office.slug)
    return redirect("officer:agenda", office.slug, saved.slug)


def _changed_meanwhile(request: OfficerRequest, written: _Written, refusal: AgendaChanged) -> HttpResponse:
    """Shows what a colleague saved beside what is typed: saving again is then a choice."""
    assert written.agenda  # a new one has no version
    current = appointments.agenda_to_set_up(written.office, written.agenda.slug)
    assert current
    written.version = current.version
    more = {"changed": str(refusal.message), "current": current, **said_of(current)}
    return _page(request, written, {**more, **_preview(written.office, current, written.rules), "is_preview": True})


def _preview(office: Office, agenda: Agenda | None, rules: AgendaRules, *, people: Preview | None = None) -> dict[str, Any]:
    """What these rules make and whom they concern, for the page. Raises ``RulesRefused``."""
    found = actions.preview_agenda(office, rules, agenda)
    zone = appointments.zone_of(office, agenda)
    first = found.first_release
    return {
        "preview": found,
        "week": words.week_of(found, zone),
        "first_release": words.moment(first.astimezone(zone)) if first else "",
        "open_now": first is not None and first <= clock.now(),
        "shares": words.shares(appointments.shares(rules.hours, slot_minutes=rules.slot_minutes, desks=rules.desks)),
        "crowd": words.crowd(found, rules.desks, zone),
        "concerned": words.concerned(people or found),
        "closed_agenda": not rules.active,
        "holidays": words.holidays(appointments.holidays_ahead(office), rules.worked_holidays),
    }


def _page(request: OfficerRequest, written: _Written, more: dict[str, Any]) -> HttpResponse:
    context = {
        "office": written.office,
        "agenda": written.agenda,
        "form": written.form,
        "days": written.week.days,
        "reason": written.reason,
        "replacement": written.replacement,
        "version": written.version,
        "error_lines": written.error_lines,
        **more,
    }
    return show(request, "officer/agendas/agenda.html", context, trail=reach.trail(written.office))


def _say_saved(request: OfficerRequest, agenda: Agenda) -> None:
    if not agenda.active:
        messages.success(request, _("L'agenda est fermé : plus personne ne peut y réserver."))
        return
    state = next(one for one in appointments.agenda_states(agenda.office) if one.agenda.pk == agenda.pk)
    messages.success(
        request,
        ngettext(
            "L'agenda est enregistré et ses plages sont faites. %(count)d place est libre cette semaine.",
            "L'agenda est enregistré et ses plages sont faites. %(count)d places sont libres cette semaine.",
            state.free_this_week,
        )
        % {"count": state.free_this_week},
    )
    if not state.types:
        messages.info(request, _("Aucun rendez-vous n'utilise encore cet agenda : choisissez-le dans un rendez-vous."))
