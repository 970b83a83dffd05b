"""Official documents."""

from django.db import models
from django.db.models import Q

from guichet.core import clock


class OfficialDocument(models.Model):
    """A PDF that was issued: its own number, what it is about (kind and id), where its bytes are.

    Forgotten, neither what it said nor its bytes are kept; its number, its day and the hash of its bytes are: whoever kept the
    file can still have it told that it is ours.
    """

    class Kind(models.TextChoices):
        DEPOSIT_RECEIPT = "deposit_receipt"
        FAVOURABLE_DECISION = "favourable_decision"
        FAVOURABLE_OUTCOME = "favourable_outcome"  # grants no permit
        REFUSAL = "refusal"
        CLOSING = "closing"
        PROLONGATION = "prolongation"
        CONVOCATION = "convocation"
        FAILED_ATTEMPT = "failed_attempt"  # to find a place for an appointment

    number = models.CharField(max_length=30, primary_key=True)  # unguessable
    intent = models.CharField(max_length=200, unique=True)  # what it was issued for: asking twice gives the same document
    kind = models.CharField(max_length=30, choices=Kind)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    language = models.CharField(max_length=5, default="fr")
    issued_at = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict)  # what was printed, so that it can be read again
    key = models.CharField(max_length=150, blank=True)  # of core.storage; empty once forgotten
    sha256 = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_document_has_its_bytes_until_it_is_forgotten",
                condition=(Q(forgotten_at__isnull=True) & ~Q(key="")) | Q(forgotten_at__isnull=False, key=""),
            )
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="document_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
