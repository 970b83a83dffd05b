"""Who comes and where to write; reading it again; finishing."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.errors import AlreadyBooked, HoldOver, MailboxFull
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType, Booking
from guichet.core import clock
from guichet.core.dates import PartialDate, known_in_words
from guichet.core.errors import ActionRefused
from guichet.web.booking import kept, left, steps, together
from guichet.web.booking.choosing import minutes_of
from guichet.web.booking.forms import DetailsForm, details_of
from guichet.web.booking.grid import back_to_grid
from guichet.web.booking.identified import identity_of, known_of, situation_of
from guichet.web.booking.mail_domains import likely
from guichet.web.booking.words import deadline
from guichet.web.design import language
from guichet.web.design.forms import summary

WRITE_TO = "ecrire"  # the address that was probably meant


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The form, while the place is held."""
    found = steps.type_or_404(office, type)
    held = kept.hold(request, found)
    if request.method == "POST":
        left.keep(request, found)
    if held is None:
        return _without_hold(request, found)
    if left.GO_BACK in request.POST:
        return redirect(steps.address("slots", found))
    known = known_of(request, found)
    identity = identity_of(known)
    is_firm = found.confirmation_minutes == 0
    typed = kept.way(request, found).get("typed") or {}
    as_left = left.of(request, found)
    if request.method == "POST":
        form = DetailsForm(request.POST, identity=identity, is_firm=is_firm)
        others = together.others_of(held, request.POST, ())
        if all([form.is_valid(), *(other.form.is_valid() for other in others)]):
            given = form.plain()
            if together.refuse_repeated(given, others):
                kept.keep(request, found, left=None, typed={**given, "others": [other.form.plain() for other in others]})
                return redirect(steps.address("finish", found))
    elif as_left:
        form = DetailsForm(as_left, identity=identity, is_firm=is_firm, as_left=True)
        others = together.others_of(held, as_left, (), as_left=True)
    else:
        first = {**known, "email_again": known.get("email", "")}
        form = DetailsForm(initial=typed or first, identity=identity, is_firm=is_firm)
        others = together.others_of(held, None, typed.get("others", ()))
    errors = summary(form, *(other.form for other in others))
    context = {"form": form, "others": others, "error_lines": errors, **hold_of(held), **shown_identity(identity)}
    return steps.page(request, "booking/details.html", found, steps.DETAILS, context, status=422 if errors else 200)


def shown_identity(identity: dict[str, Any]) -> dict[str, Any]:
    """What is known for sure of who comes, as the page shows it above the form."""
    return {"identity": {**identity, "born": born(identity["birth_date"]) if "birth_date" in identity else ""}}


def hold_of(held: Booking) -> dict[str, Any]:
    """What is held and until when: the hour on the wall of the office, and the seconds that are left."""
    assert held.held_until  # by the state
    zone = held.slot.agenda.zone
    left = held.held_until - clock.now()
    return {
        "slot": together.moment(appointments.party_of(held)),
        "held_until": held.held_until.astimezone(zone),
        "seconds_left": max(int(left / timedelta(seconds=1)), 0),
    }


