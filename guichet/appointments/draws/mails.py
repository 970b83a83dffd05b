"""Telling people what becomes of their registration in a draw. In the transaction of what is told; one message per intent."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from guichet.appointments import keys
from guichet.appointments.bookings.telling import day_and_hour, link_of, minutes_of
from guichet.appointments.models import Booking, Draw, DrawRegistration
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.messaging.actions import send_mail


def draw_link(draw: Draw) -> str:
    """The address of the page of a draw."""
    return f"{settings.SITE_URL}/rdv/{draw.type.office.slug}/{draw.type.slug}/tirage/{draw.slug}/"


def registration_link(registration: DrawRegistration) -> str:
    """The address of the page of a registration, for whoever reads its mail."""
    return f"{settings.SITE_URL}/rdv/inscription/{keys.token_of_registration(registration.request_key)}/"


def tell_to_confirm(registration: DrawRegistration) -> None:
    """A link to click before a time: without it, they take no part."""
    with translation.override(registration.language):
        said = _link_and_dates(registration, registration.confirm_until)
    _mail(registration, "to_confirm", "draw_to_confirm", said)


def tell_lapsed(registration: DrawRegistration, *, may_again: bool) -> None:
    """Not confirmed in time: they take no part. ``may_again``: until the deadline they may register anew."""
    draw = registration.draw
    with translation.override(registration.language):
        said = {"may_again": may_again, "until": day_and_hour(draw.closes_at.astimezone(draw.agenda.zone))}
    _mail(registration, "lapsed", "draw_lapsed", said)


def tell_registered(registration: DrawRegistration) -> None:
    """Confirmed: the code that the published list shows, and the link to change or withdraw."""
    with translation.override(registration.language):
        said = _link_and_dates(registration, registration.draw.closes_at)
    _mail(registration, "registered", "draw_registered", said)


def tell_won(registration: DrawRegistration, booking: Booking) -> None:
    """The place, to confirm before a time."""
    assert booking.confirm_until  # by the move
    zone = booking.slot.agenda.zone
    with translation.override(registration.language):
        said = {
            "address": booking.type.text("address"),
            "when": day_and_hour(booking.slot.starts_at.astimezone(zone)),
            "minutes": minutes_of(booking),
            "elsewhere": booking.slot.agenda.timezone != settings.TIME_ZONE,
            "city": booking.type.office.city,
            "reference": booking.reference,
            "asked_on": day_in_words(clock.paris_date(booking.asked_at or booking.claimed_at)),
            "until": day_and_hour(booking.confirm_until.astimezone(zone)),
            "link": link_of(booking),
            "people": [],
        }
    _mail(registration, "drawn", "draw_won", said)


def tell_no_place(registration: DrawRegistration) -> None:
    """No place this time, and what comes next; or an appointment that the person had already."""
    draw = registration.draw
    with translation.override(registration.language):
        said = {
            "already": registration.result == DrawRegistration.Result.ALREADY_BOOKED,
            "leftovers": day_and_hour(draw.leftovers_at.astimezone(draw.agenda.zone)),
        }
    _mail(registration, "drawn", "draw_no_place", said)


def _link_and_dates(registration: DrawRegistration, until: datetime) -> dict[str, Any]:
    """What may be done by the link, until when, and the day of the draw; in the active language."""
    draw = registration.draw
    return {
        "link": registration_link(registration),
        "until": day_and_hour(until.astimezone(draw.agenda.zone)),
        "drawn_on": day_and_hour(draw.draws_at.astimezone(draw.agenda.zone)),
    }


def _mail(registration: DrawRegistration, what: str, template: str, said: dict[str, Any]) -> None:
    draw = registration.draw
    with translation.override(registration.language):
        context = {
            "name": registration.display_name,
            "type": draw.type.name,
            "office": draw.type.office.name,
            "code": registration.public_id,
            "page": draw_link(draw),
            **said,
        }
        send_mail(
            intent=f"draw:{registration.pk}:{what}",
            address=registration.email,
            language=registration.language,
            template=template,
            context=context,
        )
