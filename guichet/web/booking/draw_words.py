"""A draw as pages say it: where it stands, its moments on the clock of the office's wall."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Draw
from guichet.core import clock
from guichet.web.booking import kept
from guichet.web.booking.words import day_of_week

# stage → what is said of it, colour
STAGES: dict[str, tuple[Promise, str]] = {
    "coming": (_("À venir"), "new"),
    "open": (_("Inscriptions ouvertes"), "success"),
    "closing": (_("Inscriptions terminées"), "info"),
    "closed": (_("Liste publiée, graine attendue"), "info"),
    "drawing": (_("Tirage en cours"), "warning"),
    "drawn": (_("Tirage fait"), "success"),
}


def stage_of(draw: Draw) -> str:
    """Where a draw stands, as its page says it: a key of :data:`STAGES`."""
    if draw.state == Draw.State.DRAWN:
        return "drawn"
    if draw.state == Draw.State.CLOSED:
        return "drawing" if draw.seed else "closed"
    now = clock.now()
    return "coming" if now < draw.opens_at else "open" if now < draw.closes_at else "closing"


def address(route: str, draw: Draw) -> str:
    """The address of a page of a draw."""
    return reverse(f"booking:{route}", args=(draw.type.office.slug, draw.type.slug, draw.slug))


def row_of(draw: Draw) -> dict[str, Any]:
    """A draw as a line of a list, or at the top of its page; moments on the clock of the office's wall."""
    stage = stage_of(draw)
    label, level = STAGES[stage]
    zone = draw.agenda.zone
    moments = {name: getattr(draw, name).astimezone(zone) for name in ("opens_at", "closes_at", "draws_at", "leftovers_at")}
    return {
        "draw": draw,
        "url": address("draw", draw),
        "stage": stage,
        "label": label,
        "level": level,
        **moments,
        **{f"{name}_day": day_of_week(moment) for name, moment in moments.items()},
    }


def link_of(type: AppointmentType) -> dict[str, Any] | None:
    """The draw that a type's pages lead to: the one to register for, to come, or awaited. One query."""
    found = appointments.current_draw(type)
    return row_of(found) if found else None


def back_to_draw(request: HttpRequest, type: AppointmentType) -> str:
    """The address of the registration that waited for who one is; empty when none did. Said once."""
    slug = kept.way(request, type).get("draw_waits")
    if not slug:
        return ""
    kept.keep(request, type, draw_waits=None)
    return reverse("booking:draw_details", args=(type.office.slug, type.slug, slug))
