"""The steps of taking an appointment: their names, their order, and what every page of them shows."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType
from guichet.web.booking.wall import render

CONDITIONS, IDENTITY, DESCRIPTION, SLOTS, CHECK, DETAILS, FINISH = (
    *("conditions", "identity", "description", "slots", "check"),
    *("details", "finish"),
)
TITLES: dict[str, Promise] = {
    CONDITIONS: _("Conditions"),
    IDENTITY: _("Identité"),
    DESCRIPTION: _("Descriptif"),
    SLOTS: _("Choix d'une plage"),
    CHECK: _("Contrôle de sécurité"),
    DETAILS: _("Coordonnées"),
    FINISH: _("Valider et terminer"),
}


@dataclass(frozen=True)
class Step:
    """Where one is among the steps of a type."""

    number: int
    total: int
    title: Promise
    next_title: "Promise | str"


def steps_of(type: AppointmentType) -> tuple[str, ...]:
    """The steps of a type: who one is comes second, where the type asks."""
    return tuple(name for name in TITLES if name != IDENTITY or type.identity == AppointmentType.Identity.STUDENT)


def step_of(type: AppointmentType, name: str) -> Step:
    names = steps_of(type)
    number = names.index(name) + 1
    following = TITLES[names[number]] if number < len(names) else ""
    return Step(number, len(names), TITLES[name], following)


def type_or_404(office: str, type: str) -> AppointmentType:
    """The active type of an address. One query."""
    found = appointments.type_of(office, type)
    if found is None:
        raise Http404
    return found


def address(route: str, type: AppointmentType) -> str:
    """The address of a page of a type."""
    return reverse(f"booking:{route}", args=(type.office.slug, type.slug))


def texts_of(type: AppointmentType) -> dict[str, str]:
    """What the office wrote, in the language of the page; empty where it wrote nothing."""
    return {name: type.text(name) for name in ("purpose", "before", "address")}


def page(
    request: HttpRequest, template: str, type: AppointmentType, step: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of a step, with its stepper and its trail."""
    trail = [{"url": reverse("booking:index"), "label": _("Rendez-vous")}]
    if step != CONDITIONS:
        trail.append({"url": address("type", type), "label": type.name})
    shown = {
        "type": type,
        "office": type.office,
        "texts": texts_of(type),
        "step": step_of(type, step),
        "trail": trail,
        **context,
    }
    return render(request, template, shown, status=status)
