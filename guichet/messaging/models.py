"""The outbox, the notifications, the announcements."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from guichet.core import clock


class OutboxMessage(models.Model):
    """One e-mail to send. The row is written in the transaction of what it tells; the worker delivers it.

    Where it went is forgotten some time later when it went to nobody's account (``forgetting``): that it was sent, and when,
    stays.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"  # refused for good, or tried for too long
        BOUNCED = "bounced"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intent = models.CharField(max_length=200, unique=True)  # one row per intent: writing it twice keeps the first
    address = models.EmailField(blank=True)  # empty once forgotten
    language = models.CharField(max_length=5)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    template = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    attachments = models.JSONField(default=list)  # of ``actions.Attachment``; keys of core.storage
    created_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)  # a class name: server answers may repeat addresses

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_attempt_at"], name="outbox_due"),
            models.Index(fields=["-created_at"], name="outbox_latest"),
            models.Index(
                fields=["created_at"],
                name="outbox_to_forget",
                condition=models.Q(account__isnull=True) & ~models.Q(address=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_sent_message_has_its_date",
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_message_that_waits_has_its_address",
                condition=~models.Q(state="waiting") | ~models.Q(address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.state})"

    @property
    def message_id(self) -> str:
        """The stable Message-ID: a message delivered twice is recognised as the same."""
        return f"<{self.id}@{settings.ALLOWED_HOSTS[0].lstrip('.')}>"


class Notification(models.Model):
    """Something to read in the site. What it says is drawn by the page from ``kind`` and its subject."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intent = models.CharField(max_length=200, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)  # complement_request, decision, reminder, information
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="notification_latest"),
            models.Index(fields=["account"], name="notification_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def status(self) -> str:
        """``answered``, ``read`` or ``unread``."""
        return "answered" if self.answered_at else "read" if self.read_at else "unread"


class Announcement(models.Model):
    """A message to everybody, in every language of the site, shown on public pages from one day to another (Paris days)."""

    class Level(models.TextChoices):
        INFO = "info"
        WARNING = "warning"

    text_fr = models.TextField()
    text_en = models.TextField()
    level = models.CharField(max_length=10, choices=Level, default=Level.INFO)
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)  # shown that day still; null: until it is withdrawn
    created_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(
                name="an_announcement_ends_after_it_begins",
                condition=models.Q(last_day__isnull=True) | models.Q(last_day__gte=models.F("first_day")),
            ),
            models.CheckConstraint(
                name="an_announcement_speaks_both_languages",
                condition=~models.Q(text_fr="") & ~models.Q(text_en=""),
            ),
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk}"

    @property
    def text(self) -> str:
        """The text in the active language."""
        return self.text_en if (get_language() or "fr").startswith("en") else self.text_fr
