"""An entry of the waiting list by its mailed link: consult, accept or decline what is offered, leave. The link only shows;
acts are posted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.models import Booking, Offer, WaitingEntry
from guichet.appointments.waiting.errors import OfferOver, UnknownEntry
from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import whole_number
from guichet.web.booking import kept
from guichet.web.booking.already import WAITING
from guichet.web.booking.choosing import minutes_of
from guichet.web.booking.links import LinkLost, behind_link
from guichet.web.booking.steps import texts_of
from guichet.web.booking.wall import render
from guichet.web.booking.words import day_of_week, local, people

STATES: dict[str, tuple[Promise, str]] = {
    WaitingEntry.State.WAITING: (_("En attente"), "info"),
    WaitingEntry.State.OFFERED: (_("Une place vous est proposée"), "warning"),
    WaitingEntry.State.BOOKED: (_("Vous avez un rendez-vous"), "success"),
    WaitingEntry.State.LEFT: (_("Inscription terminée"), "error"),
}


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: goes on without the token in the address. Writes nothing but the session."""
    if appointments.waiting_entry_by_token(token) is None:
        messages.error(request, str(UnknownEntry().message))
        return redirect("booking:find")
    request.session[WAITING] = token
    return redirect("booking:waiting_entry")


def _looked_at(request: HttpRequest) -> tuple[WaitingEntry, str]:
    token = str(request.session.get(WAITING, ""))
    entry = appointments.waiting_entry_by_token(token)
    if entry is None:
        raise LinkLost
    return entry, token


@never_cache
@require_safe
@behind_link
def entry(request: HttpRequest) -> HttpResponse:
    """Where the entry stands, and what can be done now."""
    found, _token = _looked_at(request)
    return render(request, "booking/waiting_entry.html", _context(found))


def _context(found: WaitingEntry) -> dict[str, Any]:
    label, level = STATES[found.state]
    context: dict[str, Any] = {
        "entry": found,
        "type": found.type,
        "office": found.type.office,
        "texts": texts_of(found.type),
        "state": label,
        "level": level,
        "joined_on": day_of_week(found.joined_at.astimezone(clock.PARIS)),
        "is_waiting": found.state == WaitingEntry.State.WAITING,
        "is_booked": found.state == WaitingEntry.State.BOOKED,
        "may_leave": found.state in (WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED),
        "again_url": reverse("booking:type", args=(found.type.office.slug, found.type.slug)),
        "trail": [{"url": reverse("booking:index"), "label": _("Rendez-vous")}],
    }
    if found.state == WaitingEntry.State.OFFERED:
        return context | _offered(appointments.last_offer_of(found))
    if found.state == WaitingEntry.State.WAITING:
        context["before"] = people(appointments.people_before(found))
    return context


def _offered(offer: Offer | None) -> dict[str, Any]:
    """The place that is offered; nothing to accept once its time is over, even before the worker passes."""
    assert offer is not None  # by the state
    slot, zone = offer.booking.slot, offer.booking.slot.agenda.zone
    until = offer.accept_until.astimezone(zone)
    return {
        "offer": offer,
        "slot": local(slot, zone),
        "minutes": minutes_of(offer.booking.type, slot),
        "until": until,
        "until_day": day_of_week(until),
        "is_over": offer.accept_until <= clock.now() or slot.withdrawn_at is not None,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def accept(request: HttpRequest) -> HttpResponse:
    """By POST, the place is theirs."""
    _found, token = _looked_at(request)
    if request.method != "POST":
        return redirect("booking:waiting_entry")
    try:
        booking: Booking = actions.accept_offer(token, _offer_posted(request))
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("booking:waiting_entry")
    messages.success(request, str(_("Votre rendez-vous est confirmé. La convocation arrive par courriel.")))
    kept.look_at(request, booking, appointments.token_of(booking))
    return redirect("booking:request")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def decline(request: HttpRequest) -> HttpResponse:
    """By POST, the place goes to the next; the turn is kept."""
    return _act(
        request,
        lambda token: actions.decline_offer(token, _offer_posted(request)),
        _("Vous avez refusé cette place. Vous gardez votre tour sur la liste d'attente."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def leave(request: HttpRequest) -> HttpResponse:
    """Asks first; by POST, leaves."""
    found, _token = _looked_at(request)
    if request.method != "POST" and found.state in (WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED):
        return render(request, "booking/waiting_leave.html", _context(found))
    return _act(request, actions.leave_waiting_list, _("Vous n'êtes plus sur la liste d'attente."))


def _offer_posted(request: HttpRequest) -> int:
    """The offer that the page showed: another one may have come since."""
    number = whole_number(request.POST.get("offer", ""))
    if number is None:
        raise OfferOver
    return number


def _act(request: HttpRequest, act: Callable[[str], object], done: "str | Promise") -> HttpResponse:
    _found, token = _looked_at(request)
    if request.method == "POST":
        try:
            act(token)
        except ActionRefused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, str(done))
    return redirect("booking:waiting_entry")
