"""Registering for a draw: the wishes, who one is where the type asks, the details, the bot check."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.draws.errors import DrawNotOpen
from guichet.appointments.errors import AlreadyBooked, MailboxFull
from guichet.appointments.models import AppointmentType, Draw, DrawRegistration
from guichet.core.errors import ActionRefused
from guichet.web.booking import asking, kept, proofs, steps
from guichet.web.booking.details import shown_identity
from guichet.web.booking.draw_forms import DrawDetailsForm, WishesForm, initial_of
from guichet.web.booking.draw_words import address, stage_of
from guichet.web.booking.draws import about, draw_or_404
from guichet.web.booking.forms import details_of
from guichet.web.booking.identified import proof_of_identity, situation_of
from guichet.web.booking.wall import render
from guichet.web.booking.words import day_of_week

Way = dict[str, Any]  # {"slug", "wishes", "key"}: kept under ``draw`` while one registers


def _way(request: HttpRequest, draw: Draw) -> Way:
    """What was chosen for this draw; empty when nothing was."""
    way = kept.way(request, draw.type).get("draw") or {}
    return dict(way) if way.get("slug") == draw.slug else {}


def _not_open(request: HttpRequest, draw: Draw) -> HttpResponse | None:
    if stage_of(draw) == "open" and draw.type.active:
        return None
    messages.error(request, str(DrawNotOpen().message))
    return redirect(address("draw", draw))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """From one to five slots, in order of preference."""
    draw = draw_or_404(office, type, date)
    if away := _not_open(request, draw):
        return away
    accepted = kept.way(request, draw.type).get("accepted", False)
    form = WishesForm(
        request.POST if request.method == "POST" else None,
        draw=draw,
        slots=appointments.slots_of_draw(draw),
        asks_conditions=not accepted,
        initial=initial_of(_way(request, draw).get("wishes", [])),
    )
    if form.is_valid():
        chosen = {"slug": draw.slug, "wishes": form.wishes, "key": str(uuid4())}
        kept.keep(request, draw.type, accepted=True, draw=chosen, draw_sent=None)
        if _needs_identity(request, draw.type):
            kept.keep(request, draw.type, draw_waits=draw.slug)
            return redirect(steps.address("identity", draw.type))
        return redirect(address("draw_details", draw))
    context = {"form": form, **about(draw)}
    return render(request, "booking/draw_wishes.html", context, status=422 if form.errors else 200)


def _needs_identity(request: HttpRequest, type: AppointmentType) -> bool:
    return type.identity == AppointmentType.Identity.STUDENT and not kept.way(request, type).get("person_key")


def _turned_back(request: HttpRequest, draw: Draw) -> HttpResponse | None:
    """Where to go instead: the wishes come first, and who one is."""
    if away := _not_open(request, draw):
        return away
    if not _way(request, draw):
        return redirect(address("draw_done" if kept.way(request, draw.type).get("draw_sent") else "draw_wishes", draw))
    if _needs_identity(request, draw.type):
        return redirect(steps.address("identity", draw.type))
    return None


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """Who takes part, and where to write."""
    draw = draw_or_404(office, type, date)
    if away := _turned_back(request, draw):
        return away
    form, identity = asking.details(request, draw.type, DrawDetailsForm, kept_as="typed")
    if form.is_valid():
        return redirect(address("draw_check", draw))
    context = {"form": form, "kept_days": appointments.kept_days(), **about(draw), **shown_identity(identity)}
    return render(request, "booking/draw_details.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """The bot check; passed: registered."""
    draw = draw_or_404(office, type, date)
    if away := _turned_back(request, draw):
        return away
    if not kept.way(request, draw.type).get("typed"):
        return redirect(address("draw_details", draw))
    proof, refusal = proofs.posted(request)
    if proof:
        return _register(request, draw, proof)
    context = {**about(draw), **proofs.shown(request, refusal)}
    return render(request, "booking/draw_check.html", context, status=proofs.status_of(refusal))


def _register(request: HttpRequest, draw: Draw, proof: str) -> HttpResponse:
    way = _way(request, draw)
    typed = kept.way(request, draw.type)["typed"]
    given = details_of(typed, get_language() or settings.LANGUAGE_CODE, situation_of(request, draw.type))
    try:
        made = actions.register_for_draw(
            draw,
            given,
            way["wishes"],
            request_key=UUID(way["key"]),
            proof_key=proof,
            person_key=proof_of_identity(request, draw.type).get("person_key"),
        )
    except AlreadyBooked as refusal:
        messages.error(request, str(refusal.message))
        kept.lost_with(request, given.email)
        return redirect("booking:find")
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(address("draw_details" if isinstance(refusal, MailboxFull) else "draw", draw))
    kept.keep(request, draw.type, typed=None, draw=None, draw_sent=sent_of(made))
    return redirect(address("draw_done", draw))


def sent_of(made: DrawRegistration) -> dict[str, str]:
    """What the last page says of a registration: where the mail went, until when to answer it."""
    return {"slug": made.draw.slug, "email": made.email, "until": made.confirm_until.isoformat()}


@never_cache
@require_safe
def done(request: HttpRequest, office: str, type: str, date: str) -> HttpResponse:
    """Written to: what is left to do."""
    draw = draw_or_404(office, type, date)
    sent = kept.way(request, draw.type).get("draw_sent") or {}
    if sent.get("slug") != draw.slug:
        return redirect(address("draw", draw))
    until = datetime.fromisoformat(sent["until"]).astimezone(draw.agenda.zone)
    context = {"email": sent["email"], "until": until, "until_day": day_of_week(until), **about(draw)}
    return render(request, "booking/draw_done.html", context)
