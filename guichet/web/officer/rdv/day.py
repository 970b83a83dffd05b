"""The day's list, the arrivals, the list to print."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.applications import queries as applications
from guichet.applications.models import Application
from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.desk.errors import NoSuchReference
from guichet.appointments.lifecycle import Role, State, may
from guichet.appointments.models import Booking
from guichet.appointments.queries import DayFilters, DaySheet
from guichet.appointments.visit_moves import Stage
from guichet.certificates import queries as certificates
from guichet.core import clock
from guichet.core.dates import known_in_words
from guichet.core.errors import ActionRefused
from guichet.core.events import Actor
from guichet.core.identifiers import is_code, whole_number
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import told
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.frame import DAY, ROLES, actor, address, day_of, office_of, page, to

LAST_PAGE = 200
LONGEST = 60  # of what is typed or scanned
SHORTEST = 2  # of a name that is looked for


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
    others = appointments.others_of(sheet.rows)
    kept = {DAY: chosen.isoformat(), "agenda": filters.agenda, "q": filters.text}
    asked = {**kept, "etat": filters.state}
    context: dict[str, Any] = {
        "sheet": sheet,
        "day": chosen,
        "day_words": words.long_day(chosen),
        "is_today": chosen == today,
        "is_past": chosen < today,
        "lines": [words.line(booking, office, today, others.get(booking.pk, ())) for booking in sheet.rows],
        "states": _states(office, sheet, kept, filters.state),
        "filters": filters,
        "clear_url": address("rdv", office, **{DAY: chosen.isoformat()}),
        "previous_url": address("rdv", office, **_on(chosen, -1)),
        "next_day_url": address("rdv", office, **_on(chosen, 1)),
        "today_url": address("rdv", office),
        "list_url": address("rdv_list", office, jour=chosen.isoformat(), agenda=filters.agenda),
        "first_url": address("rdv", office, **asked) if number > 1 else "",
        "next_url": address("rdv", office, **asked, page=number + 1) if sheet.has_more else "",
        "arrived": _just_arrived(request, office),
        "typed": request.GET.get("tape", "")[:LONGEST],
        "book_url": address("rdv_types", office),
    }
    return page(request, "officer/rdv/day.html", office, context, here="rdv")


def _states(office: Office, sheet: DaySheet, kept: dict[str, str], chosen: str) -> list[dict[str, Any]]:
    """The states of the day as filters, each with how many people; those without anybody are not offered."""
    found = [
        {"url": address("rdv", office, **kept), "label": _("Tous"), "count": sum(sheet.counts.values()), "current": not chosen}
    ]
    for state, label in words.FILTERS.items():
        count = sheet.counts.get(state, 0)
        if count or state == chosen:
            url = address("rdv", office, **kept, etat=state)
            found.append({"url": url, "label": str(label), "count": count, "current": state == chosen})
    return found


def _on(day: date, step: int) -> dict[str, str]:
    return {DAY: (day + timedelta(days=step)).isoformat()}


def _just_arrived(request: OfficerRequest, office: Office) -> words.Arrival | None:
    """Whoever was checked in a moment ago, told once more at the top of the page."""
    booking_id = whole_number(request.GET.get("vu", ""))
    booking = appointments.booking_here(booking_id) if booking_id else None
    visit = words.visit_of(booking) if booking else None
    if booking is None or visit is None or visit.office_id != office.pk or booking.state != State.HONOURED:
        return None
    others = appointments.others_of([booking]).get(booking.pk, ())
    return words.on_arrival(booking, visit, office, others, again=bool(request.GET.get("deja")))


@officer_required(*ROLES)
@require_POST
def check_in(request: OfficerRequest) -> HttpResponse:
    """A reference that was typed or scanned; a name leads to those of the day who bear it."""
    office = office_of(request)
    typed = request.POST.get("reference", "").replace("\x00", "")[:LONGEST]
    try:
        booking = actions.arriving(office, typed)
        return _arrive(office, booking, actor(request))
    except NoSuchReference as refusal:
        if _named(office, typed):
            messages.info(request, _("Voici les rendez-vous du jour à ce nom. Notez l'arrivée sur la bonne ligne."))
            return to("rdv", office, q=typed.strip())
        told(request, refusal)
        return to("rdv", office, tape=typed.strip())
    except ActionRefused as refusal:
        told(request, refusal)
    return to("rdv", office)


def _arrive(office: Office, booking: Booking, by: Actor) -> HttpResponse:
    before = words.visit_of(booking)
    is_there = booking.state == State.HONOURED and before is not None and before.stage != Stage.LEFT
    actions.check_in(booking, office, by)
    return to("rdv", office, vu=booking.pk, deja="1" if is_there else "")


def _named(office: Office, typed: str) -> bool:
    """Whether somebody of today bears a name that has this in it."""
    text = typed.strip()
    filters = DayFilters(text=text)
    return len(text) >= SHORTEST and bool(appointments.day_sheet(office, appointments.today_of(office), filters).rows)


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
                return _arrive(office, booking, by)
            case "arrive_together":
                actions.check_in_together(booking, office, by)
                messages.success(request, _("Tous sont notés comme arrivés : chacun a son numéro d'appel."))
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
    others = appointments.others_of([found]).get(found.pk, [])
    shown = words.line(found, office, appointments.today_of(office), others)
    context = {
        "line": shown,
        "people": [
            {
                "booking": one,
                "url": address("rdv_booking", office, one.pk),
                "hour": f"{words.local(one.slot.starts_at, office):%H:%M}",
                "state": words.stands(one)[0],
            }
            for one in others
        ],
        "day_words": words.long_day(shown.starts_at.date()),
        "ends_at": words.local(found.slot.ends_at, office),
        "language": words.LANGUAGES.get(found.language, found.language),
        "born": known_in_words(found.birth_date) if found.birth_date else "–",
        "file": _file_of(request, found),
        "move_url": address("rdv_move", office, found.pk) if may_change(found, "move") else "",
        "cancel_url": address("rdv_cancel", office, found.pk) if may_change(found, "cancel") else "",
        "convocation_url": address("rdv_convocation", office, found.pk) if _has_convocation(found) else "",
        "day_url": address("rdv", office, jour=shown.starts_at.date().isoformat()),
        "day": shown.starts_at.date(),
    }
    return page(request, "officer/rdv/booking.html", office, context, here="")


def _file_of(request: OfficerRequest, booking: Booking) -> Application | None:
    """The application that called for the appointment, where the officer works at its office."""
    invitation = booking.invitation
    found = applications.called_for_by(invitation.source_kind, invitation.source_id) if invitation is not None else None
    offices = {post.office_id for post in request.officer.posts.all()}
    return found if found is not None and found.office_id in offices else None


def may_change(booking: Booking, verb: str) -> bool:
    """Whether an officer may still ``cancel`` or ``move``: until it begins, and at any time once its slot was withdrawn."""
    return (booking.must_move or booking.slot.starts_at > clock.now()) and may(booking.state, verb, [Role.OFFICER])


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
    others = appointments.others_of(bookings)
    now = words.local(clock.now(), office)
    context = {
        "day_words": words.long_day(chosen),
        "made_day": words.long_day(now.date()),
        "made_at": now,
        "lines": [words.line(one, office, today, others.get(one.pk, ())) for one in bookings],
        "back_url": address("rdv", office, jour=chosen.isoformat(), agenda=agenda),
    }
    return page(request, "officer/rdv/list.html", office, context, here="")
