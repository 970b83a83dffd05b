"""Codes by which a student without INE says who they are, and the mails promised to those who came too early."""

from django.db import models

from guichet.appointments.models.agendas import AppointmentType
from guichet.core import clock
from guichet.core.dates import PartialDate


class AccessCode(models.Model):
    """What somebody declared of themselves, opened by a code sent to their address. The code itself is never kept.

    Asking again makes another code and leaves the earlier ones as they are: whoever knows a name cannot close them.
    """

    class Stay(models.TextChoices):
        PERMIT = "permit"
        VISA = "visa"

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="access_codes")
    code_hash = models.CharField(max_length=64, unique=True)  # keyed: a copy of the database cannot be searched for a code
    person_key = models.CharField(max_length=64)  # see ``keys``: the same for every code of one person
    first_names = models.CharField(max_length=200, blank=True)
    last_name = models.CharField(max_length=200)
    birth_date_text = models.CharField(max_length=10)  # a PartialDate as text
    email = models.EmailField()
    language = models.CharField(max_length=5, default="fr")
    situation = models.CharField(max_length=40)  # an id of ``situations``
    stay_kind = models.CharField(max_length=10, choices=Stay)
    stay_ends_on = models.DateField()  # last day of the permit or visa, as declared
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="an_access_code_ends_after_it_begins", condition=models.Q(expires_at__gt=models.F("created_at"))
            ),
            models.CheckConstraint(name="an_access_code_is_somebody_s", condition=~models.Q(last_name="")),
        ]

    def __str__(self) -> str:
        return f"access code {self.pk}"

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.first_names, self.last_name) if part)

    @property
    def birth_date(self) -> PartialDate:
        return PartialDate.parse(self.birth_date_text)


class ComeBack(models.Model):
    """A mail promised to somebody who came before their window opened: sent once, on its day."""

    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="come_backs")
    person_key = models.CharField(max_length=64)
    name = models.CharField(max_length=400, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=5, default="fr")
    on = models.DateField()  # first day of the window
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["type", "person_key", "email", "on"], name="one_reminder_per_person_and_address"),
        ]
        indexes = [models.Index(fields=["on"], name="come_back_due", condition=models.Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return f"come back on {self.on}"
