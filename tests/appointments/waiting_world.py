"""The waiting list for its tests: joining it, places that are freed, what was told."""

from guichet.appointments import actions, due, keys
from guichet.appointments.models import Booking, Offer, WaitingEntry
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world


def token(entry):
    return keys.token_of_entry(entry.key)


def join(type, **changes):
    return actions.join_waiting_list(type, world.details(**changes))


def mails(entry):
    sent = OutboxMessage.objects.filter(intent__startswith=f"waiting:{entry.pk}:").order_by("created_at", "pk")
    return [mail.template for mail in sent]


def free(booking):
    """The person leaves; the place's moment comes."""
    actions.cancel(world.token(booking))
    bring_back()


def bring_back():
    """The moment of whatever was freed."""
    Booking.objects.filter(state="returning").update(returns_at=clock.now())
    due.give_places_back()


def offer_of(entry):
    return Offer.objects.get(entry=entry, state="open")


def again(entry):
    return WaitingEntry.objects.get(pk=entry.pk)
