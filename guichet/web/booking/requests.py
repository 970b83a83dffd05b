"""A request by its mailed link: consult, confirm, cancel, move, download again. The links only show; acts are posted."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.bookings.calendar_file import calendar_file
from guichet.appointments.errors import Full
from guichet.appointments.lifecycle import Role, State, may
from guichet.appointments.models import Booking
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import whole_number
from guichet.web.booking import asked_to_move, grid, kept, links, steps, together
from guichet.web.booking.choosing import minutes_of
from guichet.web.booking.steps import texts_of
from guichet.web.booking.wall import render
from guichet.web.booking.words import deadline

STATES: dict[str, tuple[Promise, str]] = {
    State.TO_CONFIRM: (_("À confirmer"), "warning"),
    State.CONFIRMED: (_("Confirmé"), "success"),
    State.HONOURED: (_("Vous avez été reçu"), "info"),
    State.MISSED: (_("Manqué"), "error"),
    State.CANCELLED: (_("Annulé"), "error"),
    State.LAPSED: (_("Non confirmé à temps"), "error"),
}


# What became of the place, and what can be done: once nobody is expected any more.
WHAT_THEN: dict[str, Promise] = {
    State.LAPSED: _("Le délai pour confirmer est passé : la place a été rendue. Vous pouvez faire une nouvelle demande."),
    State.CANCELLED: _("Personne ne vous attend à cette date : la place a été rendue. Vous pouvez faire une nouvelle demande."),
    State.MISSED: _(
        "On vous attendait et votre arrivée n'a pas été notée. Si vous êtes venu, contactez le bureau. Sinon, faites une"
        " nouvelle demande."
    ),
}

PERSON = "personne"  # in addresses: the number of one of those who come together
_CANCELLED = _("Votre rendez-vous est annulé. Un courriel vous le dit.")
STANDING = (State.TO_CONFIRM, State.CONFIRMED)
# What is proposed to who finds nothing free is refused to who has a request already.
_NOT_FOR_MOVING = {"waiting_url": "", "attempt_url": "", "draw": None}


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: goes on without the token in the address. Writes nothing but the session."""
    found = appointments.booking_by_token(token)
    if found is None:
        messages.error(request, str(_("Ce lien ne mène à aucun rendez-vous. Ouvrez celui du dernier courriel reçu.")))
        return redirect("booking:find")
    kept.look_at(request, found, token)
    return redirect("booking:request")


