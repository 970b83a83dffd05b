"""Tickets."""

from django.conf import settings
from django.db import models

from guichet.core import clock
from guichet.offices.models import Office


class Ticket(models.Model):
    """A request for help: what happened, where, and how to answer. No office: the national contact centre answers."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        BLOCKED_ACCOUNT = "blocked_account"
        SECOND_CLAIM = "second_claim"  # somebody asked for an account on an identity that has one

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        CLOSED = "closed"

    class Resolution(models.TextChoices):
        ANSWER = "answer"
        ACTIVATION_LINK = "activation_link"  # of an account that could not be created
        NEW_ADDRESS = "new_address"  # of an account whose e-mail is lost
        CONVOCATION = "convocation"  # to the desk, for a receipt or its renewal

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
    resolution = models.CharField(max_length=20, choices=Resolution, blank=True)

    class Meta:
        ordering = ["-created_at", "-number"]
        indexes = [
            models.Index(fields=["state", "created_at", "number"], name="ticket_waiting"),
            models.Index(fields=["office", "state", "created_at", "number"], name="ticket_waiting_in_office"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_answered_ticket_says_how_and_when",
                condition=~models.Q(state="answered") | (models.Q(answered_at__isnull=False) & ~models.Q(resolution="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Reply(models.Model):
    """An answer that left by mail. A ticket opened again may get another; none is replaced."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [models.CheckConstraint(name="a_reply_has_its_words", condition=~models.Q(text=""))]

    def __str__(self) -> str:
        return f"reply to {self.ticket_id}"


class Convocation(models.Model):
    """A day and an hour at the desk of an office, for somebody whose ticket could not be solved at a distance."""

    class Purpose(models.TextChoices):
        FIRST_RECEIPT = "first_receipt"
        RECEIPT_RENEWAL = "receipt_renewal"
        IDENTITY = "identity"  # to check who the person is

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="convocations")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    at = models.DateTimeField()
    bring = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.ticket_id}"
