"""Permits held, and what prolongs rights while a decision is awaited."""

import uuid

from django.conf import settings
from django.db import models

from guichet.accounts.models import Person
from guichet.core import clock
from guichet.offices.models import Office


class ResidencePermit(models.Model):
    """A permit or a visa, as its registry holds it. ``kind``, ``reason`` and ``status`` are the registry's own codes."""

    class Origin(models.TextChoices):
        AGDREF = "agdref"
        VISABIO = "visabio"
        GUICHET = "guichet"  # granted here, its card made since

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="permits")
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    reason = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField()  # its last day
    status = models.CharField(max_length=20, default="valid")  # valid, expired, withdrawn, not_handed_over
    origin = models.CharField(max_length=10, choices=Origin)
    first_read_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(default=clock.now)  # the last time that the registry said so
    gone_at = models.DateTimeField(null=True, blank=True)  # since when the registry no longer holds it

    class Meta:
        ordering = ["-valid_from", "-valid_until", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "origin", "number", "valid_from"], name="one_row_per_permit_of_a_registry"
            ),
            models.CheckConstraint(
                name="a_permit_ends_after_it_begins", condition=models.Q(valid_until__gte=models.F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.valid_until}"


class PermitReading(models.Model):
    """When the registries were last asked what a person holds, and whether they answered."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="permit_reading", primary_key=True)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="permit_reading_due")]

    def __str__(self) -> str:
        return f"permits of {self.person_id}"


class Prolongation(models.Model):
    """The promise that somebody's rights last until a decision: what its certificates say, from which day, for how long.

    ``data`` is what every certificate prints (identity, office, title of the procedure…), as frozen at the deposit.
    """

    class Begins(models.TextChoices):
        ON_DEPOSIT = "on_deposit"  # whatever else is held: it stands by itself
        AFTER_PERMIT = "after_permit"  # shown with the expired permit

    class End(models.TextChoices):
        APPROVED = "approved"
        REFUSED = "refused"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="prolongations")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who is told
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=40)
    deposited_on = models.DateField()
    begins = models.CharField(max_length=20, choices=Begins)
    # First day without other proof of stay; null: nothing by itself (no permit held, or it was over before the deposit).
    covers_from = models.DateField(null=True, blank=True)
    elsewhere = models.CharField(max_length=40, blank=True)  # number of a certificate from elsewhere that ours follows
    lasts = models.CharField(max_length=20)  # a Duration as text: of each certificate
    allows = models.JSONField()  # {"stay" | "work" | "travel": {"fr", "en"}}
    legal_basis = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    photo_key = models.CharField(max_length=150, blank=True)  # of core.storage
    next_on = models.DateField(null=True, blank=True)  # the day from which the worker issues the next certificate
    warned_for = models.DateField(null=True, blank=True)  # the end that a mail gave warning of
    opened_at = models.DateTimeField(default=clock.now)
    held_at = models.DateTimeField(null=True, blank=True)  # an officer stopped the certificate: nothing by itself any more
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, choices=End, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_on", "id"], name="prolongation_due", condition=models.Q(ended_at__isnull=True)),
            models.Index(fields=["person"], name="prolongation_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source_kind", "source_id"], name="one_prolongation_per_source"),
            models.CheckConstraint(
                name="an_ended_prolongation_says_by_what",
                condition=(models.Q(ended_at__isnull=True) & models.Q(ended_by=""))
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_by="")),
            ),
            models.CheckConstraint(
                name="an_ended_prolongation_issues_nothing",
                condition=models.Q(ended_at__isnull=True) | models.Q(next_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"prolongation for {self.source_kind} {self.source_id}"


class ProlongationCertificate(models.Model):
    """One certificate: from which day to which, what it allows, which official document it is, who issued and stopped it."""

    prolongation = models.ForeignKey(Prolongation, on_delete=models.PROTECT, related_name="certificates")
    rank = models.PositiveIntegerField()  # 1, 2, …
    previous = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="following")
    document_number = models.CharField(max_length=30)  # of certificates.OfficialDocument
    starts_on = models.DateField()
    ends_on = models.DateField()  # its last day
    allows = models.JSONField()
    legal_basis = models.JSONField(default=list)
    issued_at = models.DateTimeField(default=clock.now)
    issued_by_kind = models.CharField(max_length=20)  # system, person, officer
    issued_by_id = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)  # of an officer
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by_kind = models.CharField(max_length=20, blank=True)
    stopped_by_id = models.CharField(max_length=40, blank=True)
    stop_code = models.CharField(max_length=20, blank=True)  # approved, refused, closed: by a decision; officer: by an act
    stop_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["prolongation", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["prolongation", "rank"], name="one_certificate_per_rank"),
            models.CheckConstraint(
                name="a_certificate_ends_after_it_begins", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="a_stopped_certificate_says_why",
                condition=models.Q(stopped_at__isnull=True) | (~models.Q(stop_code="") & ~models.Q(stopped_by_kind="")),
            ),
            models.CheckConstraint(
                name="an_officer_issues_or_stops_for_a_reason",
                condition=(~models.Q(issued_by_kind="officer") | ~models.Q(reason=""))
                & (~models.Q(stop_code="officer") | ~models.Q(stop_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"certificate {self.rank} of {self.prolongation_id}"


class Handover(models.Model):
    """A card made for somebody, which waits at an office for its owner. What called for it is an opaque kind and id."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="handovers")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=40)
    ready_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["ready_at", "id"]
        constraints = [models.UniqueConstraint(fields=["source_kind", "source_id"], name="one_handover_per_source")]

    def __str__(self) -> str:
        return f"handover for {self.source_kind} {self.source_id}"
