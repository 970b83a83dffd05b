"""Whom the office still has to settle something with: who was asked to choose another slot and has not, who is to be called."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guichet.appointments import queries as appointments
from guichet.appointments.queries import ToMove
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.agendas import reach, words
from guichet.web.officer.pages import show


@officer_required()
@require_safe
def to_move(request: OfficerRequest, office: str) -> HttpResponse:
    """First those to call, then those outside the rules, then those who were written to."""
    found = reach.office_or_404(request, office)
    context = {
        "office": found,
        "lines": [_line(one) for one in sorted(appointments.people_to_move(found), key=_urgency)],
        "may_receive": reach.may_receive(request, found),
    }
    return show(request, "officer/agendas/to_move.html", context, trail=reach.trail(found))


def say_who(request: OfficerRequest, concerned: dict[str, Any] | None) -> bool:
    """Tells what became of those whose slot went; whether some are to be called, whom the page lists."""
    if not concerned:
        return False
    if concerned["told"]:
        messages.success(request, words.told(concerned["told"]))
    if concerned["to_call"]:
        messages.warning(request, words.to_call(concerned["to_call"]))
    return bool(concerned["to_call"])


def _urgency(one: ToMove) -> int:
    return 0 if one.must_be_called else 1 if one.is_kept else 2


def _line(one: ToMove) -> dict[str, Any]:
    booking = one.booking
    return {
        "pk": booking.pk,
        "name": booking.display_name,
        "reference": booking.reference,
        "phone": booking.phone if one.must_be_called else "",
        "type": booking.type.name,
        "agenda": booking.slot.agenda,
        "when": words.moment(booking.starts_at_local),
        "state": words.BOOKING_STATES.get(booking.state, booking.state),
        "must_be_called": one.must_be_called,
        "is_kept": one.is_kept,
    }
