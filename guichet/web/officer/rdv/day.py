"""The day's list, the arrivals, the list to print."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking
from guichet.appointments.queries import DayFilters
from guichet.certificates import queries as certificates
from guichet.core.dates import known_in_words
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import is_code, whole_number
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import told
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.frame import DAY, ROLES, actor, address, day_of, office_of, page, to

LAST_PAGE = 200


def filters_from(request: OfficerRequest) -> DayFilters:
    """What the address asks; what it cannot ask is left out."""
    agenda, state = request.GET.get("agenda", ""), request.GET.get("etat", "")
    return DayFilters(
        agenda=agenda if is_code(agenda) else "",
        state=state if state in words.STATES else "",
        text=request.GET.get("q", "").replace("\x00", "").strip()[:80],
    )


@officer_required(*ROLES)
@never_cache
@require_safe
def day(request: OfficerRequest) -> HttpResponse:
    """Who is expected on a day, by hour, and what became of them."""
    office = office_of(request)
    chosen, today = day_of(request, office), appointments.today_of(office)
    filters = filters_from(request)
    number = min(whole_number(request.GET.get("page", "")) or 1, LAST_PAGE)
    sheet = appointments.day_sheet(office, chosen, filters, number)
    kept = {DAY: chosen.isoformat(), "agenda": filters.agenda, "etat": filters.state, "q": filters.text}
    context: dict[str, Any] = {
        "sheet": sheet,
        "day": chosen,
        "day_words": words.long_day(chosen),
        "is_today": chosen == today,
        "is_past": chosen < today,
        "lines": [words.line(booking, office, today) for booking in sheet.rows],
        "states": [(state, label, sheet.counts.get(state, 0)) for state, label in words.STATES.items()],
        "filters": filters,
        "total": sum(sheet.counts.values()),
        "previous_url": address("rdv", office, **_on(chosen, -1)),
        "next_day_url": address("rdv", office, **_on(chosen, 1)),
        "today_url": address("rdv", office),
        "list_url": address("rdv_list", office, jour=chosen.isoformat(), agenda=filters.agenda),
        "first_url": address("rdv", office, **kept) if number > 1 else "",
        "next_url": address("rdv", office, **kept, page=number + 1) if sheet.has_more else "",
        "arrived": _just_arrived(request, office),
        "book_url": address("rdv_types", office),
    }
    return page(request, "officer/rdv/day.html", office, context, here="rdv")


def _on(day: date, step: int) -> dict[str, str]:
    return {DAY: (day + timedelta(days=step)).isoformat()}


def _just_arrived(request: OfficerRequest, office: Office) -> dict[str, Any] | None:
    """Whoever was checked in a moment ago, told once more at the top of the page."""
    booking_id = whole_number(request.GET.get("vu", ""))
    booking = appointments.booking_here(booking_id) if booking_id else None
    visit = words.visit_of(booking) if booking else None
    if booking is None or visit is None or visit.office_id != office.pk or booking.state != State.HONOURED:
        return None
    return words.on_arrival(booking, visit, office)


@officer_required(*ROLES)
@require_POST
def check_in(request: OfficerRequest) -> HttpResponse:
    """A reference that was typed or scanned."""
    office = office_of(request)
    try:
        booking = actions.by_reference(request.POST.get("reference", "")[:60])
        actions.check_in(booking, office, actor(request))
    except ActionRefused as refusal:
        told(request, refusal)
        return to("rdv", office)
    return to("rdv", office, vu=booking.pk)


@officer_required(*ROLES)
@require_POST
def note(request: OfficerRequest, pk: int) -> HttpResponse:
    """An act on a line: arrived, absent, came after all, the wrong line."""
    office = office_of(request)
    booking = found_in(office, pk)
    by = actor(request)
    back = {DAY: request.POST.get("retour", "")[:10]}
    try:
        match request.POST.get("acte"):
            case "arrive":
                actions.check_in(booking, office, by)
                return to("rdv", office, vu=booking.pk)
            case "missed":
                actions.mark_missed(booking, by)
                messages.success(
                    request, _("L'absence est notée. Si la personne arrive encore aujourd'hui, notez son arrivée.")
                )
            case "correct":
                actions.correct_presence(booking, by)
                messages.success(request, _("La venue est notée."))
            case "undo":
                actions.undo_check_in(booking, by)
                messages.success(request, _("L'arrivée est retirée : la personne est de nouveau attendue."))
            case _:
                messages.error(request, _("Choisissez un acte proposé dans la liste."))
    except ActionRefused as refusal:
        told(request, refusal)
    return to("rdv", office, **back, anchor=f"rdv-{booking.pk}")


def found_in(office: Office, booking_id: int) -> Booking:
    """A booking of an office; those of others do not exist."""
    booking = appointments.booking_here(booking_id)
    if booking is None or booking.slot.agenda.office_id != office.pk or booking.state not in words.STATES:
        raise Http404
    return booking


@officer_required(*ROLES)
@never_cache
@require_safe
def booking(request: OfficerRequest, pk: int) -> HttpResponse:
    """One appointment: who, when, for what, what to prepare; its convocation to print."""
    office = office_of(request)
    found = found_in(office, pk)
    shown = words.line(found, office, appointments.today_of(office))
    context = {
        "line": shown,
        "day_words": words.long_day(shown.starts_at.date()),
        "ends_at": words.local(found.slot.ends_at, office),
        "language": words.LANGUAGES.get(found.language, found.language),
        "born": known_in_words(found.birth_date) if found.birth_date else "–",
        "convocation_url": address("rdv_convocation", office, found.pk) if _has_convocation(found) else "",
        "day_url": address("rdv", office, jour=shown.starts_at.date().isoformat()),
        "day": shown.starts_at.date(),
    }
    return page(request, "officer/rdv/booking.html", office, context, here="")


def _has_convocation(booking: Booking) -> bool:
    return bool(booking.convocation) and booking.state in (State.CONFIRMED, State.HONOURED)


@officer_required(*ROLES)
@never_cache
@require_safe
def convocation(request: OfficerRequest, pk: int) -> HttpResponse:
    """The convocation, to print for the person."""
    found = found_in(office_of(request), pk)
    document = certificates.document(found.convocation) if _has_convocation(found) else None
    if document is None:
        raise Http404
    response = HttpResponse(certificates.pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.number}.pdf"'
    return response


@officer_required(*ROLES)
@never_cache
@require_safe
def printed(request: OfficerRequest) -> HttpResponse:
    """Everybody of a day on paper: for the day when the network is down."""
    office = office_of(request)
    chosen, today = day_of(request, office), appointments.today_of(office)
    agenda = filters_from(request).agenda
    bookings = appointments.whole_day(office, chosen, agenda)
    context = {
        "day_words": words.long_day(chosen),
        "lines": [words.line(one, office, today) for one in bookings],
        "back_url": address("rdv", office, jour=chosen.isoformat(), agenda=agenda),
    }
    return page(request, "officer/rdv/list.html", office, context, here="")
