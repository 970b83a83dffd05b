"""A registration by its mailed link: confirm, consult, change the wishes, leave. The link only shows; acts are posted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.draws.errors import UnknownRegistration
from guichet.appointments.models import DrawRegistration
from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.web.booking.draw_forms import WishesForm, initial_of, slot_label
from guichet.web.booking.draw_words import address, stage_of
from guichet.web.booking.draws import about
from guichet.web.booking.links import LinkLost, behind_link
from guichet.web.booking.wall import render
from guichet.web.booking.words import day_of_week

REGISTRATION = "rdv_draw"  # the token of the registration that is being looked at
TO_CONFIRM: tuple[Promise, str] = (_("À confirmer"), "warning")
TOO_LATE: tuple[Promise, str] = (_("Non confirmée à temps"), "error")
RESULTS: dict[str, tuple[Promise, str]] = {
    "": (_("Inscription confirmée"), "success"),
    DrawRegistration.Result.WON: (_("Une place pour vous"), "success"),
    DrawRegistration.Result.NO_PLACE: (_("Pas de place cette fois"), "warning"),
    DrawRegistration.Result.ALREADY_BOOKED: (_("Vous aviez déjà un rendez-vous"), "info"),
}


@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: goes on without the token in the address. Writes nothing but the session."""
    if appointments.registration_by_token(token) is None:
        messages.error(request, str(UnknownRegistration().message))
        return redirect("booking:find")
    request.session[REGISTRATION] = token
    return redirect("booking:draw_entry")


def _looked_at(request: HttpRequest) -> tuple[DrawRegistration, str]:
    token = str(request.session.get(REGISTRATION, ""))
    found = appointments.registration_by_token(token)
    if found is None:
        raise LinkLost
    return found, token


def _context(found: DrawRegistration) -> dict[str, Any]:
    waits = found.confirmed_at is None
    is_over = waits and found.confirm_until <= clock.now()
    label, level = TOO_LATE if is_over else TO_CONFIRM if waits else RESULTS[found.result]
    until = found.confirm_until.astimezone(found.draw.agenda.zone)
    return {
        **about(found.draw),
        "registration": found,
        "result": label,
        "result_level": level,
        "waits": waits and not is_over,
        "is_over": is_over,
        "until": until,
        "until_day": day_of_week(until),
        "may_change": stage_of(found.draw) == "open" and not is_over,
    }


@never_cache
@require_safe
@behind_link
def entry(request: HttpRequest) -> HttpResponse:
    """The code, the wishes, what the draw gave."""
    found, _token = _looked_at(request)
    zone = found.draw.agenda.zone
    starts = {slot.pk: slot_label(slot.starts_at.astimezone(zone)) for slot in appointments.slots_of_draw(found.draw)}
    wishes = [starts.get(wish, _("plage supprimée")) for wish in found.wishes]
    context = {"wishes": wishes, "place": starts.get(found.place or 0, ""), **_context(found)}
    return render(request, "booking/draw_entry.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def confirm(request: HttpRequest) -> HttpResponse:
    """By POST, they take part."""
    _found, token = _looked_at(request)
    if request.method == "POST":
        try:
            actions.confirm_registration(token)
        except ActionRefused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(
                request, str(_("C'est confirmé : vous participez au tirage. Votre code est ci-dessous, et dans un courriel."))
            )
    return redirect("booking:draw_entry")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def change(request: HttpRequest) -> HttpResponse:
    """Other wishes."""
    found, token = _looked_at(request)
    context = _context(found)
    if not context["may_change"]:
        return redirect("booking:draw_entry")
    form = WishesForm(
        request.POST if request.method == "POST" else None,
        draw=found.draw,
        slots=appointments.slots_of_draw(found.draw),
        initial=initial_of(found.wishes),
    )
    if form.is_valid():
        try:
            actions.change_wishes(token, form.wishes)
        except ActionRefused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, str(_("Vos vœux sont changés.")))
        return redirect("booking:draw_entry")
    return render(request, "booking/draw_change.html", {"form": form, **context}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@behind_link
def leave(request: HttpRequest) -> HttpResponse:
    """Asks first; by POST, takes the registration back."""
    found, token = _looked_at(request)
    context = _context(found)
    if not context["may_change"]:
        return redirect("booking:draw_entry")
    if request.method != "POST":
        return render(request, "booking/draw_leave.html", context)
    try:
        draw = actions.leave_draw(token)
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect("booking:draw_entry")
    request.session.pop(REGISTRATION, None)
    messages.success(request, str(_("Votre inscription est retirée : rien n'en est gardé.")))
    return redirect(address("draw", draw))
