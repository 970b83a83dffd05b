"""The bot check, which once passed holds the chosen place at once."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.errors import AlreadyBooked, Full
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType, Slot
from guichet.core.errors import ActionRefused
from guichet.web.booking import kept, proofs, steps, together
from guichet.web.booking.grid import back_to_grid
from guichet.web.booking.identified import proof_of_identity, uninvited
from guichet.web.booking.words import local
from guichet.web.design import language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """A proof of work that the browser does by itself, or a question. Passed: the place is claimed."""
    found = steps.type_or_404(office, type)
    slot_id = kept.way(request, found).get("slot")
    slot = appointments.slot_of(found, slot_id) if slot_id else None
    if uninvited(request, found):
        return redirect(steps.address("type", found))
    if slot is None:
        return redirect(steps.address("slots", found))
    if request.method == "POST" and not language.is_switch(request):
        return _passed(request, found, slot)
    return _page(request, found, slot)


def _page(request: HttpRequest, type: AppointmentType, slot: Slot, refusal: ActionRefused | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "slot": local(slot, slot.agenda.zone),
        "slot_free": slot.is_free(),
        "party": together.chosen(request, type),
        **proofs.shown(request, refusal),
    }
    return steps.page(request, "booking/check.html", type, steps.CHECK, context, status=proofs.status_of(refusal))


def _passed(request: HttpRequest, type: AppointmentType, slot: Slot) -> HttpResponse:
    try:
        proof = proofs.passed(request)
    except proofs.REFUSALS as refusal:
        return _page(request, type, slot, refusal)
    return _claim(request, type, slot, proof)


def _claim(request: HttpRequest, type: AppointmentType, slot: Slot, proof: str) -> HttpResponse:
    browser, party = kept.browser(request), together.chosen(request, type)
    held = kept.any_hold(request, type)
    if held is not None:
        all_held = [one for one in appointments.party_of(held) if one.state == State.HELD]
        is_the_same = held.slot_id == slot.pk and len(all_held) == party
        if not is_the_same or kept.hold(request, type) is None:
            actions.give_up(held, session_key=browser)
    sent: dict[str, Any] = {
        "session_key": browser,
        "proof_key": proof,
        "request_key": kept.request_key(request, type),
        "language": get_language() or settings.LANGUAGE_CODE,
    }
    try:
        if party > 1:
            actions.claim_together(type, slot.pk, party, **sent)
        else:
            actions.claim(type, slot.pk, **sent, **proof_of_identity(request, type))
    except Full as refusal:
        messages.error(request, str(refusal.message))
        return back_to_grid(request, type, slot.pk, refusal.nearest)
    except AlreadyBooked as refusal:
        messages.error(request, _elsewhere() if refusal.is_yours else str(refusal.message))
        return redirect("booking:find" if not refusal.is_yours else steps.address("slots", type))
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return back_to_grid(request, type, slot.pk, ())
    return redirect(steps.address("details", type))


def _elsewhere() -> str:
    return _("Vous gardez déjà une plage pour un autre rendez-vous. Terminez cette demande, ou attendez dix minutes.")
