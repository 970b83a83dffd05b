"""Reads of messaging."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from guichet.core import clock
from guichet.messaging.models import Announcement, Notification, OutboxMessage

FILTERS = ("all", "unread", "read", "answered")


def unread_count(account: Any) -> int:
    return Notification.objects.filter(account=account, read_at__isnull=True).count()


def latest(account: Any, limit: int = 5) -> list[Notification]:
    return list(Notification.objects.filter(account=account, read_at__isnull=True)[:limit])


def page(
    account: Any, *, status: str = "all", after: tuple[datetime, UUID] | None = None, size: int = 10
) -> tuple[list[Notification], bool]:
    """One page of notifications, newest first, after a key ``(created_at, id)``; and whether there are more."""
    rows = Notification.objects.filter(account=account)
    if status == "unread":
        rows = rows.filter(read_at__isnull=True)
    elif status == "read":
        rows = rows.filter(read_at__isnull=False, answered_at__isnull=True)
    elif status == "answered":
        rows = rows.filter(answered_at__isnull=False)
    if after:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def notification_of(account: Any, pk: UUID) -> Notification | None:
    """The notification, if it is this account's own."""
    return Notification.objects.filter(account=account, pk=pk).first()


def about(account: Any, subjects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Notification]:
    """The first notification that an account had about each of these subjects. One query, none for no subject."""
    wanted = Q()
    for kind, pk in subjects:
        wanted |= Q(subject_kind=kind, subject_id=pk)
    found: dict[tuple[str, str], Notification] = {}
    if wanted:
        for each in Notification.objects.filter(wanted, account=account).order_by("created_at", "id"):
            found.setdefault((each.subject_kind, each.subject_id), each)
    return found


def outbox(*, limit: int = 100) -> list[OutboxMessage]:
    """The latest messages, newest first."""
    return list(OutboxMessage.objects.order_by("-created_at", "-id")[:limit])


def outbox_counts() -> dict[str, int]:
    """How many messages are in each state."""
    return dict(OutboxMessage.objects.values_list("state").annotate(number=Count("pk")).order_by("state"))


def undelivered(*, limit: int = 50) -> list[OutboxMessage]:
    """What could not be handed over so far: given up, bounced, or tried and still waiting; the latest first."""
    tried = Q(state=OutboxMessage.State.WAITING, attempts__gt=0)
    lost = Q(state__in=[OutboxMessage.State.FAILED, OutboxMessage.State.BOUNCED])
    return list(OutboxMessage.objects.filter(tried | lost).exclude(address="").order_by("-created_at", "-id")[:limit])


def message(pk: UUID) -> OutboxMessage | None:
    return OutboxMessage.objects.filter(pk=pk).first()


def has_bounced(account: Any) -> bool:
    """Whether the latest message to this account did not reach it: the person is to be reached otherwise."""
    latest = OutboxMessage.objects.filter(account=account).exclude(state=OutboxMessage.State.WAITING)
    last = latest.order_by("-created_at", "-id").values_list("state", flat=True).first()
    return last in (OutboxMessage.State.FAILED, OutboxMessage.State.BOUNCED)


def announcements(on: date | None = None) -> list[Announcement]:
    """The announcements that public pages show on a Paris day (today), the gravest first. One query."""
    day = on or clock.today()
    shown = Announcement.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=day), first_day__lte=day, withdrawn_at__isnull=True
    )
    return sorted(shown, key=lambda one: one.level != Announcement.Level.WARNING)


def every_announcement(*, limit: int = 50) -> list[Announcement]:
    """The latest announcements, past, present and to come."""
    return list(Announcement.objects.all()[:limit])


def announcement(pk: int) -> Announcement | None:
    return Announcement.objects.filter(pk=pk).first()
