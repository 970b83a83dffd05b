"""A type of appointment: written in both languages, with its delays and its agendas."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.agendas.errors import RulesRefused, TypeChanged
from guichet.appointments.models import AppointmentType
from guichet.core.identifiers import whole_number
from guichet.core.typography import french
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas import reach, words
from guichet.web.officer.agendas.type_form import LISTS, TEXTS, TypeForm
from guichet.web.officer.pages import show

FIELD_OF = {"confirmation_minutes": "confirmation", "lead_minutes": "lead"}


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OfficerRequest, office: str) -> HttpResponse:
    return _write(request, reach.office_to_change(request, office), None)


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_type(request: OfficerRequest, office: str, type: str) -> HttpResponse:
    """Its administrator changes it; the other officers of the office read it."""
    found_office = reach.office_or_404(request, office)
    found = appointments.type_to_set_up(found_office, type)
    if found is None:
        raise Http404
    if reach.may_change(request, found_office):
        return _write(request, found_office, found)
    if request.method == "POST":
        raise PermissionDenied
    context = {"office": found_office, "type": found, **_said_of(found)}
    return show(request, "officer/agendas/type_read.html", context, trail=reach.trail(found_office))


def _write(request: OfficerRequest, office: Office, type: AppointmentType | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    agendas = [state.agenda for state in appointments.agenda_states(office)]
    form = TypeForm(data, type=type, agendas=agendas)
    version = type.version if type else 0
    more: dict[str, Any] = {}
    if data is not None:
        version = whole_number(data.get("version", "")) or 0
    if data is not None and form.is_valid():
        try:
            saved = _save(request, office, type, form, version)
        except RulesRefused as refusal:
            name = FIELD_OF.get(refusal.field, refusal.field)
            form.add_error(name if name in form.fields else None, str(refusal.message))
        except TypeChanged as refusal:
            assert type  # a new one has no version
            current = appointments.type_to_set_up(office, type.slug)
            assert current
            version = current.version
            more = {"changed": str(refusal.message), "current": current, **_said_of(current)}
        else:
            kept = _("Le rendez-vous est enregistré. Ceux qui l'ont déjà pris gardent ce qui leur a été dit.")
            messages.success(
                request, kept if type else _("Le rendez-vous est enregistré. Lisez sa page comme le public la voit.")
            )
            return redirect("officer:appointment_type", office.slug, saved.slug)
    context: dict[str, Any] = {
        "office": office,
        "type": type,
        "form": form,
        "version": version,
        "error_lines": form.error_lines if form.is_bound else [],
        "text_fields": [(form[f"{name}_fr"], form[f"{name}_en"]) for name in TEXTS],
        "list_fields": [(form[f"{name}_fr"], form[f"{name}_en"]) for name in LISTS],
        "public_url": public_url(type),
        **more,
    }
    return show(request, "officer/agendas/type.html", context, trail=reach.trail(office))


def _save(
    request: OfficerRequest, office: Office, type: AppointmentType | None, form: TypeForm, version: int
) -> AppointmentType:
    by = reach.actor(request)
    if type is None:
        return actions.open_type(office, form.columns, form.chosen_agendas, by=by)
    return actions.save_type(office, type.slug, form.columns, form.chosen_agendas, by=by, version=version)


def public_url(type: AppointmentType | None) -> str:
    """The page that the public sees; empty while there is none."""
    return reverse("booking:type", args=(type.office.slug, type.slug)) if type and type.active else ""


def _said_of(type: AppointmentType) -> dict[str, Any]:
    """A type as it is kept, in words."""
    return {
        "kept_name": french(type.name_fr),
        "kept_identity": words.IDENTITIES[type.identity],
        "kept_agendas": [agenda.name for agenda in type.agendas.all()],
        "kept_confirmation": words.delay(type.confirmation_minutes),
        "kept_lead": words.delay(type.lead_minutes),
        "public_url": public_url(type),
    }
