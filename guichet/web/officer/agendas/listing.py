"""What an office receives for, and when: its agendas, its types and its closures, each with its state in words."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType
from guichet.appointments.queries import AgendaState
from guichet.core.dates import day_in_words
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas import reach, words
from guichet.web.officer.pages import show


@officer_required()
@require_safe
def agendas(request: OfficerRequest) -> HttpResponse:
    """``?bureau=``: one of the offices in reach, where there are several; the first otherwise."""
    offices = reach.offices_of(request)
    office = _chosen(offices, request.GET.get("bureau", ""))
    context: dict[str, Any] = {"offices": offices if len(offices) > 1 else [], "office": office}
    if office is not None:
        context |= {
            "may_change": reach.may_change(request, office),
            "to_move": appointments.count_to_move(office),
            "agendas": [_agenda(state) for state in appointments.agenda_states(office)],
            "types": [_type(one) for one in appointments.types_to_set_up(office)],
            "closures": [
                {"days": words.period(one.first_day, one.last_day), "what": one.agenda.name if one.agenda else "", "it": one}
                for one in appointments.closures_ahead(office)
            ],
        }
    return show(request, "officer/agendas/agendas.html", context)


def _chosen(offices: list[Office], slug: str) -> Office | None:
    if not slug:
        return offices[0] if offices else None
    found = next((office for office in offices if office.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _agenda(state: AgendaState) -> dict[str, Any]:
    agenda = state.agenda
    return {
        "state": state,
        "agenda": agenda,
        "next_release": words.moment(state.next_release) if state.next_release else "",
        "made_until": day_in_words(state.made_until) if state.made_until else "",
        "release": words.release(agenda.release),
        "shares": words.shares(state.shares),
    }


def _type(type: AppointmentType) -> dict[str, Any]:
    agendas = list(type.agendas.all())
    return {
        "type": type,
        "agendas": agendas,
        "identity": words.IDENTITIES[type.identity],
        "has_places": any(agenda.active for agenda in agendas),
        "public_url": reverse("booking:type", args=(type.office.slug, type.slug)) if type.active else "",
    }
