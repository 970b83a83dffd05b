"""What is asked without choosing a slot (a turn in the list, a certificate, a part in a draw): may one, and who asks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType
from guichet.appointments.waiting.errors import PlacesFree
from guichet.web.booking import kept, steps
from guichet.web.booking.forms import DetailsForm
from guichet.web.booking.identified import identity_of, known_of, pool_of, uninvited


def turned_away(request: HttpRequest, type: AppointmentType) -> HttpResponse | None:
    """Where to go instead: the conditions and who one is come first, and places that are free are better than waiting."""
    way = kept.way(request, type)
    if not way.get("accepted") or uninvited(request, type):
        return redirect(steps.address("type", type))
    if type.identity == AppointmentType.Identity.STUDENT and not way.get("person_key"):
        return redirect(steps.address("identity", type))
    return to_places(request, type) if appointments.is_available(type, pool=pool_of(request, type)) else None


def details[Form: DetailsForm](
    request: HttpRequest, kind: AppointmentType, form: type[Form], *, kept_as: str
) -> tuple[Form, dict[str, Any]]:
    """The form of who asks, begun with what is known or was typed before, and what is known for sure of them. Once it is
    valid, what it says is kept under that name."""
    known = known_of(request, kind)
    identity = identity_of(known)
    if request.method != "POST":
        first = {**known, "email_again": known.get("email", "")}
        return form(initial=kept.way(request, kind).get(kept_as) or first, identity=identity), identity
    filled = form(request.POST, identity=identity)
    if filled.is_valid():
        kept.keep(request, kind, **{kept_as: filled.plain()})
    return filled, identity


def to_places(request: HttpRequest, type: AppointmentType) -> HttpResponse:
    """Something is free: says so, and leads to it."""
    messages.info(request, str(PlacesFree().message))
    return redirect(steps.address("slots", type))


def page(
    request: HttpRequest, template: str, type: AppointmentType, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page beside the steps: the trail goes through the type, no stepper."""
    return steps.page(request, f"booking/{template}.html", type, steps.DESCRIPTION, context, status=status)


__all__ = ["details", "page", "to_places", "turned_away"]
