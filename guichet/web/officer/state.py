"""The state of the service: registries, outbox. No address, no name: who repairs needs neither."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guichet.accounts import queries as accounts
from guichet.instruction.powers import OFFICE_POWERS
from guichet.messaging import actions
from guichet.messaging import queries as messaging
from guichet.messaging.models import OutboxMessage
from guichet.registries import queries as registries
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import show

ROLES = tuple(sorted(OFFICE_POWERS["see_set_up"]))
REGISTRIES: dict[str, Promise] = {
    "agdref": gettext_lazy("Registre des étrangers (AGDREF)"),
    "fne": gettext_lazy("Titres de séjour (FNE)"),
    "visabio": gettext_lazy("Visas (VISABIO)"),
    "ine": gettext_lazy("Étudiants (INE)"),
    "ephoto": gettext_lazy("Photos et signatures (e-photo)"),
    "addresses": gettext_lazy("Adresses"),
    "beacon": gettext_lazy("Source publique des tirages"),
}
OUTBOX: dict[str, Promise] = {
    OutboxMessage.State.WAITING: gettext_lazy("En attente"),
    OutboxMessage.State.SENT: gettext_lazy("Partis"),
    OutboxMessage.State.FAILED: gettext_lazy("Abandonnés"),
    OutboxMessage.State.BOUNCED: gettext_lazy("Refusés par le destinataire"),
}


def _registries() -> list[dict[str, Any]]:
    return [
        {"name": REGISTRIES.get(one.name, one.name), "is_real": one.nature == "real", "answers": one.reachable}
        for one in registries.states()
    ]


def _franceconnect() -> list[dict[str, Any]]:
    """Where the site is connected to it."""
    if not accounts.franceconnect_is_open():
        return []
    is_real = not accounts.franceconnect_is_simulated()
    return [
        {"name": _("Connexion des usagers (FranceConnect)"), "is_real": is_real, "answers": accounts.franceconnect_answers()}
    ]


@officer_required(*ROLES)
@require_safe
def state(request: OfficerRequest) -> HttpResponse:
    counts = messaging.outbox_counts()
    context: dict[str, Any] = {
        "services": [*_registries(), *_franceconnect()],
        "outbox": [{"label": label, "number": counts.get(key, 0)} for key, label in OUTBOX.items()],
        "undelivered": [{"message": one, "state": OUTBOX[one.state]} for one in messaging.undelivered()],
    }
    return show(request, "officer/state.html", context)


@officer_required(*ROLES)
@require_POST
def retry(request: OfficerRequest, pk: UUID) -> HttpResponse:
    """Another chance for a message."""
    found = messaging.message(pk)
    if found is None:
        raise Http404
    actions.retry_now(found)
    messages.success(request, _("Le message repart au prochain passage de l'envoi."))
    return redirect("officer:state")
