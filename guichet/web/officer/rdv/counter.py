"""Taking an appointment for somebody who stands at the counter: a type, a free slot, who comes."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.errors import AlreadyBooked
from guichet.appointments.models import AppointmentType
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import whole_number
from guichet.offices.models import Office
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import told
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.forms import CounterForm
from guichet.web.officer.rdv.frame import FARTHEST, ROLES, actor, address, office_of, page, to

WEEK, SLOT = "semaine", "plage"


@officer_required(*ROLES)
@never_cache
@require_safe
def types(request: OfficerRequest) -> HttpResponse:
    """For what."""
    office = office_of(request)
    found = [
        {"type": one, "url": address("rdv_slots", office, one.slug), "minutes": one.duration_minutes}
        for one in appointments.visit_types(office)
    ]
    return page(request, "officer/rdv/types.html", office, {"types": found}, here="rdv_types")


@officer_required(*ROLES)
@never_cache
@require_safe
def slots(request: OfficerRequest, type: str) -> HttpResponse:
    """When: the free slots of a week, those that are reserved to officers too."""
    office = office_of(request)
    kind = _type(office, type)
    slot_id = whole_number(request.GET.get(SLOT, ""))
    if slot_id:
        return to("rdv_book", office, kind.slug, slot_id)
    first = appointments.counter_first(kind)
    monday = _monday(request, first.starts_at.date() if first else appointments.today_of(office))
    this_week = appointments.today_of(office) - timedelta(days=appointments.today_of(office).weekday())
    context: dict[str, Any] = {
        "type": kind,
        "first": first,
        "days": appointments.counter_week(kind, monday),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "previous_url": _week_url(office, kind, monday - timedelta(days=7)) if monday > this_week else "",
        "next_url": _week_url(office, kind, monday + timedelta(days=7)),
        "first_url": _week_url(office, kind, first.starts_at.date()) if first else "",
    }
    return page(request, "officer/rdv/slots.html", office, context, here="", trail=_trail(office))


@officer_required(*ROLES)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: OfficerRequest, type: str, slot: int) -> HttpResponse:
    """Who. The appointment is firm at once; its page offers the convocation to print."""
    office = office_of(request)
    kind = _type(office, type)
    twin: AlreadyBooked | None = None
    if request.method == "POST":
        form = CounterForm(request.POST, type=kind)
        if form.is_valid():
            try:
                return _book(request, office, kind, slot, form)
            except AlreadyBooked as refusal:
                twin = refusal
                form = CounterForm(request.POST, type=kind, has_twin=not form.cleaned_data.get("number"))
                form.is_valid()
                form.add_error(None, _("Une personne du même nom, née le même jour, a déjà un rendez-vous de ce type."))
            except ActionRefused as refusal:
                told(request, refusal)
                return to("rdv_slots", office, kind.slug)
    else:
        form = CounterForm(type=kind, initial={"key": uuid4(), "language": "fr"})
    chosen = appointments.counter_slot(kind, slot)
    if chosen is None:
        messages.error(request, _("Cette plage n'est plus libre. Choisissez-en une autre."))
        return to("rdv_slots", office, kind.slug)
    context = {
        "type": kind,
        "slot": chosen,
        "day_words": words.long_day(chosen.starts_at.date()),
        "form": form,
        "error_lines": form.error_lines if form.is_bound else [],
        "twin": twin.booking if twin else None,
        "twin_url": address("rdv_booking", office, twin.booking.pk) if twin and twin.booking.reference else "",
        "back_url": _week_url(office, kind, chosen.starts_at.date()),
    }
    status = 422 if form.is_bound and form.errors else 200
    trail = (*_trail(office), (_week_url(office, kind, chosen.starts_at.date()), kind.name))
    return page(request, "officer/rdv/book.html", office, context, here="", trail=trail, status=status)


def _book(request: OfficerRequest, office: Office, kind: AppointmentType, slot_id: int, form: CounterForm) -> HttpResponse:
    details = form.details
    number = form.cleaned_data.get("number", "")
    booked = actions.book_at_counter(
        actor(request),
        kind,
        slot_id,
        details,
        request_key=form.cleaned_data["key"],
        person_key=appointments.key_of_number(form.kind, number) if number else None,
        homonym=actions.free_homonym(kind, details) if form.cleaned_data.get("homonym") else 0,
    )
    messages.success(request, _("Le rendez-vous est pris. Imprimez la convocation pour la personne."))
    return to("rdv_booking", office, booked.pk)


def _type(office: Office, slug: str) -> AppointmentType:
    found = appointments.type_of(office.slug, slug)
    if found is None:
        raise Http404
    return found


def _trail(office: Office) -> tuple[tuple[str, Any], ...]:
    return ((address("rdv_types", office), _("Prendre un rendez-vous")),)


def _week_url(office: Office, type: AppointmentType, day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return address("rdv_slots", office, type.slug, semaine=f"{year:04}-W{week:02}")


def _monday(request: OfficerRequest, otherwise: date) -> date:
    """The Monday of ``?semaine=2026-W48``, else of a day."""
    match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", request.GET.get(WEEK, ""))
    if match:
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            pass
        else:
            if abs(monday - otherwise) <= FARTHEST:
                return monday
    return otherwise - timedelta(days=otherwise.weekday())
