"""Delivery: leases what waits, hands it over, tries again later. At-least-once, with a stable Message-ID."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from guichet.core import clock
from guichet.core.worker import Duty
from guichet.messaging import delivery, forgetting
from guichet.messaging.models import OutboxMessage

log = structlog.get_logger("guichet.messaging")

BATCH = 20
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 15
PERMANENT_REFUSALS = range(500, 600)


def retry_delay(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … up to 4 h."""
    doublings = min(max(attempts - 1, 0), 9)
    return min(timedelta(seconds=30 * (1 << doublings)), timedelta(hours=4))


def lease() -> list[OutboxMessage]:
    """Takes a batch of messages for a while. A worker that dies leaves them to the next when the lease ends."""
    now = clock.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    with transaction.atomic():
        due = OutboxMessage.objects.filter(free, state=OutboxMessage.State.WAITING, next_attempt_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        messages = list(due.order_by("next_attempt_at")[:BATCH])
        OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(lease_until=now + LEASE)
    return messages


def deliver() -> int:
    """One batch. Each message is marked as soon as the mail server took it."""
    messages = lease()
    for message in messages:
        message.attempts += 1
        try:
            delivery.hand_over(message)
        except SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            _not_taken(message, error, for_good=all(code in PERMANENT_REFUSALS for code in codes))
        except (OSError, ValueError) as error:  # smtplib's errors are OSErrors; a broken header is a ValueError
            _not_taken(message, error, for_good=isinstance(error, ValueError))
        else:
            message.state = OutboxMessage.State.SENT
            message.sent_at = clock.now()
            if not settings.OUTBOX_KEEP_BODIES:
                message.body = ""  # what was sent, with its links, is no longer ours to keep
        message.lease_until = None
        message.save()
    return len(messages)


def _not_taken(message: OutboxMessage, error: Exception, *, for_good: bool) -> None:
    message.last_error = type(error).__name__
    if for_good:
        message.state = OutboxMessage.State.BOUNCED
    elif message.attempts >= MOST_ATTEMPTS:
        message.state = OutboxMessage.State.FAILED
    message.next_attempt_at = clock.now() + retry_delay(message.attempts)
    log.warning(
        "mail not taken", message=str(message.pk), template=message.template, error=message.last_error, state=message.state
    )


def forget_addresses() -> int:
    """Forgets where old mails went, of those that went to nobody's account."""
    return forgetting.forget(BATCH)


DUTIES = [Duty("messaging.deliver", deliver, every=1), Duty("messaging.forget", forget_addresses, every=3600)]
