"""Who is at the office today."""

import uuid

from django.db import models
from django.db.models import Q

from guichet.appointments.models.agendas import AppointmentType
from guichet.appointments.models.bookings import Booking
from guichet.appointments.visit_moves import Stage
from guichet.offices.models import Office


class Visit(models.Model):
    """Somebody who came today, to an appointment or without one. It holds no name: a ticket is what a room full of people
    reads and hears; of who has an appointment the booking knows more.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="visits", db_index=False)
    day = models.DateField()  # of the office's own calendar
    ticket = models.CharField(max_length=14)  # «A012», or the end of the reference: what is called
    number = models.PositiveIntegerField(null=True, blank=True)  # of who came without appointment, in the order of the day
    booking = models.OneToOneField(Booking, null=True, blank=True, on_delete=models.PROTECT, related_name="visit")
    type = models.ForeignKey(AppointmentType, null=True, blank=True, on_delete=models.PROTECT, related_name="visits")
    stage = models.CharField(max_length=10, choices=[(stage.value, stage.name) for stage in Stage], default=Stage.WAITING)
    language = models.CharField(max_length=5, default="fr")  # to speak with the person
    needs = models.JSONField(default=list, blank=True)  # of ``visits.NEEDS``
    rank = models.PositiveSmallIntegerField(default=1)  # 0: called before the others, by right
    due_at = models.DateTimeField()  # from when on it is their turn: the appointment's hour, or the arrival
    arrived_at = models.DateTimeField()
    first_called_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)  # the last time
    calls = models.PositiveSmallIntegerField(default=0)
    desk = models.CharField(max_length=12, default="", blank=True)  # to which they were called
    ended_at = models.DateTimeField(null=True, blank=True)
    request_key = models.UUIDField(unique=True, default=uuid.uuid4)  # of the form: sent twice, it is one number

    class Meta:
        ordering = ["day", "arrived_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["office", "day", "ticket"], name="one_ticket_per_office_and_day"),
            models.UniqueConstraint(
                fields=["office", "day", "desk"], condition=Q(stage="called"), name="one_person_called_to_a_desk"
            ),
            models.CheckConstraint(
                name="who_came_had_an_appointment_or_took_a_number",
                condition=Q(booking__isnull=False, number__isnull=True) | Q(booking__isnull=True, number__isnull=False),
            ),
            models.CheckConstraint(
                name="a_call_says_where_and_when",
                condition=~Q(stage="called") | (~Q(desk="") & Q(called_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["office", "day", "stage"], name="visit_of_the_day")]

    def __str__(self) -> str:
        return f"visit {self.pk} ({self.stage})"
