"""The bot check, which once passed holds the chosen place at once."""

from functools import partial
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
from guichet.appointments.errors import AlreadyBooked
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType
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
    if uninvited(request, found):
        return redirect(steps.address("type", found))
    if slot_id is None:
        return redirect(steps.address("slots", found))
    if request.method == "POST" and not language.is_switch(request):
        return _passed(request, found, slot_id)
    return _page(request, found, slot_id)


def _page(request: HttpRequest, type: AppointmentType, slot_id: int, refusal: ActionRefused | None = None) -> HttpResponse:
    slot = appointments.slot_of(type, slot_id)
    if slot is None:
        return redirect(steps.address("slots", type))
    context: dict[str, Any] = {
        "slot": local(slot, slot.agenda.zone),
        "slot_free": slot.is_free(),
        "party": together.chosen(request, type),
        **proofs.shown(request, refusal),
    }
    return steps.page(request, "booking/check.html", type, steps.CHECK, context, status=proofs.status_of(refusal))


def _passed(request: HttpRequest, type: AppointmentType, slot_id: int) -> HttpResponse:
    try:
        proof = proofs.passed(request)
    except proofs.REFUSALS as refusal:
        if refusal.code == "check_spent" and _holds_it(request, type, slot_id):
            return redirect(steps.address("details", type))
        return _page(request, type, slot_id, refusal)
    try:
        _claim(request, type, slot_id, proof)
    except AlreadyBooked as refusal:
        messages.error(request, _elsewhere() if refusal.is_yours else str(refusal.message))
        return redirect("booking:find" if not refusal.is_yours else steps.address("slots", type))
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return back_to_grid(request, type, slot_id, ())  # which looks for the nearest free ones, if it is looked at
    return redirect(steps.address("details", type))


def _holds_it(request: HttpRequest, type: AppointmentType, slot_id: int) -> bool:
    """Whether this browser holds these very places already: the button was pressed twice, and only this answer is shown."""
    held = kept.hold(request, type)
    if held is None or held.slot_id != slot_id:
        return False
    return sum(one.state == State.HELD for one in appointments.party_of(held)) == together.chosen(request, type)


def _claim(request: HttpRequest, type: AppointmentType, slot_id: int, proof: str) -> None:
    """Takes the place. One that this browser holds already is looked for only when it is in the way: most hold none."""
    browser, party = kept.browser(request), together.chosen(request, type)
    sent: dict[str, Any] = {
        "session_key": browser,
        "proof_key": proof,
        "request_key": kept.request_key(request, type),
        "language": get_language() or settings.LANGUAGE_CODE,
    }
    if party > 1:
        take = partial(actions.claim_together, type, slot_id, party, **sent)
    else:
        take = partial(actions.claim, type, slot_id, **sent, **proof_of_identity(request, type))
    try:
        take()
    except AlreadyBooked:
        held = kept.any_hold(request, type)
        if held is None:
            raise
        all_held = [one for one in appointments.party_of(held) if one.state == State.HELD]
        is_the_same = held.slot_id == slot_id and len(all_held) == party
        if is_the_same and kept.hold(request, type) is not None:
            return
        actions.give_up(held, session_key=browser)
        take()


def _elsewhere() -> str:
    return _("Vous gardez déjà une plage pour un autre rendez-vous. Terminez cette demande, ou attendez dix minutes.")
