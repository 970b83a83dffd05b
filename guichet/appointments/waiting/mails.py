"""Telling people of the waiting list what becomes of their entry. In the transaction of what is told; one message per intent.

A mail holds the name of its reader and the appointment, nothing else about the person.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from guichet.appointments import keys
from guichet.appointments.bookings.telling import day_and_hour
from guichet.appointments.models import Attempt, Offer, WaitingEntry
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.messaging.actions import Attachment, send_mail


def link_of(entry: WaitingEntry) -> str:
    """The address of the page of an entry, for whoever reads its mail."""
    return f"{settings.SITE_URL}/rdv/attente/{keys.token_of_entry(entry.key)}/"


def tell_joined(entry: WaitingEntry) -> None:
    """In the list: how it goes, and the link. Joining again sends it again, once a day."""
    _mail(entry, f"joined:{clock.today()}", "waiting_joined", {})


def tell_offer(offer: Offer) -> None:
    """A place is free: which, and until when to answer."""
    zone = offer.booking.slot.agenda.zone
    with translation.override(offer.entry.language):
        until = day_and_hour(offer.accept_until.astimezone(zone))
    _mail(offer.entry, f"offer:{offer.pk}", "waiting_offer", {"until": until, **_what(offer)})


def tell_unanswered(offer: Offer, *, left: bool) -> None:
    """Nobody answered in time: at the end of the list, or out of it."""
    template = "waiting_ended" if left else "waiting_unanswered"
    _mail(offer.entry, f"unanswered:{offer.pk}", template, _what(offer))


def tell_withdrawn(offer: Offer) -> None:
    """The office receives nobody at that time after all; the turn is kept."""
    _mail(offer.entry, f"withdrawn:{offer.pk}", "waiting_withdrawn", _what(offer))


def tell_booked(entry: WaitingEntry) -> None:
    """They have an appointment by another way: their entry is closed."""
    _mail(entry, "booked", "waiting_booked", {})


def _what(offer: Offer) -> dict[str, Any]:
    slot = offer.booking.slot
    with translation.override(offer.entry.language):
        when = day_and_hour(slot.starts_at.astimezone(slot.agenda.zone))
    return {"when": when, "elsewhere": slot.agenda.timezone != settings.TIME_ZONE}


def _mail(entry: WaitingEntry, what: str, template: str, said: dict[str, Any]) -> None:
    type = entry.type
    with translation.override(entry.language):
        context = {
            "name": entry.display_name,
            "type": type.name,
            "office": type.office.name,
            "city": type.office.city,
            "address": type.text("address"),
            "link": link_of(entry),
            "again": f"{settings.SITE_URL}/rdv/{type.office.slug}/{type.slug}/",
            **said,
        }
    send_mail(
        intent=f"waiting:{entry.pk}:{what}",
        address=entry.email,
        language=entry.language,
        template=template,
        context=context,
    )


def tell_attempt(
    attempt: Attempt, name: str, email: str, document: OfficialDocument, *, waiting: WaitingEntry | None = None
) -> None:
    """The certificate of a failed attempt, attached; with the link of the entry of the same person and address, if any."""
    type, language = attempt.type, document.language
    with translation.override(language):
        context = {
            "name": name,
            "type": type.name,
            "office": type.office.name,
            "link": f"{settings.SITE_URL}/rdv/{type.office.slug}/{type.slug}/",
            "waiting_since": _day_joined(waiting) if waiting else "",
            "waiting_link": link_of(waiting) if waiting else "",
        }
    send_mail(
        intent=f"attempt:{attempt.pk}",
        address=email,
        language=language,
        template="attempt_recorded",
        context=context,
        attachments=[Attachment(name=f"{document.number}.pdf", key=document.key)],
    )


def _day_joined(entry: WaitingEntry) -> str:
    """In the active language, on the wall of the office."""
    return day_in_words(entry.joined_at.astimezone(ZoneInfo(entry.type.office.time_zone)).date())
