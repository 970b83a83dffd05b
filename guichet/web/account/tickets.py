"""My requests for help: what I wrote, what was answered."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.accounts.models import Account
from guichet.support import queries, words
from guichet.support.models import Ticket
from guichet.web.account.trail import under_account
from guichet.web.design.guards import applicant_required

STATES: dict[str, Promise] = {
    Ticket.State.OPEN: _("En attente de réponse"),
    Ticket.State.ANSWERED: _("Répondue"),
    Ticket.State.CLOSED: _("Close"),
}
BADGES = {Ticket.State.OPEN: "info", Ticket.State.ANSWERED: "success", Ticket.State.CLOSED: ""}
# What was done besides a written answer.
RESOLVED: dict[str, Promise] = {
    Ticket.Resolution.ACTIVATION_LINK: _("Nous vous avons envoyé le lien qui ouvre le compte."),
    Ticket.Resolution.NEW_ADDRESS: _("Votre compte a maintenant l'adresse électronique que vous avez indiquée."),
}


@never_cache
@require_safe
@applicant_required
def tickets(request: HttpRequest) -> HttpResponse:
    found = queries.tickets_of(cast(Account, request.user))
    context = {"tickets": [_told(ticket) for ticket in found], "trail": under_account()}
    return render(request, "account/tickets.html", context)


def _told(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "topic": words.topic(ticket.topic) or words.topic("other"),
        "state": STATES[Ticket.State(ticket.state)],
        "badge": BADGES[Ticket.State(ticket.state)],
        "resolved": RESOLVED.get(ticket.resolution, "") if ticket.state == Ticket.State.ANSWERED else "",
    }
