"""A student says who they are: institution, birth name and INE, the identity found to check, situation and documents.

What is known on the way is in the session under ``student``; the claim needs ``person_key`` and ``permit_ends_on``, written
only once everything is checked and the right time has come.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType
from guichet.appointments.queries import Window
from guichet.core import clock
from guichet.core.addresses import client_address
from guichet.core.dates import day_in_words
from guichet.core.errors import ActionRefused, TooManyTries
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.ine.port import StudentRecord
from guichet.web.booking import kept, steps
from guichet.web.booking.details import born
from guichet.web.booking.draw_words import back_to_draw
from guichet.web.booking.identity_forms import OTHER, IneForm, InstitutionForm, ReminderForm, SituationForm, StayForm
from guichet.web.design import language


def is_for_students(type: AppointmentType) -> bool:
    return type.identity == AppointmentType.Identity.STUDENT


def turned_back(request: HttpRequest, type: AppointmentType) -> HttpResponse | None:
    """Where to go instead: these pages are for students who accepted the conditions."""
    if not is_for_students(type) or not kept.way(request, type).get("accepted"):
        return redirect(steps.address("type", type))
    return None


def student(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """What is known on the way: ``person_key``, names, ``birth_date``, ``stay_kind``, ``stay_ends_on`` (ISO), ``checked``…"""
    return dict(kept.way(request, type).get("student") or {})


def page(
    request: HttpRequest, template: str, type: AppointmentType, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return steps.page(request, f"booking/{template}.html", type, steps.IDENTITY, context, status=status)


def refused_status(refusal: ActionRefused) -> int:
    if isinstance(refusal, RegistryUnavailable):
        return 503
    return 429 if isinstance(refusal, TooManyTries) else 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def institution(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Which institution: one that gives an INE, or another."""
    found = steps.type_or_404(office, type)
    if away := turned_back(request, found):
        return away
    form = InstitutionForm(
        request.POST if request.method == "POST" else None,
        initial={"institution": kept.way(request, found).get("institution", "")},
    )
    if form.is_valid():
        chosen = form.cleaned_data["institution"]
        kept.keep(request, found, institution=chosen)
        return redirect(steps.address("identity_other" if chosen == OTHER else "identity_ine", found))
    return page(request, "identity", found, {"form": form}, 422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ine(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Birth name and INE. What does not match, and a register that does not answer, both show the way by access code."""
    found = steps.type_or_404(office, type)
    if away := turned_back(request, found):
        return away
    form = IneForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        data = form.cleaned_data
        try:
            record = actions.identify_student(data["ine"], data["birth_name"], address=client_address(request))
        except ActionRefused as refusal:
            form.add_error(None, str(refusal.message))
            status = refused_status(refusal)
        else:
            kept.keep(request, found, student=_known(record), person_key=None)
            return redirect(steps.address("identity_check", found))
    return page(request, "identity_ine", found, {"form": form}, status if status != 200 else 422 if form.errors else 200)


def _known(record: StudentRecord) -> dict[str, Any]:
    return {
        "person_key": appointments.key_of_student(record),
        "last_name": record.birth_name,
        "first_names": record.first_names,
        "birth_date": str(record.birth_date),
        "institution": record.institution,
        "stay_kind": record.stay_kind or "",
        "stay_ends_on": record.stay_ends_on.isoformat() if record.stay_ends_on else "",
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The identity found, to be looked at. What the register does not know of the permit is asked for."""
    found = steps.type_or_404(office, type)
    if away := turned_back(request, found):
        return away
    known = student(request, found)
    if not known:
        return redirect(steps.address("identity", found))
    form = StayForm(request.POST if request.method == "POST" else None) if not known["stay_ends_on"] else None
    if request.method == "POST" and not language.is_switch(request) and (form is None or form.is_valid()):
        if form is not None:
            known |= {
                "stay_kind": form.cleaned_data["stay_kind"],
                "stay_ends_on": form.cleaned_data["stay_ends_on"].isoformat(),
            }
        kept.keep(request, found, student={**known, "checked": True})
        return redirect(steps.address("identity_situation", found))
    context = {
        "form": form,
        "known": known,
        "birth_date": born(known["birth_date"]),
        "ends_on": day_in_words(date.fromisoformat(known["stay_ends_on"])) if known["stay_ends_on"] else "",
    }
    return page(request, "identity_check", found, context, 422 if form is not None and form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def situation(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Why one comes, and what to bring for it."""
    found = steps.type_or_404(office, type)
    if away := turned_back(request, found):
        return away
    known = student(request, found)
    if not known.get("checked"):
        return redirect(steps.address("identity", found))
    form = SituationForm(request.POST if request.method == "POST" else None, initial={"situation": known.get("situation", "")})
    if form.is_valid():
        return go_on(request, found, {**known, "situation": form.cleaned_data["situation"]})
    context = {"form": form, "situations": appointments.situations()}
    return page(request, "identity_situation", found, context, 422 if form.errors else 200)


def window_of(type: AppointmentType, known: dict[str, Any]) -> Window:
    """Whether it is the right time for what is known."""
    ends_on = date.fromisoformat(known["stay_ends_on"])
    months = type.window_months_before_permit_end
    return appointments.window_of(known.get("situation", ""), ends_on, clock.today(), months)


def name_of(known: dict[str, Any]) -> str:
    return " ".join(part for part in (known["first_names"], known["last_name"]) if part)


def go_on(request: HttpRequest, type: AppointmentType, known: dict[str, Any]) -> HttpResponse:
    """To the slots when the time has come, else to the page that says when."""
    found = window_of(type, known)
    if found.state == "too_early":
        kept.keep(request, type, student=known, person_key=None, permit_ends_on=None, identified=None)
        return redirect(steps.address("identity_early", type))
    chosen = appointments.situation_of(known.get("situation", ""))
    kept.keep(
        request,
        type,
        student=known,
        person_key=known["person_key"],
        permit_ends_on=known["stay_ends_on"] if found.opens_on else None,  # what is not tied to it is not held to it
        identified=" – ".join(part for part in (name_of(known), chosen.label if chosen else "") if part),
    )
    if found.state == "expired":
        messages.info(
            request,
            _(
                "Votre titre ou visa est terminé depuis le %(day)s : prenez la première plage libre. Personne n'est refusé pour"
                " ce retard."
            )
            % {"day": day_in_words(found.ends_on)},
        )
    return redirect(back_to_draw(request, type) or steps.address("description", type))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def early(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Too early: the day to come back, and a mail on that day for who wants one."""
    found = steps.type_or_404(office, type)
    if away := turned_back(request, found):
        return away
    known = student(request, found)
    if not known.get("stay_ends_on") or not known.get("checked"):
        return redirect(steps.address("identity", found))
    window = window_of(found, known)
    if window.state != "too_early" or window.opens_on is None:
        return redirect(steps.address("identity_situation", found))
    form = ReminderForm(request.POST if request.method == "POST" else None, initial={"email": known.get("email", "")})
    status = 200
    if form.is_valid():
        try:
            actions.promise_reminder(
                found,
                known["person_key"],
                name=name_of(known),
                email=form.cleaned_data["email"],
                language=get_language() or settings.LANGUAGE_CODE,
                on=window.opens_on,
                address=client_address(request),
            )
        except TooManyTries as refusal:
            form.add_error(None, str(refusal.message))
            status = 429
        else:
            kept.keep(request, found, reminded={"email": form.cleaned_data["email"], "on": window.opens_on.isoformat()})
            return redirect(steps.address("identity_early", found))
    reminded = kept.way(request, found).get("reminded") or {}
    context = {
        "form": form,
        "reminded": reminded.get("email", "") if reminded.get("on") == window.opens_on.isoformat() else "",
        "opens_on": day_in_words(window.opens_on),
        "ends_on": day_in_words(window.ends_on),
        "months": found.window_months_before_permit_end,
    }
    return page(request, "identity_early", found, context, status if status != 200 else 422 if form.errors else 200)
