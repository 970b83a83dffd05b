"""What officers write about an application."""

from django.db import models

from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.core import clock


class Review(models.Model):
    """Who works on an application, since when."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="review", primary_key=True)
    assigned_to = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews")
    taken_up_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"review of {self.application_id}"


class Verdict(models.Model):
    """An officer's word on what was given for one requirement (row) of an application: the latest counts."""

    class Word(models.TextChoices):
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="verdicts")
    requirement = models.CharField(max_length=60)
    row = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    word = models.CharField(max_length=10, choices=Word)
    reason = models.CharField(max_length=40, blank=True)  # a code of instruction/reasons.py
    observation = models.TextField(blank=True)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "requirement", "row", "round"], name="one_verdict_per_requirement_row_and_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.word}"


class InternalNote(models.Model):
    """A note that officers of the office read, the applicant never."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class ComplementRequest(models.Model):
    """Documents asked again or anew. Opening it (a deliberate act of its owner) acknowledges it and starts 30 days."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="complement_requests")
    round = models.PositiveIntegerField()  # 1, 2, …
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    message = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # last day to answer, Paris
    answered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)  # the application was closed before an answer

    class Meta:
        ordering = ["application", "round"]
        indexes = [
            # What the clock looks at: the requests still waiting, by term and by sending.
            models.Index(
                fields=["due_on", "id"],
                name="complement_waiting_by_term",
                condition=models.Q(answered_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(
                fields=["sent_at", "id"],
                name="complement_unopened",
                condition=models.Q(opened_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="one_complement_request_per_round"),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(answered_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_complement_request_per_application",
            ),
            models.CheckConstraint(
                name="a_term_runs_from_opening", condition=models.Q(due_on__isnull=True) | models.Q(opened_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"complement {self.round} of {self.application_id}"


class ComplementItem(models.Model):
    """One document of a complement request, and its answer: kept with a reason, or updated with new files."""

    class Choice(models.TextChoices):
        KEEP = "keep"
        UPDATE = "update"

    request = models.ForeignKey(ComplementRequest, on_delete=models.CASCADE, related_name="items")
    requirement = models.CharField(max_length=60)  # of the procedure, or «extra-n» for a document never asked before
    row = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)  # of an extra document
    reason = models.CharField(max_length=40, blank=True)
    observation = models.TextField(blank=True)
    choice = models.CharField(max_length=10, choices=Choice, blank=True)
    keep_reason = models.TextField(blank=True)
    reply = models.TextField(blank=True)  # the person's message to the officer
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "requirement", "row"], name="one_item_per_request_and_requirement")
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.choice or 'no answer'}"


class ComplementReminder(models.Model):
    """A reminder that left, or the term that passed: one row per request and kind, so that nothing is said twice."""

    class Kind(models.TextChoices):
        BEFORE_TERM_7 = "before_term_7"
        BEFORE_TERM_1 = "before_term_1"
        UNOPENED_7 = "unopened_7"
        UNOPENED_15 = "unopened_15"
        UNOPENED_30 = "unopened_30"
        TERM_PASSED = "term_passed"  # said to the officer; nothing closes by itself

    request = models.ForeignKey(ComplementRequest, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["request", "kind"], name="one_reminder_per_request_and_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.request_id}"


class Decision(models.Model):
    """A decision, proposed and signed. Its letter or certificate is an official document."""

    class Kind(models.TextChoices):
        FAVOURABLE = "favourable"
        REFUSAL = "refusal"
        INCOMPLETE = "incomplete"  # closing as incomplete

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    motivation = models.TextField(blank=True)  # reasons in law and in fact, required unless favourable
    law = models.JSONField(default=list, blank=True)  # the articles that a refusal cites
    permit_kind = models.CharField(max_length=60, blank=True)  # blank, and no dates nor taxes: no permit is granted
    permit_mention = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    tax_cents = models.PositiveIntegerField(default=0)
    allows_schengen = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    signed_by = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    sent_back_at = models.DateTimeField(null=True, blank=True)  # the decision maker asked for another look
    sent_back_reason = models.TextField(blank=True)
    document_number = models.CharField(max_length=30, blank=True)  # of certificates.OfficialDocument
    opened_at = models.DateTimeField(null=True, blank=True)  # deliberately read by the person: the ways to appeal run
    reopened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "proposed_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="a_permit_granted_has_its_dates",
                condition=models.Q(
                    permit_kind="",
                    permit_mention="",
                    valid_from__isnull=True,
                    valid_until__isnull=True,
                    tax_cents=0,
                    allows_schengen=False,
                )
                | (
                    models.Q(kind="favourable", valid_from__isnull=False, valid_until__isnull=False) & ~models.Q(permit_kind="")
                ),
            ),
            models.CheckConstraint(
                name="a_signed_decision_has_its_signatory",
                condition=models.Q(signed_at__isnull=True) | models.Q(signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_decision_against_the_person_is_motivated",
                condition=models.Q(kind="favourable") | ~models.Q(motivation=""),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(signed_at__isnull=True, sent_back_at__isnull=True),
                name="one_proposal_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.application_id}"
