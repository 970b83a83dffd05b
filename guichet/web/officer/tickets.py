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
from guichet.offices import queries as office_queries
from guichet.offices.models import Office
from guichet.support import actions, powers, queries, words
from guichet.support.models import Ticket
from guichet.support.queries import NATIONAL, Filters
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import ticket_words
from guichet.web.officer.forms import TicketForm
from guichet.web.officer.pages import show, told
from guichet.web.officer.words import CONTEXT, LANGUAGES, who

APPLICATION_DIGITS = 19
ROLES = tuple(sorted(powers.POWERS["answer"]))


@officer_required(*ROLES)
@require_safe
def tickets(request: OfficerRequest) -> HttpResponse:
    asked = filters_from(request)
    found, more = queries.tickets(asked, after=_key(request.GET.get("apres", "")))
    query = {name: request.GET[name] for name in ("etat", "kind", "bureau") if request.GET.get(name)}
    context: dict[str, Any] = {
        "rows": [{"ticket": one, "kind": ticket_words.KINDS[one.kind], "topic": words.topic(one.topic)} for one in found],
        "kinds": list(ticket_words.KINDS.items()),
        "states": list(ticket_words.STATES.items()),
        "offices": _offices_to_choose(request),
        "may_choose_national": request.powers.national,
        "asked": asked,
        "state_label": ticket_words.STATES[asked.state],
        "is_filtered": asked != Filters(asked.offices),
        "first_url": f"?{urlencode(query)}" if request.GET.get("apres") else "",
        "next_url": f"?{urlencode({**query, 'apres': _written(found[-1])})}" if more else "",
    }
    return show(request, "officer/tickets.html", context)


def filters_from(request: OfficerRequest) -> Filters:
    """What the address asks, within reach; what it cannot ask is left out."""
    kind, state, office = (request.GET.get(name, "") for name in ("kind", "etat", "bureau"))
    return Filters(
        offices=offices_in_reach(request),
        state=state if state in Ticket.State.values else Ticket.State.OPEN.value,
        kind=kind if kind in Ticket.Kind.values else "",
        office=office if office == NATIONAL or is_code(office) else "",
    )


@officer_required(*ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: OfficerRequest, number: str) -> HttpResponse:
    found = ticket_or_404(request, number)
    action = request.POST.get("action", "")
    form = TicketForm(request.POST if request.method == "POST" and not action else None)
    if request.method == "POST":
        try:
            if action == "close":
                actions.close_ticket(found, by=request.officer)
                messages.success(request, _("La demande d'aide est close, sans réponse."))
                return redirect("officer:tickets")
            if action == "reopen":
                actions.reopen_ticket(found, by=request.officer)
                messages.success(request, _("La demande d'aide est rouverte."))
                return redirect("officer:ticket", found.number)
            if form.is_valid():
                actions.answer_ticket(found, by=request.officer, answer=form.cleaned_data["answer"])
                messages.success(request, _("La réponse part par courriel."))
                return redirect("officer:tickets")
        except ActionRefused as refusal:
            told(request, refusal)
            return redirect("officer:ticket", found.number)
    context = {
        **facts(found),
        "form": form,
        "is_open": found.state == Ticket.State.OPEN,
        "verbs": queries.verbs_for(found, request.powers),
        "replies": queries.replies_of(found),
        "convocations": [
            {"convocation": one, "purpose": ticket_words.PURPOSES[one.purpose]} for one in queries.convocations_of(found)
        ],
        "history": _history(found),
    }
    return show(request, "officer/ticket.html", context, trail=[(reverse("officer:tickets"), _("Demandes d'aide"))])


def facts(found: Ticket) -> dict[str, Any]:
    """What is known of a ticket, in words."""
    application = _application_number(found)
    said = found.context
    details: list[tuple[Any, Any]] = [
        (CONTEXT[name], said[name]) for name in CONTEXT if said.get(name) and digits(str(said[name])) != (application or None)
    ]
    if said.get("door") in ticket_words.DOORS:
        details.append((_("Ce qui était demandé"), ticket_words.DOORS[said["door"]]))
    return {
        "ticket": found,
        "kind": ticket_words.KINDS[found.kind],
        "topic": words.topic(found.topic),
        "language": LANGUAGES.get(found.language, found.language),
        "application_number": application,
        "details": details,
        "why": ticket_words.why(str(said.get("why", ""))),
        "claims": [
            (label, ticket_words.claim(name, queries.claimed_in(found)[name]))
            for name, label in ticket_words.CLAIMED.items()
            if queries.claimed_in(found).get(name)
        ],
    }


def ticket_or_404(request: OfficerRequest, number: str) -> Ticket:
    """The ticket, when it is in an office where this officer answers; what is out of reach does not exist."""
    found = queries.ticket(number)
    offices = offices_in_reach(request)
    if found is None or (offices is not None and found.office_id not in offices):
        raise Http404
    return found


def offices_in_reach(request: OfficerRequest) -> frozenset[str] | None:
    """Codes of the offices whose tickets this officer answers; None for all of them."""
    if request.powers.national:
        return None
    held = request.powers
    return frozenset(code for code in held.offices if powers.allowed("answer", held.roles_in(code)))


def _offices_to_choose(request: OfficerRequest) -> list[Office]:
    """The offices of the filter, where there is a choice."""
    reach = offices_in_reach(request)
    found = [office for office in office_queries.offices() if reach is None or office.code in reach]
    return sorted(found, key=lambda office: office.name) if len(found) > 1 else []


def _history(found: Ticket) -> list[dict[str, str | datetime]]:
    names = {office.code: office.name for office in office_queries.offices()}
    told_acts: list[dict[str, str | datetime]] = []
    for act in reversed(queries.history(found)):
        title, text = ticket_words.act(act.kind, act.data, names, actions.CHECKS)
        told_acts.append({"at": act.at, "title": title, "text": text, "by": who(act.actor_kind, act.who)})
    return told_acts


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
