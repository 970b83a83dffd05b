"""Links that people lost, mailed again to whoever types their address: one mail that lists what is still to come of it.

Who asks is not known to be the owner of the address: they are told the same whether or not anything exists, and nothing is
refused that would not be refused of an address that nobody ever gave. Called through ``actions``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext

from guichet.appointments import invited, keys, mailboxes
from guichet.appointments.bookings.telling import day_and_hour, invitation_link
from guichet.appointments.bookings.telling import link_of as booking_link
from guichet.appointments.draws.mails import registration_link
from guichet.appointments.errors import MailboxFull
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType, Booking, Draw, DrawRegistration, Invitation, WaitingEntry
from guichet.appointments.waiting.mails import link_of as entry_link
from guichet.core import clock, throttling
from guichet.core.errors import TooManyTries
from guichet.core.throttling import Limit
from guichet.messaging.actions import send_mail

# Of one mailbox, whoever asks and from wherever; beside what ``mailboxes`` counts, so that nobody fills that with these.
SELDOM = (Limit("appointment-links-quarter", 1, 900), Limit("appointment-links-day", 6, 24 * 3600))
SHOWN = 30  # links in one mail; an association helps many people with the one address it has


@dataclass(frozen=True)
class Thing:
    """One thing that is still to come: what it is and when, in the language of the mail, whose, for what, and its link."""

    title: str
    name: str
    type: AppointmentType
    link: str


def send_links_again(email: str, *, language: str) -> None:
    """Mails to an address the links of the appointments, turns in a waiting list, registrations in a draw and invitations
    that it was given for and that are not over. Nothing is mailed when there is none, nor too often (``SELDOM``), nor to a
    mailbox that is full of our mails: whoever asks is not told. The same few queries in every case. Outside of transactions.
    """
    address = email.strip().lower()
    places = []
    try:
        for limit in SELDOM:
            places.append(throttling.spend(limit, mailboxes.mailbox_of(address)))
        with translation.override(language):
            if found := list(_alive(address)):
                with mailboxes.one_mail_to(address), transaction.atomic():
                    _mail(address, language, found)
                return
    except (TooManyTries, MailboxFull):
        pass
    for place in places:  # nothing left
        place.give_back()


def _alive(address: str) -> Iterator[Thing]:
    """Everything of an address that is not over, appointments first. Five queries."""
    now = clock.now()
    return chain(_bookings(address, now), _offers_and_turns(address), _registrations(address, now), _invitations(address))


def _bookings(address: str, now: datetime) -> Iterator[Thing]:
    """Of those who come together one link, that of the first who still comes: it shows them all."""
    standing = Q(state=State.CONFIRMED, slot__starts_at__gt=now) | Q(state=State.TO_CONFIRM, confirm_until__gt=now)
    rows = Booking.objects.select_related("slot__agenda", "type__office").order_by("slot__starts_at", "pk")
    rows = rows.filter(standing | Q(slot__withdrawn_at__isnull=False), state__in=[State.CONFIRMED, State.TO_CONFIRM])
    seen: set[int] = set()
    for row in _of_address(rows, address):
        if row.party_id not in seen:
            yield Thing(_title_of(row), row.display_name, row.type, booking_link(row))
        seen.update([row.party_id] if row.party_id else [])


def _title_of(row: Booking) -> str:
    if row.must_move:
        return gettext("Rendez-vous qui doit changer de date")
    when = day_and_hour(row.starts_at_local)
    if row.slot.agenda.timezone != settings.TIME_ZONE:
        when = f"{when} {gettext('(heure de %(city)s)') % {'city': row.type.office.city}}"
    if row.state == State.TO_CONFIRM:
        until = day_and_hour(row.confirm_until.astimezone(row.slot.agenda.zone)) if row.confirm_until else ""
        return gettext("Rendez-vous : %(when)s. À confirmer avant : %(until)s") % {"when": when, "until": until}
    return gettext("Rendez-vous confirmé : %(when)s") % {"when": when}


def _offers_and_turns(address: str) -> Iterator[Thing]:
    states = [WaitingEntry.State.OFFERED, WaitingEntry.State.WAITING]
    rows = WaitingEntry.objects.select_related("type__office").filter(state__in=states).order_by("state", "since", "pk")
    for row in _of_address(rows, address):
        offered = row.state == WaitingEntry.State.OFFERED
        title = gettext("Liste d'attente : une place est proposée, répondez vite") if offered else gettext("Liste d'attente")
        yield Thing(title, row.display_name, row.type, entry_link(row))


def _registrations(address: str, now: datetime) -> Iterator[Thing]:
    """Until the draw: whoever has a place then has an appointment. Those that nobody confirmed in time take no part."""
    rows = DrawRegistration.objects.select_related("draw__agenda", "draw__type__office").order_by("draw__draws_at", "pk")
    rows = rows.filter(Q(confirmed_at__isnull=False) | Q(confirm_until__gt=now)).exclude(draw__state=Draw.State.DRAWN)
    for row in _of_address(rows, address):
        when = {"when": day_and_hour(row.draw.draws_at.astimezone(row.draw.agenda.zone))}
        known = gettext("Inscription à confirmer, tirage le %(when)s") if row.confirmed_at is None else ""
        title = known or gettext("Inscription au tirage, le %(when)s")
        yield Thing(title % when, row.display_name, row.draw.type, registration_link(row))


def _invitations(address: str) -> Iterator[Thing]:
    for one in invited.open_among(Invitation.objects.alias(address=Lower("email")).filter(address=address)):
        yield Thing(
            gettext("Invitation à prendre rendez-vous"),
            one.invitation.display_name,
            one.invitation.type,
            invitation_link(one.invitation),
        )


def _of_address[Row: (Booking, WaitingEntry, DrawRegistration)](rows: "QuerySet[Row]", address: str) -> "QuerySet[Row]":
    """Those of an address, written in small letters, as ``booking_by_reference`` compares them. Each table has its index."""
    return rows.alias(address=Lower("email")).filter(address=address)[: SHOWN + 1]


def _mail(address: str, language: str, found: list[Thing]) -> None:
    send_mail(
        intent=f"appointment-links:{keys.of_address(address)}:{int(clock.now().timestamp()) // SELDOM[0].seconds}",
        address=address,
        language=language,
        template="appointment_links",
        context={
            "things": [
                {"title": one.title, "name": one.name, "type": one.type.name, "office": one.type.office.name, "link": one.link}
                for one in found[:SHOWN]
            ],
            "more": len(found) > SHOWN,
        },
    )


__all__ = ["send_links_again"]
