"""Applications from draft to decision."""

import uuid

from django.db import models

from guichet.accounts.models import Account, Person
from guichet.applications.lifecycle import State as State
from guichet.core import clock
from guichet.files.models import StoredFile
from guichet.offices.models import Office
from guichet.procedures.models import PublishedProcedure

STATES = [(state.value, state.name.replace("_", " ").lower()) for state in State]


class Application(models.Model):
    """What one person asks, filed by one account. A draft until deposited; then only its state moves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=19, unique=True, null=True, blank=True)
    procedure = models.ForeignKey(PublishedProcedure, on_delete=models.PROTECT, related_name="applications")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    filed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="applications")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, choices=STATES, default=State.DRAFT.value)
    state_since = models.DateTimeField(default=clock.now)
    current_step = models.CharField(max_length=40, blank=True)  # the step to resume at
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    kept_until = models.DateField(null=True, blank=True)  # last day on which a draft is kept; each save moves it on
    warned_for = models.DateField(null=True, blank=True)  # the ``kept_until`` that a mail gave warning of
    revision = models.PositiveIntegerField(default=0)  # the last revision given to an answer: never given twice
    seen = models.JSONField(default=dict)  # what was asked of the person when they last saved (see seen.py)
    deposited_at = models.DateTimeField(null=True, blank=True)
    silence_refuses_on = models.DateField(null=True, blank=True)  # CESEDA R432-1, R432-2

    class Meta:
        indexes = [
            models.Index(fields=["filed_by", "-created_at"], name="application_of_account"),
            models.Index(fields=["office", "state", "deposited_at", "id"], name="application_queue"),
            # What is open, nearest legal term first: small, whatever the number of decided applications.
            models.Index(
                fields=["office", "silence_refuses_on", "id"],
                name="application_open_by_term",
                condition=models.Q(state__in=["deposited", "under_review", "awaiting_complement", "proposed"]),
            ),
            models.Index(fields=["office", "state", "silence_refuses_on", "id"], name="application_state_by_term"),
            # The same two for a national post, which has no office to begin with.
            models.Index(
                fields=["silence_refuses_on", "id"],
                name="application_everywhere_by_term",
                condition=models.Q(state__in=["deposited", "under_review", "awaiting_complement", "proposed"]),
            ),
            models.Index(fields=["state", "silence_refuses_on", "id"], name="application_everywhere"),
            models.Index(fields=["kept_until", "id"], name="draft_end", condition=models.Q(state="draft")),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_deposited_application_has_number_office_and_date",
                condition=models.Q(state__in=["draft", "abandoned", "expired"])
                | (models.Q(number__isnull=False) & models.Q(office__isnull=False) & models.Q(deposited_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_draft_has_no_number",
                condition=~models.Q(state__in=["draft", "abandoned", "expired"])
                | (models.Q(number__isnull=True) & models.Q(deposited_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"


class Answer(models.Model):
    """The answers of one row of one section. Saving needs the revision that was read."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    section = models.CharField(max_length=60)
    row = models.PositiveIntegerField(default=0)
    payload = models.JSONField(default=dict)  # {field id: value}, see procedures/values.py for the shapes
    typed = models.JSONField(default=dict)  # {field id: raw text} of what was typed and is not valid yet: kept, never deposited
    revision = models.PositiveIntegerField(default=1)  # opaque: a save must bring the one it read, 0 for an answer never saved
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "section", "row"], name="one_answer_per_section_and_row")]

    def __str__(self) -> str:
        return f"{self.section}[{self.row}] r{self.revision}"


class SupportingDocument(models.Model):
    """A file given for a requirement. A replaced or removed file stays, dated: what the officer saw can be seen again."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    requirement = models.CharField(max_length=60)
    row = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=60, blank=True)  # which of the accepted kinds, where the person said
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)  # 0: with the deposit; n: answer to the nth complement request
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["requirement", "row", "round", "position", "id"]
        indexes = [models.Index(fields=["application", "requirement"], name="document_requirement")]

    def __str__(self) -> str:
        return f"{self.requirement} {self.file_id}"


class DepositSnapshot(models.Model):
    """What was deposited, frozen: answers, facts, documents, statements, digest of the definition. A trigger guards it."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="snapshot", primary_key=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"snapshot of {self.application_id}"


class EPhotoCopy(models.Model):
    """The photo and signature that the registry gave for the number the person confirmed, kept for the receipt."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="ephoto", primary_key=True)
    number = models.CharField(max_length=40)
    photo_key = models.CharField(max_length=150, blank=True)  # of core.storage; blank as long as the registry gave none
    signature_key = models.CharField(max_length=150, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)  # null: deposited while the registry was down, asked again

    class Meta:
        indexes = [
            models.Index(fields=["application"], name="ephoto_to_fetch", condition=models.Q(fetched_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"e-photo of {self.application_id}"


class Discarded(models.Model):
    """Bytes of no more use (a file taken back, a draft given up): the worker removes them, and the file's row with them."""

    key = models.CharField(max_length=150, primary_key=True)  # of core.storage
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return "discarded bytes"
