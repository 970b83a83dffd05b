"""Requests for help: those of the officer's offices; a national post reads them all."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import digits, is_code
from guichet.instruction.powers import OFFICE_POWERS
from guichet.support import actions, queries
from guichet.support.models import Ticket
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.forms import TicketForm
from guichet.web.officer.pages import show, told

APPLICATION_DIGITS = 19
ROLES = tuple(sorted(OFFICE_POWERS["answer_tickets"]))


@officer_required(*ROLES)
@require_safe
def tickets(request: OfficerRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    kind = kind if kind in Ticket.Kind.values else ""
    found, more = queries.waiting(offices=_offices(request), kind=kind, after=_key(request.GET.get("apres", "")))
    query = {"kind": kind} if kind else {}
    context: dict[str, Any] = {
        "rows": [{"ticket": ticket, "kind": words.TICKETS[ticket.kind]} for ticket in found],
        "kinds": list(words.TICKETS.items()),
        "kind": kind,
        "first_url": f"?{urlencode(query)}" if request.GET.get("apres") else "",
        "next_url": f"?{urlencode({**query, 'apres': _written(found[-1])})}" if more else "",
    }
    return show(request, "officer/tickets.html", context)


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: OfficerRequest, number: str) -> HttpResponse:
    found = _ticket(request, number)
    form = TicketForm(request.POST if request.method == "POST" and request.POST.get("action") != "close" else None)
    if request.method == "POST":
        try:
            if request.POST.get("action") == "close":
                actions.close_ticket(found, by=request.user)
                messages.success(request, _("La demande d'aide est close, sans réponse."))
                return redirect("officer:tickets")
            if form.is_valid():
                actions.answer_ticket(found, by=request.user, answer=form.cleaned_data["answer"])
                messages.success(request, _("La réponse part par courriel."))
                return redirect("officer:tickets")
        except ActionRefused as refusal:
            told(request, refusal)
            return redirect("officer:ticket", found.number)
    context = {
        "ticket": found,
        "kind": words.TICKETS[found.kind],
        "form": form,
        "is_open": found.state == Ticket.State.OPEN,
        "language": words.LANGUAGES.get(found.language, found.language),
        "application_number": _application_number(found),
        "details": [
            (words.CONTEXT[name], words.CAPACITIES.get(str(value), value))
            for name, value in found.context.items()
            if name in words.CONTEXT and value and str(value) != _application_number(found)
        ],
    }
    return show(request, "officer/ticket.html", context, trail=[(reverse("officer:tickets"), _("Demandes d'aide"))])


def _offices(request: OfficerRequest) -> list[str] | None:
    """Codes of the offices whose tickets this officer answers; None for all of them."""
    if request.powers.national:
        return None
    allowed = OFFICE_POWERS["answer_tickets"]
    return sorted(code for code in request.powers.offices if request.powers.roles_in(code) & allowed)


def _ticket(request: OfficerRequest, number: str) -> Ticket:
    found = queries.ticket(number)
    offices = _offices(request)
    if found is None or (offices is not None and found.office_id not in offices):
        raise Http404
    return found


def _application_number(found: Ticket) -> str:
    """The number of the application it is about, where the person gave one."""
    for name in ("application", "reference"):
        number = digits(str(found.context.get(name, "")))
        if len(number) == APPLICATION_DIGITS:
            return number
    return ""


def _written(last: Ticket) -> str:
    return f"{last.created_at.isoformat()}_{last.number}"


def _key(text: str) -> tuple[datetime, str] | None:
    at, _separator, number = text.partition("_")
    moment = clock.read_instant(at)
    return (moment, number) if moment and is_code(number) else None