def _of_a_request(view: Callable[[HttpRequest, Booking, str], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A page about the booking that stands for the request (of people who came together, the first one who still comes), and
    the token of its link. Without one, for instance the day after: to where it is found again."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        known = kept.looked_at(request)
        if known is None or known[0].state not in STATES:
            return links.lost(request)
        booking, token = known
        standing = [one for one in appointments.party_of(booking) if one.state in STANDING]
        return view(request, standing[0] if standing else booking, token)

    return page


@never_cache
@require_safe
@_of_a_request
def booking(request: HttpRequest, found: Booking, token: str) -> HttpResponse:
    """Where the request stands, and what can be done now."""
    made_here = kept.way(request, found.type).get("booking") == (found.party_id or found.pk)
    address = steps.address("address", found.type) if made_here else ""
    return render(request, "booking/request.html", _context(found, token) | {"address_url": address})


def _context(found: Booking, token: str) -> dict[str, Any]:
    party = appointments.party_of(found)
    standing = [one for one in party if one.state in STANDING] or [found]
    gone = any(one.must_move for one in standing)
    to_come = gone or found.slot.starts_at > clock.now()
    until = found.confirm_until
    over = found.state == State.TO_CONFIRM and not gone and until is not None and until <= clock.now()
    stands_as = State.LAPSED if over else State(found.state)  # the worker will say so in a moment
    label, level = STATES[stands_as]
    waits = stands_as == State.TO_CONFIRM
    return {
        "booking": found,
        "type": found.type,
        "office": found.type.office,
        "texts": texts_of(found.type),
        "slot": together.moment(standing),
        "people": [_person(one) for one in party] if len(party) > 1 else [],
        "party": len(standing),
        "minutes": minutes_of(found.type, found.slot),
        "state": label,
        "level": level,
        "what_then": WHAT_THEN.get(stands_as, ""),
        "waits": waits,
        "by_link": bool(token),
        **deadline(until, found.slot.agenda),
        "is_confirmed": found.state == State.CONFIRMED,
        "may_cancel": to_come and not over and may(found.state, "cancel", [Role.PERSON]),
        "may_move": to_come
        and not over
        and may(found.state, "move", [Role.PERSON])
        and any(one.may_choose_again for one in standing),
        "moved_too_often": found.type.may_move and not found.has_moves_left,
        "moving": found.type.text("moving"),
        "again_url": reverse("booking:type", args=(found.type.office.slug, found.type.slug)),
        "trail": [{"url": reverse("booking:index"), "label": _("Rendez-vous")}],
        **asked_to_move.context_of(standing),
    }


def _person(one: Booking) -> dict[str, Any]:
    """One of those who come together, as the page lists them; the others may be cancelled alone."""
    label, level = STATES[one.state]
    return {
        "booking": one,
        "number": str(one.pk),
        "hour": f"{one.starts_at_local:%H:%M}",
        "state": label,
        "level": level,
        "comes": one.state in STANDING,
    }


def _one_of(request: HttpRequest, found: Booking) -> Booking | None:
    """The person whom the address names, among those who come together; None when it names nobody of theirs."""
    number = whole_number((request.POST if request.method == "POST" else request.GET).get(PERSON, ""))
    party = appointments.party_of(found) if number is not None else []
    return next((one for one in party if one.pk == number and len(party) > 1), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_request
def confirm(request: HttpRequest, found: Booking, token: str) -> HttpResponse:
    """Confirms: only by the mailed link, which shows that the address is right."""
    if request.method != "POST" or not token:
        return redirect("booking:request")
    return _act(
        request, lambda: actions.confirm(token), _("Votre rendez-vous est confirmé. La convocation arrive par courriel.")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_request
def cancel(request: HttpRequest, found: Booking, token: str) -> HttpResponse:
    """Asks first; by POST, cancels: for all who come together, or for the one whom the address names."""
    alone = _one_of(request, found)
    if alone is None and (PERSON in request.GET or PERSON in request.POST):
        raise Http404
    if request.method == "POST":
        raw = appointments.token_of(alone or found)
        done = _("Ce rendez-vous est annulé. Un courriel vous le dit.") if alone else _CANCELLED
        return _act(request, lambda: actions.cancel(raw, alone=alone is not None), done)
    context = _context(found, token) | {"alone": alone, "fields": [{"name": PERSON, "value": str(alone.pk)}] if alone else []}
    context |= {"slot": together.moment([alone])} if alone else {}
    if not context["may_cancel"]:
        return redirect("booking:request")
    return render(request, "booking/cancel.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_request
def move(request: HttpRequest, found: Booking, token: str) -> HttpResponse:
    """The grid again, to take another slot with the same request."""
    context = _context(found, token)
    if not context["may_move"] or not context.get("has_way", True):
        return redirect("booking:request")
    type, pool = asked_to_move.where([one for one in appointments.party_of(found) if one.state in STANDING] or [found])
    if request.method != "POST":
        more = {"now_at": context["slot"], "own_type": found.type, "type": type, **_NOT_FOR_MOVING}
        return grid.show(request, type, "booking/move.html", context | more, pool=pool, party=context["party"])
    slot = grid.chosen_slot(request, type)
    if slot is None:
        messages.error(request, str(_("Choisissez une plage libre dans le tableau, puis continuez.")))
        return redirect(f"{reverse('booking:move')}{grid.query_of_week(request)}")
    try:
        actions.reschedule(found, slot.pk)
    except Full as refusal:
        messages.error(request, str(refusal.message))
        return redirect(f"{reverse('booking:move')}{grid.query_of_week(request)}")
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("booking:request")
    messages.success(request, str(_("Votre rendez-vous a changé de date. Un courriel le dit.")))
    return redirect("booking:request")


def _act(request: HttpRequest, act: Callable[[], Booking], done: "str | Promise") -> HttpResponse:
    try:
        act()
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, str(done))
    return redirect("booking:request")


@never_cache
@require_safe
@_of_a_request
def convocation(request: HttpRequest, found: Booking, _token: str) -> HttpResponse:
    """The convocation of a confirmed appointment, again."""
    found = _one_of(request, found) or found
    stands = found.state == State.CONFIRMED and not found.must_move
    document = certificates.document(found.convocation) if found.convocation and stands else None
    if document is None:
        raise Http404
    response = HttpResponse(certificates.pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    return response


@never_cache
@require_safe
@_of_a_request
def calendar(request: HttpRequest, found: Booking, _token: str) -> HttpResponse:
    """The appointment as a file for calendars."""
    if found.state != State.CONFIRMED or found.must_move:
        raise Http404
    others = [one for one in appointments.party_of(found) if one.state == State.CONFIRMED and one.pk != found.pk]
    response = HttpResponse(calendar_file(found, others=others), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response
