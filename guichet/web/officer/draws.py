"""Draws of an office: announcing one, following it, typing its seed when the site cannot read the source.

Its administrator announces; any officer of the office may be one of the two who type a seed.
"""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.draws.errors import SeedRefused
from guichet.appointments.models import Agenda, AppointmentType, Draw
from guichet.appointments.releases import at_wall
from guichet.core import clock
from guichet.offices.models import Office
from guichet.web.design.forms import DateField3, GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas import reach, words
from guichet.web.officer.agendas.hours import hour_field
from guichet.web.officer.pages import show

STATES: dict[str, tuple[Promise, str]] = {
    "coming": (gettext_lazy("À venir"), "new"),
    "open": (gettext_lazy("Inscriptions ouvertes"), "success"),
    "closing": (gettext_lazy("Liste à publier"), "info"),
    "closed": (gettext_lazy("Liste publiée"), "info"),
    "awaited": (gettext_lazy("Graine attendue"), "warning"),
    "drawing": (gettext_lazy("Places en train d'être données"), "info"),
    "drawn": (gettext_lazy("Tirage fait"), "success"),
}
MOMENTS = ("opens", "closes", "draws", "leftovers")


class DrawForm(GuichetForm):
    """What an office decides of a draw."""

    agenda = forms.ChoiceField(label=gettext_lazy("Agenda"), help_text=gettext_lazy("Seuls ceux qui s'ouvrent par tirage."))
    type = forms.ChoiceField(label=gettext_lazy("Rendez-vous"))
    first_day = DateField3(label=gettext_lazy("Premier jour partagé"))
    last_day = DateField3(label=gettext_lazy("Dernier jour partagé"), help_text=gettext_lazy("Ce jour compris."))
    opens_on = DateField3(label=gettext_lazy("Ouverture des inscriptions"))
    opens_at = hour_field(gettext_lazy("Heure d'ouverture"))
    closes_on = DateField3(
        label=gettext_lazy("Fin des inscriptions"),
        help_text=gettext_lazy("Au moins un jour après : l'ordre d'arrivée ne compte pas."),
    )
    closes_at = hour_field(gettext_lazy("Heure de fin"))
    draws_on = DateField3(
        label=gettext_lazy("Tirage"), help_text=gettext_lazy("Au moins 15 minutes après la fin des inscriptions.")
    )
    draws_at = hour_field(gettext_lazy("Heure du tirage"))
    leftovers_on = DateField3(
        label=gettext_lazy("Places restantes ouvertes à tous"),
        help_text=gettext_lazy("Au moins un jour après le tirage, avant le premier jour partagé."),
    )
    leftovers_at = hour_field(gettext_lazy("Heure d'ouverture à tous"))

    def __init__(self, *args: Any, agendas: list[Agenda], types: list[AppointmentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agendas = {str(one.pk): one for one in agendas}
        self.types = {str(one.pk): one for one in types}
        self.fields["agenda"].choices = [(key, one.name) for key, one in self.agendas.items()]  # type: ignore[attr-defined]
        self.fields["type"].choices = [(key, one.name) for key, one in self.types.items()]  # type: ignore[attr-defined]
        for name in MOMENTS:
            self.fields[f"{name}_at"].required = True

    @property
    def wanted(self) -> tuple[Agenda, AppointmentType, actions.DrawPlan]:
        data = self.cleaned_data
        agenda = self.agendas[data["agenda"]]
        moments = {f"{name}_at": at_wall(data[f"{name}_on"], data[f"{name}_at"], agenda.zone) for name in MOMENTS}
        plan = actions.DrawPlan(first_day=data["first_day"], last_day=data["last_day"], **moments)
        return agenda, self.types[data["type"]], plan


class SeedForm(GuichetForm):
    seed = forms.CharField(
        label=gettext_lazy("Graine lue à la source"),
        max_length=80,
        help_text=gettext_lazy("La valeur « randomness » du tour annoncé : 64 chiffres et lettres de a à f."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@officer_required()
@require_safe
def draws(request: OfficerRequest, office: str) -> HttpResponse:
    """The draws of an office, the latest first."""
    found = reach.office_or_404(request, office)
    rows = [_row(one) for one in appointments.draws_of_office(found)]
    context = {"office": found, "rows": rows, "may_change": reach.may_change(request, found)}
    return show(request, "officer/draws.html", context, trail=reach.trail(found))


def stage_of(draw: Draw) -> str:
    """A key of :data:`STATES`."""
    now = clock.now()
    if draw.state == Draw.State.DRAWN:
        return "drawn"
    if draw.state == Draw.State.CLOSED:
        return "drawing" if draw.seed else "awaited" if draw.draws_at <= now else "closed"
    return "coming" if now < draw.opens_at else "open" if now < draw.closes_at else "closing"


def _row(draw: Draw) -> dict[str, Any]:
    stage = stage_of(draw)
    label, level = STATES[stage]
    zone = draw.agenda.zone
    return {
        "draw": draw,
        "stage": stage,
        "label": label,
        "level": level,
        "days": words.period(draw.first_day, draw.last_day),
        "public_url": reverse("booking:draw", args=(draw.type.office.slug, draw.type.slug, draw.slug)),
        **{f"{name}_at": words.moment(getattr(draw, f"{name}_at").astimezone(zone)) for name in MOMENTS},
    }


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, office: str) -> HttpResponse:
    """The form of a draw, filled with days that can do."""
    found = reach.office_to_change(request, office)
    agendas = [one.agenda for one in appointments.agenda_states(found) if one.agenda.release.get("rule") == "draw"]
    types = [one for one in appointments.types_to_set_up(found) if one.identity != AppointmentType.Identity.INVITATION]
    form = DrawForm(
        request.POST if request.method == "POST" else None,
        agendas=[one for one in agendas if one.active],
        types=types,
        initial=_proposed(found),
    )
    if form.is_valid():
        agenda, type, plan = form.wanted
        try:
            opened = actions.open_draw(agenda, type, plan, by=reach.actor(request))
        except RulesRefused as refusal:
            form.add_error(_field_of(form, refusal.field), str(refusal.message))
        else:
            messages.success(request, _("Le tirage est annoncé. Ses plages ne s'ouvrent à personne avant."))
            return redirect("officer:draw", found.slug, opened.pk)
    context = {"office": found, "form": form, "error_lines": form.error_lines if form.is_bound else [], "agendas": form.agendas}
    trail = [*reach.trail(found), (reverse("officer:draws", args=(found.slug,)), _("Tirages"))]
    return show(request, "officer/draw_new.html", context, trail=trail, status=422 if form.errors else 200)


def _field_of(form: DrawForm, field: str) -> str | None:
    """Where the form shows a refusal: a moment is told beside its day."""
    field = field.replace("_at", "_on") if field.endswith("_at") else field
    return field if field in form.fields else None


def _proposed(office: Office) -> dict[str, date | str]:
    """A week of registration, drawn the day after, for a week that comes later: days that no other draw of the office has."""
    zone = ZoneInfo(office.time_zone)
    others = appointments.draws_of_office(office)
    drawn = {one.draws_at.astimezone(zone).date() for one in others}
    day = clock.now().astimezone(zone).date()
    while day + timedelta(days=9) in drawn:
        day += timedelta(days=1)
    first = day + timedelta(days=21 - day.weekday())
    while any(one.first_day < first + timedelta(days=7) and first <= one.last_day for one in others):
        first += timedelta(days=7)
    return {
        "opens_on": day + timedelta(days=1),
        "closes_on": day + timedelta(days=8),
        "draws_on": day + timedelta(days=9),
        "leftovers_on": day + timedelta(days=12),
        "first_day": first,
        "last_day": first + timedelta(days=4),
        "opens_at": "09:00",
        "closes_at": "18:00",
        "draws_at": "10:00",
        "leftovers_at": "09:00",
    }


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: OfficerRequest, office: str, pk: int) -> HttpResponse:
    """Where a draw stands; by POST, one of the two entries of its seed."""
    found = reach.office_or_404(request, office)
    one = _draw_or_404(found, pk)
    form = SeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            known = actions.type_seed(one, form.cleaned_data["seed"], by=reach.actor(request))
        except SeedRefused as refusal:
            if refusal.code in ("seed_shape", "seed_same_hand"):
                form.add_error("seed", str(refusal.message))
            else:
                messages.error(request, str(refusal.message))
                return redirect("officer:draw", found.slug, pk)
        else:
            told = (
                _("Les deux saisies sont les mêmes : la graine est connue, les places vont être données.")
                if known
                else _("La graine est notée. Une autre personne du bureau doit la lire à la source et la saisir à son tour.")
            )
            messages.success(request, told)
            return redirect("officer:draw", found.slug, pk)
    context = {
        **_row(one),
        "office": found,
        "form": form,
        "error_lines": form.error_lines if form.is_bound else [],
        "may_cancel": reach.may_change(request, found) and one.state == Draw.State.OPEN and not one.asked,  # type: ignore[attr-defined]
        "half_typed": bool(one.typed_seed),
        "simulated": one.beacon["source"] == "simulated",
    }
    trail = [*reach.trail(found), (reverse("officer:draws", args=(found.slug,)), _("Tirages"))]
    return show(request, "officer/draw.html", context, trail=trail, status=422 if form.is_bound and form.errors else 200)


@officer_required()
@require_POST
def cancel(request: OfficerRequest, office: str, pk: int) -> HttpResponse:
    """Takes back a draw that nobody registered for."""
    found = reach.office_to_change(request, office)
    try:
        actions.cancel_draw(_draw_or_404(found, pk), by=reach.actor(request))
    except RulesRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("officer:draw", found.slug, pk)
    messages.success(request, _("Le tirage est retiré. Ses plages suivent de nouveau la règle de l'agenda."))
    return redirect("officer:draws", found.slug)


def _draw_or_404(office: Office, pk: int) -> Draw:
    found = appointments.draw_of_office(office, pk)
    if found is None:
        raise Http404
    return found


urlpatterns: list[URLPattern] = [
    path("agendas/<slug:office>/tirages/", draws, name="draws"),
    path("agendas/<slug:office>/tirages/annoncer/", new, name="draw_new"),
    path("agendas/<slug:office>/tirages/<int:pk>/", draw, name="draw"),
    path("agendas/<slug:office>/tirages/<int:pk>/retirer/", cancel, name="draw_cancel"),
]
