"""Cancelling and moving an appointment for somebody at the counter or on the telephone: not everybody has the mailed link."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import AppointmentType, Booking
from guichet.core.errors import ActionRefused
from guichet.offices.models import Office
from guichet.web.design.fields import phone_to_read
from guichet.web.design.forms import GuichetForm
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.pages import told
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.counter import week_of
from guichet.web.officer.rdv.day import found_in, may_change
from guichet.web.officer.rdv.frame import ROLES, actor, address, office_of, page, to

LIVE = (State.TO_CONFIRM, State.CONFIRMED)
# Who wanted it so, and what the mail then says: without a reason, that the person asked for it.
WHY: dict[str, tuple[Promise, "str | Promise"]] = {
    "asked": (gettext_lazy("La personne le demande"), ""),
    "office": (
        gettext_lazy("Le bureau ne peut pas la recevoir"),
        gettext_lazy("le bureau ne peut pas vous recevoir à cette date"),
    ),
}
ONE, ALL = "one", "all"


class CancelForm(GuichetForm):
    """Why, and for whom where several come together."""

    why = forms.ChoiceField(
        label=gettext_lazy("Qui annule ?"),
        choices=[(key, label) for key, (label, _reason) in WHY.items()],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Le courriel à la personne le dit."),
    )
    whom = forms.ChoiceField(
        label=gettext_lazy("Pour qui ?"),
        choices=[
            (ONE, gettext_lazy("Pour cette personne seulement")),
            (ALL, gettext_lazy("Pour tous ceux qui viennent ensemble")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, several: bool, has_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not several:
            del self.fields["whom"]
        if not has_mail:
            self.fields["why"].help_text = ""


def _others(booking: Booking) -> list[Booking]:
    """Those who come with somebody and are still to come."""
    return [one for one in appointments.others_of([booking]).get(booking.pk, []) if one.state in LIVE]


@officer_required(*ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: OfficerRequest, pk: int) -> HttpResponse:
    """Asks, then cancels. The place goes to whoever waits for one."""
    office = office_of(request)
    booking = found_in(office, pk)
    if not may_change(booking, "cancel"):
        return _too_late(request, office, booking)
    others = _others(booking)
    form = CancelForm(request.POST if request.method == "POST" else None, several=bool(others), has_mail=bool(booking.email))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            reason = WHY[data["why"]][1]
            actions.cancel_by_officer(booking, by=actor(request), reason=reason, alone=data.get("whom") != ALL)
        except ActionRefused as refusal:
            told(request, refusal)
        else:
            messages.success(request, _said_cancelled(booking, by_office=bool(reason)))
        return to("rdv_booking", office, booking.pk)
    context = {**_what(booking, office, others), "form": form, "error_lines": form.error_lines if form.is_bound else []}
    status = 422 if form.is_bound else 200
    return page(request, "officer/rdv/cancel.html", office, context, here="", trail=_trail(office, booking), status=status)


def _said_cancelled(booking: Booking, *, by_office: bool) -> str:
    """What the officer reads next: to whom nothing is mailed, the news is told by them."""
    if booking.email:
        return _("Le rendez-vous est annulé. Un courriel le dit à la personne.")
    if not by_office:
        return _("Le rendez-vous est annulé. Rien n'est envoyé : la personne n'a pas d'adresse électronique.")
    if not booking.phone:
        return _(
            "Le rendez-vous est annulé. La personne n'a ni adresse électronique ni téléphone : écrivez-lui, ou dites-le-lui."
        )
    number = {"phone": phone_to_read(booking.phone)}
    return _("Le rendez-vous est annulé. La personne n'a pas d'adresse électronique : appelez-la au %(phone)s.") % number


@officer_required(*ROLES)
@never_cache
@require_safe
def move(request: OfficerRequest, pk: int) -> HttpResponse:
    """The free slots of a week for the new date: of any pool, without lead time. Those who come together move together."""
    office = office_of(request)
    booking = found_in(office, pk)
    if not may_change(booking, "move"):
        return _too_late(request, office, booking)
    others = _others(booking)
    context = {
        **_what(booking, office, others),
        **week_of(
            request,
            office,
            _type_to_move_in(booking),
            len(others) + 1,
            at=lambda **query: address("rdv_move", office, booking.pk, **query),
            of=lambda slot_id: address("rdv_move_to", office, booking.pk, slot_id),
        ),
    }
    return page(request, "officer/rdv/move.html", office, context, here="", trail=_trail(office, booking))


@officer_required(*ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move_to(request: OfficerRequest, pk: int, slot: int) -> HttpResponse:
    """The new date, read again, then taken."""
    office = office_of(request)
    booking = found_in(office, pk)
    if not may_change(booking, "move"):
        return _too_late(request, office, booking)
    others = _others(booking)
    if request.method == "POST":
        try:
            actions.reschedule(booking, slot, by=actor(request), role=Role.OFFICER)
        except ActionRefused as refusal:
            told(request, refusal)
            return to("rdv_move", office, booking.pk)
        messages.success(request, _("La date est changée. Imprimez la nouvelle convocation : l'ancienne ne vaut plus."))
        return to("rdv_booking", office, booking.pk)
    places = appointments.counter_seats(_type_to_move_in(booking), slot, len(others) + 1)
    if not places:
        messages.error(request, _("Cette plage n'est plus libre. Choisissez-en une autre."))
        return to("rdv_move", office, booking.pk)
    context = {
        **_what(booking, office, others),
        "slot": places[0],
        "new_ends_at": places[-1].ends_at,
        "new_day_words": words.long_day(places[0].starts_at.date()),
        "back_url": address("rdv_move", office, booking.pk),
    }
    return page(request, "officer/rdv/move_to.html", office, context, here="", trail=_trail(office, booking))


def _type_to_move_in(booking: Booking) -> AppointmentType:
    """The type among whose slots of this office it may be moved: its own, or the one that replaces it."""
    found = appointments.type_to_move_in(booking)
    return found if found.office_id == booking.type.office_id else booking.type


def _what(booking: Booking, office: Office, others: list[Booking]) -> dict[str, Any]:
    starts_at = words.local(booking.slot.starts_at, office)
    return {
        "booking": booking,
        "type": booking.type,
        "others": others,
        "day_words": words.long_day(starts_at.date()),
        "starts_at": starts_at,
        "ends_at": words.local(booking.slot.ends_at, office),
        "booking_url": address("rdv_booking", office, booking.pk),
    }


def _trail(office: Office, booking: Booking) -> tuple[tuple[str, Any], ...]:
    return ((address("rdv_booking", office, booking.pk), booking.reference),)


def _too_late(request: OfficerRequest, office: Office, booking: Booking) -> HttpResponse:
    messages.error(request, _("Ce rendez-vous a commencé, ou n'est plus à venir : il ne se change plus."))
    return to("rdv_booking", office, booking.pk)
