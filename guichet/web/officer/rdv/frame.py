"""What the pages of the day share: which office, which day, the way from one page to another."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from guichet.appointments import queries as appointments
from guichet.core.events import Actor
from guichet.instruction import powers
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest
from guichet.web.officer.pages import show

RECEIVE, FIGURES = "receive", "see_attendance"
ROLES = tuple(sorted(powers.OFFICE_POWERS[RECEIVE]))
FIGURES_ROLES = tuple(sorted(powers.OFFICE_POWERS[FIGURES]))
OFFICE, DAY = "bureau", "jour"
FARTHEST = timedelta(days=400)


def offices_of(request: OfficerRequest, verb: str = RECEIVE) -> list[Office]:
    """The offices where the officer holds a role that opens this, by name. No query."""
    roles = powers.OFFICE_POWERS[verb]
    found = {post.office_id: post.office for post in request.officer.posts.all() if post.office and post.role in roles}
    return sorted(found.values(), key=lambda office: office.name)


def office_of(request: OfficerRequest, verb: str = RECEIVE) -> Office:
    """The office that is asked for, else the first; what is out of reach does not exist."""
    reach = offices_of(request, verb)
    if not reach:
        raise PermissionDenied
    asked = request.POST.get(OFFICE) or request.GET.get(OFFICE)
    if not asked:
        return reach[0]
    for office in reach:
        if office.slug == asked:
            return office
    raise Http404


def day_of(request: OfficerRequest, office: Office) -> date:
    """The day that is asked for (``?jour=2026-11-23``), else today on the office's own calendar."""
    today = appointments.today_of(office)
    asked = (request.POST.get(DAY) or request.GET.get(DAY, ""))[:10]
    try:
        found = date.fromisoformat(asked)
    except ValueError:
        return today
    return found if abs(found - today) <= FARTHEST else today


def address(name: str, office: Office, *arguments: Any, **query: Any) -> str:
    """The address of a page of an office."""
    kept = {OFFICE: office.slug, **{key: value for key, value in query.items() if value}}
    return f"{reverse(f'officer:{name}', args=arguments)}?{urlencode(kept)}"


def to(name: str, office: Office, *arguments: Any, anchor: str = "", **query: Any) -> HttpResponse:
    target = address(name, office, *arguments, **query)
    return redirect(f"{target}#{anchor}" if anchor else target)


def actor(request: OfficerRequest) -> Actor:
    return Actor("officer", str(request.user.pk))


def page(
    request: OfficerRequest,
    template: str,
    office: Office,
    context: Mapping[str, Any],
    *,
    here: str,
    trail: tuple[tuple[str, Any], ...] = (),
    status: int = 200,
) -> HttpResponse:
    """Draws a page of an office's day, with the way to the others. ``here``: the tab that is open."""
    receives = office in offices_of(request)
    tabs = [
        ("rdv", _("Liste du jour")),
        ("rdv_queue", _("File d'attente")),
        ("rdv_number", _("Donner un numéro")),
        ("rdv_types", _("Prendre un rendez-vous")),
        ("rdv_figures", _("Chiffres")),
    ]
    shown: dict[str, Any] = {
        "office": office,
        "offices": offices_of(request, RECEIVE if receives else FIGURES),
        "tabs": [
            {"url": address(name, office), "label": label, "current": name == here}
            for name, label in tabs
            if receives or name == "rdv_figures"
        ],
        "screen_url": reverse("booking:screen", args=(office.slug,)),
        **context,
    }
    first = [] if here == "rdv" else [(address("rdv", office) if receives else "", _("Rendez-vous du jour"))]
    steps = [step for step in (*first, *trail) if step[0]]
    # Django's filters of dates turn moments into the hour of Paris: here into that of the office's wall.
    with timezone.override(office.time_zone):
        return show(request, template, shown, trail=steps, status=status)
