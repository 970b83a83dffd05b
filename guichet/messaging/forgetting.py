"""Where mails went, of people without an account: forgotten by the worker once nobody asks any more whether one left.

What is written to somebody's account is part of their application's proofs and is kept with it.
"""

from datetime import timedelta

from django.db import transaction

from guichet.core import clock, storage
from guichet.messaging.models import OutboxMessage

# As long as who has an appointment is known after its day (``appointments.rules``): mails about it are no later than that day.
# verify: no text sets this delay; it is for who answers for the data to decide.
FORGOTTEN_AFTER = timedelta(days=90)


def forget(batch: int) -> int:
    """Empties at most so many messages: address, text, attachments, with the files that were made for them. How many."""
    old = OutboxMessage.objects.filter(account__isnull=True, created_at__lt=clock.now() - FORGOTTEN_AFTER)
    old = old.exclude(address="").exclude(state=OutboxMessage.State.WAITING)
    with transaction.atomic():
        rows = list(old.order_by("created_at", "id").only("id", "attachments")[:batch])
        for attachment in (one for row in rows for one in row.attachments if one.get("own")):
            storage.remove(attachment["key"])
        OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).update(address="", body="", attachments=[])
    return len(rows)
