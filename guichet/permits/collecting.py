"""A card that is ready: its person is invited to take an appointment to collect it. Called through ``actions``.

Handing it over, the tax stamp and what goes wrong with a card come after; here a card waits at an office.
"""

from django.db import transaction

from guichet.accounts.models import Person
from guichet.accounts.queries import accounts_for
from guichet.appointments import actions as appointments
from guichet.appointments.models import AppointmentType, Invitation
from guichet.appointments.queries import type_of
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.messaging import actions as messaging
from guichet.offices.models import Office
from guichet.permits.models import Handover

COLLECTION = "remise-de-titre"  # the word, in the addresses of an office, of the appointment at which a card is collected


def announce_ready(person: Person, source: tuple[str, str], office: Office, *, number: str, by: Actor) -> Handover:
    """The card that a source called for is at the office: its person is told, and invited where the office gives
    appointments for it (else the message says to wait for a word). Twice is once. ``number`` is of the application."""
    with transaction.atomic():
        handover, is_new = Handover.objects.get_or_create(
            source_kind=source[0],
            source_id=source[1],
            defaults={"person": person, "office": office, "ready_at": clock.now()},
        )
        if is_new:
            events.record("permit_ready", Subject(*source), by, visible=True, handover=handover.pk)
            invitation = _invite(handover, by)
            messaging.notify_each(
                intent=f"permit_ready:{handover.pk}",
                accounts=accounts_for(person),
                kind="information",
                subject=source,
                data={"number": number, "what": "permit_ready" if invitation else "permit_ready_wait"},
                mail=True,
            )
    return handover


def _invite(handover: Handover, by: Actor) -> Invitation | None:
    type = type_of(handover.office.slug, COLLECTION)
    if type is None or type.identity != AppointmentType.Identity.INVITATION:
        return None
    first = next(iter(accounts_for(handover.person)), None)
    guest = appointments.guest_of(
        handover.person, email=first.email if first else "", language=first.language if first else "fr"
    )
    return appointments.invite(type, (handover.source_kind, handover.source_id), guest, by=by)
