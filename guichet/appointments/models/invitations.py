"""Those who were called to an appointment, by something that is no business of this room."""

from django.db import models
from django.db.models.functions import Lower

from guichet.appointments.models.agendas import AppointmentType
from guichet.appointments.models.people import PersonDetails
from guichet.core import clock


class Invitation(PersonDetails):
    """Somebody may book a type that asks for it, until a date. What called for it is an opaque kind and id.

    Names and birth date are those of the person invited: a booking of the invitation takes them, whatever is typed.
    Used means: a booking of this invitation is active or was honoured (``Booking.invitation``). Forgotten, it is nobody's: what
    called for it still tells that it did, why, and what became of it.
    """

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="invitations")
    person_key = models.CharField(max_length=64)  # see ``keys``
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=40)
    reason = models.TextField(default="", db_default="", blank=True)  # why, as the person reads it on their own pages
    permit_ends_on = models.DateField(null=True, blank=True)  # for types with a window before the end of the permit
    pool = models.CharField(max_length=30, default="public")  # from which places it books
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "source_kind", "source_id"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_live_invitation_per_source_and_type",
            ),
        ]
        indexes = [
            models.Index(fields=["source_kind", "source_id"], name="invitation_source"),
            models.Index(Lower("email"), name="invitation_of_an_address"),
            models.Index(fields=["expires_at"], name="invitation_to_forget", condition=models.Q(forgotten_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"invitation for {self.source_kind} {self.source_id}"
