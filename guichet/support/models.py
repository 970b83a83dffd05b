"""Tickets."""

from django.conf import settings
from django.db import models

from guichet.core import clock
from guichet.offices.models import Office


class Ticket(models.Model):
    """A request for help: what happened, where, and how to answer."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        BLOCKED_ACCOUNT = "blocked_account"
        SECOND_CLAIM = "second_claim"  # somebody asked for an account on an identity that has one

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    number = models.CharField(
        max_length=12, primary_key=True
    )  # said aloud on the telephone: no letter that looks like a figure
    intent = models.CharField(max_length=80, unique=True, null=True, blank=True)  # of the form: sent twice, it is one ticket
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="fr")
    topic = models.CharField(max_length=40, blank=True)
    message = models.TextField()
    context = models.JSONField(default=dict)  # page, procedure, application number: what spares a question
    created_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at", "-number"]
        indexes = [models.Index(fields=["state", "created_at", "number"], name="ticket_waiting")]
        constraints = [
            models.CheckConstraint(
                name="an_answered_ticket_has_its_answer_and_date",
                condition=~models.Q(state="answered") | (models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return self.number