def _without_hold(request: HttpRequest, type: AppointmentType) -> HttpResponse:
    """Nothing is held: finished already, over, or never chosen."""
    way = kept.way(request, type)
    if way.get("booking"):
        return redirect(steps.address("done", type))
    if not way.get("slot"):
        return redirect(steps.address("slots", type))
    messages.error(request, str(HoldOver().message))
    if way.get("left") or way.get("typed"):
        messages.info(request, _("Ce que vous avez écrit est gardé : vous n'aurez pas à l'écrire à nouveau."))
    return back_to_grid(request, type, way["slot"], ())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """Everything once more, then the request is made."""
    found = steps.type_or_404(office, type)
    held = kept.hold(request, found)
    typed = kept.way(request, found).get("typed")
    if held is None:
        return _without_hold(request, found)
    if not typed:
        return redirect(steps.address("details", found))
    rows = appointments.party_of(held)
    if len(typed.get("others", ())) != len(rows) - 1:
        return redirect(steps.address("details", found))  # the place was taken anew, for more people or for fewer
    typed = {**typed, **identity_of(known_of(request, found))}
    meant = likely(typed["email"])
    if request.method == "POST" and request.POST.get(WRITE_TO) == meant != "":
        kept.keep(request, found, typed={**typed, "email": meant, "email_again": meant})
        return redirect(steps.address("finish", found))
    if request.method == "POST" and not language.is_switch(request):
        return _finish(request, found, held, typed)
    context = {
        "typed": typed,
        "meant": meant,
        "birth_date": born(typed["birth_date"]),
        "others": [
            {
                **other,
                "title": together.title_of(number),
                "born": born(other["birth_date"]),
                "hour": f"{row.starts_at_local:%H:%M}",
            }
            for number, (row, other) in enumerate(zip(rows[1:], typed.get("others", ()), strict=True), start=2)
        ],
        "minutes": minutes_of(found, held.slot),
        **deadline(appointments.confirm_until_if_asked(rows) if found.confirmation_minutes else None, held.slot.agenda),
        **hold_of(held),
    }
    return steps.page(request, "booking/finish.html", found, steps.FINISH, context)


def born(written: str) -> str:
    """A date of birth in words, as far as it is known."""
    return known_in_words(PartialDate.parse(written))


def _finish(request: HttpRequest, type: AppointmentType, held: Booking, typed: dict[str, Any]) -> HttpResponse:
    spoken = get_language() or settings.LANGUAGE_CODE
    given = details_of(typed, spoken, situation_of(request, type))
    others = together.details_of_others(typed, spoken)
    try:
        booking = actions.give_details(held, given, session_key=kept.browser(request), others=others)
    except HoldOver as refusal:
        messages.error(request, str(refusal.message))
        messages.info(request, _("Ce que vous avez écrit est gardé : vous n'aurez pas à l'écrire à nouveau."))
        return back_to_grid(request, type, held.slot_id, refusal.nearest)
    except AlreadyBooked as refusal:
        if others and together.may_try_again(held):  # the places stay held: another person may be written
            messages.error(request, f"{together.title_of(refusal.person + 1)} – {together.already_booked()}")
            return redirect(steps.address("details", type))
        actions.give_up(held, session_key=kept.browser(request))
        messages.error(request, str(refusal.message))
        if kept.way(request, type).get("booking") in {one.pk for one in appointments.party_of(refusal.booking)}:
            kept.look_at(request, refusal.booking)
            return redirect("booking:request")  # made with this very browser
        # Said of whoever types this name and birth date: nothing of the other request is shown.
        kept.lost_with(request, given.email)
        return redirect("booking:find")
    except ActionRefused as refusal:
        messages.error(request, str(refusal.message))
        return redirect(steps.address("details" if isinstance(refusal, MailboxFull) else "slots", type))
    kept.forget(request, type)
    kept.keep(request, type, accepted=True, booking=booking.pk)
    return redirect(steps.address("done", type))


def _stands(booking: Booking) -> bool:
    """Whether it is confirmed, or still waits to be."""
    if booking.state == State.TO_CONFIRM:
        return booking.confirm_until is not None and booking.confirm_until > clock.now()
    return booking.state == State.CONFIRMED


@never_cache
@require_safe
def done(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """What happens next: a mail to answer, or the appointment is firm."""
    found = steps.type_or_404(office, type)
    made = kept.way(request, found).get("booking")
    booking = appointments.booking_of(made) if made else None
    if booking is None:
        return redirect(steps.address("type", found))
    people = appointments.party_of(booking)
    if not _stands(booking):
        kept.look_at(request, booking)
        return redirect("booking:request")  # which says what became of it
    context = {
        "booking": booking,
        "slot": together.moment(people),
        "people": people if len(people) > 1 else [],
        "minutes": minutes_of(found, booking.slot),
        "waits": booking.state == State.TO_CONFIRM,
        **deadline(booking.confirm_until, booking.slot.agenda),
        "here": _("Valider et terminer"),
    }
    return steps.page(request, "booking/done.html", found, steps.FINISH, context)
