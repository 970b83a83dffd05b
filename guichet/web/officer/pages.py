"""What the officers' pages share: their menu, the way back, and how a refused act is told."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.core.errors import ActionRefused
from guichet.instruction import powers, queries
from guichet.instruction.queries import ReviewSheet
from guichet.web.design.guards import OfficerRequest

# (label, route, routes under it, verb of powers.OFFICE_POWERS that opens it)
MENU: tuple[tuple[Promise, str, tuple[str, ...], str], ...] = (
    (_("Ma journée"), "officer:home", ("officer:home",), ""),
    (
        _("Dossiers"),
        "officer:queue",
        (
            "officer:queue",
            "officer:review",
            "officer:complement",
            "officer:decision",
            "officer:certificates",
            "officer:file_appointments",
            "officer:give_number",
        ),
        "",
    ),
    (
        _("Rendez-vous du jour"),
        "officer:rdv",
        (
            *("officer:rdv", "officer:rdv_booking", "officer:rdv_list", "officer:rdv_queue", "officer:rdv_number"),
            *("officer:rdv_ticket", "officer:rdv_types", "officer:rdv_slots", "officer:rdv_book", "officer:rdv_figures"),
            *("officer:rdv_cancel", "officer:rdv_move", "officer:rdv_move_to"),
        ),
        "receive",
    ),
    (_("Signatures"), "officer:signatures", ("officer:signatures", "officer:signature"), "see_signatures"),
    (
        _("Demandes d'aide"),
        "officer:tickets",
        ("officer:tickets", "officer:ticket", "officer:ticket_identity", "officer:ticket_convoke", "officer:ticket_hand_over"),
        "answer_tickets",
    ),
    (
        _("Annonces"),
        "officer:announcements",
        ("officer:announcements", "officer:announce", "officer:announcement"),
        "announce",
    ),
    (
        _("Agendas"),
        "officer:agendas",
        (
            "officer:agendas",
            "officer:agenda",
            "officer:agenda_new",
            "officer:closures",
            "officer:to_move",
            "officer:appointment_type",
            "officer:appointment_type_new",
            *("officer:draws", "officer:draw", "officer:draw_new"),
        ),
        "see_agendas",
    ),
    (_("État du service"), "officer:state", ("officer:state",), "see_set_up"),
)
Trail = Sequence[tuple[str, Any]]


def show(
    request: OfficerRequest, template: str, context: dict[str, Any], *, trail: Trail = (), status: int = 200
) -> HttpResponse:
    """Draws a page of the officers. ``trail``: (address, label) of the pages between their first one and this one."""
    route = request.resolver_match.view_name if request.resolver_match else ""
    menu = [
        {"label": label, "url": reverse(name), "current": route in under}
        for label, name, under, verb in MENU
        if not verb or powers.opens(verb, request.powers.roles)
    ]
    first = [] if route == "officer:home" else [(reverse("officer:home"), MENU[0][0])]
    steps = [{"url": url, "label": label} for url, label in [*first, *trail]]
    return render(request, template, {"page_navigation": menu, "trail": steps, **context}, status=status)


def sheet_or_404(request: OfficerRequest, number: str) -> ReviewSheet:
    """The sheet of an application in reach; what is out of reach does not exist."""
    sheet = queries.review(request.officer, number)
    if sheet is None:
        raise Http404
    return sheet


def must_hold(request: OfficerRequest, verb: str, sheet: ReviewSheet) -> None:
    """Forbidden when no post of the officer in this office ever opens this act."""
    if not powers.ever(verb, request.powers.roles_in(str(sheet.application.office_id))):
        raise PermissionDenied


def to_sheet(number: str, anchor: str = "") -> HttpResponse:
    address = reverse("officer:review", args=[number])
    return redirect(f"{address}#{anchor}" if anchor else address)


def told(request: OfficerRequest, refusal: ActionRefused) -> None:
    """Says a refusal at the top of the next page."""
    messages.error(request, str(refusal.message))
