"""Places shared by a draw: the draw and who takes part in it."""

from django.db import models
from django.db.models import Q

from guichet.appointments.models.agendas import Agenda, AppointmentType
from guichet.appointments.models.bookings import Booking
from guichet.appointments.models.people import PersonDetails
from guichet.core import clock


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


class DrawRegistration(PersonDetails):
    """One identity in a draw, with the wishes in the order of preference."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="registrations")
    public_id = models.CharField(max_length=40)  # what the published list shows
    person_key = models.CharField(max_length=64)
    wishes = models.JSONField(default=list)  # ids of slots
    registered_at = models.DateTimeField(default=clock.now)
    booking = models.ForeignKey(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="registrations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "person_key"], name="one_registration_per_person_and_draw"),
            models.UniqueConstraint(fields=["draw", "public_id"], name="one_public_name_per_registration"),
        ]

    def __str__(self) -> str:
        return f"registration {self.pk}"
