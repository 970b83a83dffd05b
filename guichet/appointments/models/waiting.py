"""Those who found nothing: the waiting list with its offers, attempts that a certificate tells of."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from guichet.appointments.models.agendas import PUBLIC, AppointmentType
from guichet.appointments.models.bookings import Booking
from guichet.appointments.models.invitations import Invitation
from guichet.appointments.models.people import PersonDetails
from guichet.core import clock


class Attempt(models.Model):
    """Somebody looked for a place and there was none: what a dated certificate says. One per person, type and hour.

    Nothing is kept here of who it is but keyed hashes; names are in the certificate.
    """

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="attempts")
    person_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64, default="", db_default="")  # of the e-mail: see ``attempts``
    hour = models.DateTimeField()  # ``at`` without its minutes
    at = models.DateTimeField(default=clock.now)
    document = models.CharField(max_length=30, blank=True)  # number of the official document

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"], name="attempt_to_forget")]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "person_key", "address_key", "hour"], name="one_attempt_per_person_type_and_hour"
            )
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class WaitingEntry(PersonDetails):
    """Somebody waits for a freed place of a type."""

    class State(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        BOOKED = "booked"
        LEFT = "left"

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="waiting")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    person_key = models.CharField(max_length=64)
    key = models.UUIDField(default=uuid.uuid4)  # of the link: see ``keys.token_of_entry``
    token_hash = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=clock.now)  # what its turn is reckoned from
    joined_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # booked or left; some time after it nothing of it is kept
    unanswered = models.PositiveSmallIntegerField(default=0, db_default=0)  # offers in a row that nobody answered
    pool = models.CharField(max_length=30, default=PUBLIC, db_default=PUBLIC)  # of which places
    invitation = models.ForeignKey(Invitation, null=True, blank=True, on_delete=models.PROTECT, related_name="waiting")
    situation = models.CharField(max_length=40, default="", db_default="", blank=True)  # of a student, as on a booking

    class Meta:
        ordering = ["since", "id"]
        indexes = [
            models.Index(fields=["type", "since", "id"], name="waiting_turn", condition=Q(state="waiting")),
            models.Index(fields=["ended_at"], name="waiting_to_forget", condition=Q(ended_at__isnull=False)),
            models.Index(Lower("email"), name="waiting_of_an_address", condition=Q(state__in=["offered", "waiting"])),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_waiting_entry_that_is_over_has_its_moment",
                condition=Q(state__in=["waiting", "offered"], ended_at__isnull=True)
                | Q(state__in=["booked", "left"], ended_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person_key", "type"],
                condition=Q(state__in=["waiting", "offered"]),
                name="one_place_in_the_waiting_list_per_person_and_type",
            ),
        ]

    def __str__(self) -> str:
        return f"waiting entry {self.pk}"


class Offer(models.Model):
    """A freed place proposed to somebody of the waiting list, with a delay to accept."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"  # the office no longer receives at that time

    entry = models.ForeignKey(WaitingEntry, on_delete=models.PROTECT, related_name="offers")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(default=clock.now)
    accept_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(state="open"), name="one_open_offer_per_entry"),
            models.UniqueConstraint(fields=["booking"], condition=Q(state="open"), name="one_open_offer_per_place"),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"
