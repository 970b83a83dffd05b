"""Choosing an office and a type; the conditions of a type; what was chosen, when anything is free."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Invitation
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.queries import Situation
from guichet.certificates.typesetting import document_list_pdf
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.web.booking import already, draw_words, kept, reserved, steps
from guichet.web.booking.forms import ConditionsForm
from guichet.web.booking.identified import invitation_of, pool_of, unidentified, uninvited
from guichet.web.booking.words import local


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every office that gives appointments, and for what."""
    types = appointments.types_of()
    by_office = [(office, list(found)) for office, found in groupby(types, key=lambda type: type.office)]
    return render(request, "booking/index.html", {"offices": by_office})


@require_http_methods(["GET", "HEAD", "POST"])
def type_page(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """What the appointment is for, who is not eligible, what to bring, what becomes of the data; a box to tick."""
    found = steps.type_or_404(office, type)
    invitation = invitation_of(request, found)
    following = _after_conditions(found, invitation)
    if request.method == "POST":
        form = ConditionsForm(request.POST)
        if form.is_valid() and following:
            kept.keep(request, found, accepted=True)
            return redirect(following)
    else:
        form = ConditionsForm(initial={"accepted": kept.way(request, found).get("accepted", False)})
    context: dict[str, Any] = {
        "form": form,
        "may_ask": bool(following),
        "invitation": invitation,
        "confirm_hours": found.confirmation_minutes // 60,
        "draw": draw_words.link_of(found),
        **reserved.context_of(found),
    }
    context |= {"made_here": bool(kept.way(request, found).get("booking"))}
    context |= {"rights_address": found.text("rights_address"), "orientation_url": reverse("public:orientation")}
    return steps.page(request, "booking/type.html", found, steps.CONDITIONS, context, status=422 if form.errors else 200)


def _after_conditions(type: AppointmentType, invitation: Invitation | None) -> str:
    """The next page; empty where one goes on with an invitation only, and has none."""
    if type.identity == AppointmentType.Identity.STUDENT:
        return address_of("identity", type)
    is_open = type.identity == AppointmentType.Identity.NONE or invitation is not None
    return steps.address("description", type) if is_open else ""


@require_safe
def documents(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The list of what to bring, as a PDF in the language of the page."""
    found = steps.type_or_404(office, type)
    sections = [_section({"fr": found.office.name, "en": found.office.name}, found.documents)]
    sections += [_section(each.label_texts, each.document_texts) for each in _situations(request, found)]
    data = {
        "procedure_title": {"fr": found.name_fr, "en": found.name_en},
        "issued_on": clock.today(),
        "to_bring": True,
        "sections": sections,
    }
    response = HttpResponse(document_list_pdf(data, get_language() or settings.LANGUAGE_CODE), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="documents-{found.slug}.pdf"'
    return response


def _section(title: Mapping[str, Any], documents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "title": dict(title),
        "documents": [{"label": dict(each), "help": {"fr": "", "en": ""}, "any_of": []} for each in documents],
    }


def _situations(request: HttpRequest, type: AppointmentType) -> Iterable[Situation]:
    """The situation that this student chose; every one before they did; none where the type is not for students."""
    if type.identity != AppointmentType.Identity.STUDENT:
        return ()
    known = kept.way(request, type).get("student") or {}
    chosen = appointments.situation_of(known.get("situation", ""))
    return (chosen,) if chosen else appointments.situations()


@never_cache
@require_safe
def description(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """What was chosen, where, how long; first of all whether anything is free."""
    found = steps.type_or_404(office, type)
    way = kept.way(request, found)
    if not way.get("accepted") or uninvited(request, found):
        return redirect(steps.address("type", found))
    if unidentified(request, found):
        return redirect(steps.address("identity", found))
    pool = pool_of(request, found)
    first = appointments.first_free(found, pool=pool)
    context: dict[str, Any] = {"identified": way.get("identified", "")}
    if first is None:
        return steps.page(
            request,
            "booking/none.html",
            found,
            steps.DESCRIPTION,
            {**context, **nothing_free(found, pool), **already.context_of(request, found)},
        )
    context |= {"first": local(first, first.agenda.zone), "minutes": minutes_of(found, first)}
    context |= _of_student(request, found, pool)
    return steps.page(request, "booking/description.html", found, steps.DESCRIPTION, context)


def _of_student(request: HttpRequest, type: AppointmentType, pool: str) -> dict[str, Any]:
    """What a student is told besides: the papers of their situation, when their permit ends, when later slots open. One query
    for those who say that they are students, none for others."""
    if type.identity != AppointmentType.Identity.STUDENT:
        return {"situation": None, "back_url": steps.address("type", type), "moving": ""}
    known = kept.way(request, type).get("student") or {}
    ends_on = date.fromisoformat(known["stay_ends_on"]) if known.get("stay_ends_on") else None
    release = appointments.next_release(type, pool=pool)
    return {
        "situation": appointments.situation_of(known.get("situation", "")),
        "back_url": steps.address("identity_situation", type),
        "ends_on": day_in_words(ends_on) if ends_on and ends_on >= clock.today() else "",
        "release": release.astimezone(ZoneInfo(type.office.time_zone)) if release else None,
        "moving": "" if type.may_move else type.text("moving"),
    }


def minutes_of(type: AppointmentType, slot: Any) -> int:
    """How long the appointment lasts."""
    return type.duration_minutes or int((slot.ends_at - slot.starts_at).total_seconds() // 60)


def next_release(type: AppointmentType, pool: str = PUBLIC) -> datetime | None:
    """When slots open next, on the wall of the office. One query."""
    release = appointments.next_release(type, pool=pool)
    return release.astimezone(ZoneInfo(type.office.time_zone)) if release else None


def nothing_free(type: AppointmentType, pool: str = PUBLIC) -> dict[str, Any]:
    """What to say when nothing is free: when to come back, the draw and the waiting list where there are. Three queries."""
    return {
        "release": next_release(type, pool),
        "waiting_url": waiting_url(type),
        "attempt_url": address_of("attempt", type),
        "draw": draw_words.link_of(type),
        "reserved_return": reserved.some_return(type),
    }


def waiting_url(type: AppointmentType) -> str:
    """The address of the waiting list; empty where the site has none."""
    return address_of("waiting", type)


def address_of(route: str, type: AppointmentType) -> str:
    """The address of a page that a site may not have; empty then."""
    try:
        return steps.address(route, type)
    except NoReverseMatch:
        return ""
