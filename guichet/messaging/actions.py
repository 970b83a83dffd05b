"""Verbs of messaging. Call them inside the transaction of what the message tells: both happen, or neither."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from guichet.core import clock
from guichet.messaging.announcements import announce, change_announcement, withdraw_announcement
from guichet.messaging.models import Notification, OutboxMessage

__all__ = [
    "Attachment",
    "announce",
    "change_announcement",
    "mark_answered",
    "mark_read",
    "mark_read_about",
    "notify",
    "notify_each",
    "retry_now",
    "send_mail",
    "withdraw_announcement",
]


@dataclass(frozen=True)
class Attachment:
    """A file to attach: its name for the reader, its key in ``core.storage``. ``own``: made for this mail, it goes with it;
    else somebody keeps it."""

    name: str
    key: str
    content_type: str = "application/pdf"
    own: bool = False


def send_mail(
    *,
    intent: str,
    address: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    account: Any = None,
    attachments: Sequence[Attachment] = (),
) -> OutboxMessage:
    """Writes one e-mail in the outbox. The same ``intent`` twice is one message: the first is kept and returned.

    ``template`` names ``mails/<template>.txt`` in the caller's room: the first line is the subject, then an empty line, then
    the text; a line holding only an address becomes a button in the HTML part. Personal data: the name, no more.
    """
    with translation.override(language):
        text = render_to_string(f"mails/{template}.txt", {"site_url": settings.SITE_URL, **context}).strip()
    subject, _, body = text.partition("\n")
    message = OutboxMessage(
        intent=intent,
        address=address,
        language=language,
        account=account,
        template=template,
        subject=subject.strip()[:200],
        body=body.strip() + "\n",
        attachments=[asdict(attachment) for attachment in attachments],
    )
    with transaction.atomic():
        OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    return OutboxMessage.objects.get(intent=intent)


def notify(
    *,
    intent: str,
    account: Any,
    kind: str,
    subject: tuple[str, str],
    data: Mapping[str, Any] | None = None,
    mail: bool = True,
) -> Notification:
    """Shows a notification to an account and, with ``mail``, sends the e-mail that only says «sign in, something awaits»."""
    Notification.objects.bulk_create(
        [
            Notification(
                intent=intent,
                account=account,
                kind=kind,
                subject_kind=subject[0],
                subject_id=subject[1],
                data=dict(data or {}),
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    notification = Notification.objects.get(intent=intent)
    if mail and account.email:
        send_mail(
            intent=f"notification:{intent}",
            address=account.email,
            language=account.language,
            template="notification",
            context={"name": account.display_name},
            account=account,
        )
    return notification


def notify_each(
    *,
    intent: str,
    accounts: Iterable[Any],
    kind: str,
    subject: tuple[str, str],
    data: Mapping[str, Any] | None = None,
    mail: bool = True,
) -> list[Notification]:
    """Notifies every account that acts for somebody: each has its own, under the same intent. An address gets one mail."""
    told: set[str] = set()
    found = []
    for account in accounts:
        address = account.email.lower()
        once = mail and address not in told
        told.add(address)
        found.append(notify(intent=f"{intent}:{account.pk}", account=account, kind=kind, subject=subject, data=data, mail=once))
    return found


def mark_read_about(subject: tuple[str, str]) -> None:
    """Dates the reading of every notification about a subject: who opened it did so for the person."""
    about = Notification.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    about.filter(read_at__isnull=True).update(read_at=clock.now())


def mark_read(notification: Notification) -> None:
    """Dates the first reading; later ones change nothing."""
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(read_at=clock.now())


def mark_answered(subject: tuple[str, str]) -> None:
    """Dates the answer of every notification about a subject, whoever answered."""
    now = clock.now()
    about = Notification.objects.filter(subject_kind=subject[0], subject_id=subject[1])
    about.filter(answered_at__isnull=True).update(answered_at=now)
    about.filter(read_at__isnull=True).update(read_at=now)


def retry_now(message: OutboxMessage) -> None:
    """Gives a failed message another chance, as long as it is known where it goes."""
    lost = OutboxMessage.objects.filter(pk=message.pk).exclude(state=OutboxMessage.State.SENT).exclude(address="")
    lost.update(
        state=OutboxMessage.State.WAITING, attempts=0, next_attempt_at=clock.now() - timedelta(seconds=1), lease_until=None
    )
