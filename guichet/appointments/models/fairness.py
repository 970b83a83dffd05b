"""Sharing places fairly: the waiting list and its offers, draws and their registrations, attempts that found nothing."""

from django.db import models
from django.db.models import Q

from guichet.appointments.models.agendas import Agenda, AppointmentType
from guichet.appointments.models.bookings import Booking
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


class WaitingEntry(models.Model):
    """Somebody waits for a freed place of a type."""

    class State(models.TextChoices):
        WAITING = "waiting"
        OFFERED = "offered"
        BOOKED = "booked"
        LEFT = "left"

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="waiting")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    person_key = models.CharField(max_length=64)
    first_names = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200)
    birth_name = models.CharField(max_length=200, blank=True)
    birth_date_text = models.CharField(max_length=10)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, default="fr")
    needs = models.JSONField(default=dict)
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


class Draw(models.Model):
    """A release by draw: registrations until a deadline, a seed announced beforehand, an order that anyone can replay."""

    class State(models.TextChoices):
        OPEN = "open"  # people register
        CLOSED = "closed"  # the list is published with its hash
        DRAWN = "drawn"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="draws")
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="draws")
    slug = models.SlugField(max_length=40)  # the day of the draw, as its page's address says it
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    first_day = models.DateField()  # of the slots that are shared
    last_day = models.DateField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    beacon = models.JSONField(default=dict)  # which public source gives the seed, and its round
    seed = models.CharField(max_length=128, blank=True)
    list_hash = models.CharField(max_length=64, blank=True)
    published = models.JSONField(default=dict)  # inputs and outcome, word for word
    drawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "slug"], name="one_draw_per_type_and_day"),
            models.CheckConstraint(name="a_draw_opens_before_it_closes", condition=Q(closes_at__gt=models.F("opens_at"))),
        ]

    def __str__(self) -> str:
        return f"draw {self.pk}"


class DrawRegistration(models.Model):
    """One identity in a draw, with the wishes in the order of preference."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="registrations")
    public_id = models.CharField(max_length=40)  # what the published list shows
    person_key = models.CharField(max_length=64)
    wishes = models.JSONField(default=list)  # ids of slots
    first_names = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200)
    birth_name = models.CharField(max_length=200, blank=True)
    birth_date_text = models.CharField(max_length=10)
    email = models.EmailField()
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, default="fr")
    registered_at = models.DateTimeField(default=clock.now)
    booking = models.ForeignKey(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "person_key"], name="one_registration_per_person_and_draw"),
            models.UniqueConstraint(fields=["draw", "public_id"], name="one_public_name_per_registration"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"
