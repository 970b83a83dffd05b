"""Households for the tests: they hold places, say who they are, and are read again."""

import uuid

from guichet.appointments import actions, queries
from guichet.appointments.models import Slot
from guichet.messaging.models import OutboxMessage
from tests.appointments import world


def hold(type, slot, count, session="browser", **changes):
    sent = {"session_key": session, "proof_key": f"proof-{uuid.uuid4()}", "request_key": uuid.uuid4(), **changes}
    return actions.claim_together(type, slot.pk, count, **sent)


def people(count, email="family@example.org", **changes):
    return [world.details(email=email, **changes) for _ in range(count)]


def ask(type, slot, count, session="browser", given=None):
    held = hold(type, slot, count, session)
    first, *others = given or people(count)
    return actions.give_details(held, first, session_key=session, others=others)


def states(booking):
    return [one.state for one in queries.party_of(booking)]


def slots_of(booking):
    return [one.slot_id for one in queries.party_of(booking)]


def taken(*slots):
    return [Slot.objects.get(pk=slot.pk).taken for slot in slots]


def mails():
    return [mail.template for mail in OutboxMessage.objects.order_by("created_at", "pk")]
