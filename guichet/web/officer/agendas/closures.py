"""Days on which an office, or one of its agendas, receives nobody: whom that concerns first, then closing; opening again."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.agendas.errors import Conflicts, RulesRefused
from guichet.appointments.agendas.planning import Preview
from guichet.core import clock
from guichet.core.identifiers import whole_number
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas import reach, words
from guichet.web.officer.agendas.forms import ClosingForm
from guichet.web.officer.agendas.to_move import say_who
from guichet.web.officer.pages import show

CLOSE = "close"


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def closures(request: OfficerRequest, office: str) -> HttpResponse:
    """The closures ahead; for the administrator, the form: «see whom it concerns», then «close»."""
    found = reach.office_or_404(request, office)
    may_change = reach.may_change(request, found)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    agendas = [state.agenda for state in appointments.agenda_states(found)]
    today = clock.now().astimezone(appointments.zone_of(found, None)).date()
    form = ClosingForm(data, agendas=agendas, today=today)
    if data is None or not form.is_valid():
        return _page(request, found, form, may_change)
    agenda, first, last = form.wanted
    try:
        if data.get("action") != CLOSE:
            return _page(request, found, form, may_change, actions.preview_closing(found, first, last, agenda=agenda))
        done = actions.close_days(
            found,
            first,
            last,
            by=reach.actor(request),
            reason=form.cleaned_data["reason"],
            agenda=agenda,
            displace={number for number in map(whole_number, data.getlist("seen")) if number is not None},
        )
    except RulesRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return _page(request, found, form, may_change)
    except Conflicts as refusal:
        return _page(request, found, form, may_change, refusal.preview, decide=str(refusal.message))
    messages.success(request, _("Ces jours sont fermés : leurs plages ont disparu."))
    some_to_call = say_who(request, words.concerned(done))
    return redirect("officer:to_move" if some_to_call else "officer:closures", found.slug)


@officer_required()
@require_POST
def reopen(request: OfficerRequest, office: str, pk: int) -> HttpResponse:
    found = reach.office_to_change(request, office)
    closure = appointments.closure_of(found, pk)
    if closure is not None:  # else a colleague was faster: what was asked is done
        actions.reopen_days(closure, by=reach.actor(request))
    messages.success(request, _("Les jours sont rouverts et leurs plages refaites. Qui y avait rendez-vous le garde."))
    return redirect("officer:closures", found.slug)


def _page(
    request: OfficerRequest,
    office: Office,
    form: ClosingForm,
    may_change: bool,
    preview: Preview | None = None,
    *,
    decide: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "office": office,
        "form": form,
        "error_lines": form.error_lines if form.is_bound else [],
        "may_change": may_change,
        "closures": [
            {"days": words.period(one.first_day, one.last_day), "it": one, "what": one.agenda.name if one.agenda else ""}
            for one in appointments.closures_ahead(office)
        ],
        "holidays": words.holidays(appointments.holidays_ahead(office)),
        "decide": decide,
        "preview": preview,
    }
    if preview is not None:
        _agenda, first, last = form.wanted
        context |= {"days": words.period(first, last), "concerned": words.concerned(preview)}
    return show(request, "officer/agendas/closures.html", context, trail=reach.trail(office))
