"""Those who found nothing: the waiting list with its offers, attempts that a certificate tells of."""

from django.db import models
from django.db.models import Q

from guichet.appointments.models.agendas import AppointmentType
from guichet.appointments.models.bookings import Booking
from guichet.appointments.models.people import PersonDetails
from guichet.core import clock


class Attempt(models.Model):
    """Somebody looked for a place and there was none: what a dated certificate says."""

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="attempts")
    person_key = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)
    document = models.CharField(max_length=30, blank=True)  # number of the official document, once asked for

    class Meta:
        indexes = [models.Index(fields=["type", "person_key", "at"], name="attempt_of_person")]

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
    token_hash = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person_key", "type"],
                condition=Q(state__in=["waiting", "offered"]),
                name="one_place_in_the_waiting_list_per_person_and_type",
            )
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

    entry = models.ForeignKey(WaitingEntry, on_delete=models.PROTECT, related_name="offers")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(default=clock.now)
    accept_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(state="open"), name="one_open_offer_per_entry"),
            models.UniqueConstraint(fields=["booking"], condition=Q(state="open"), name="one_open_offer_per_place"),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"
