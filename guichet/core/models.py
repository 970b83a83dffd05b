"""Data of the ground floor."""

from django.db import models

from guichet.core import clock


class Event(models.Model):
    """One fact of the log: who did what to what, when, from what to what. Append-only (a trigger guards it)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=20)  # person, officer, system
    actor_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    visible = models.BooleanField(default=False)  # shown to the person it concerns

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.subject_kind} {self.subject_id}"


class Counter(models.Model):
    """A named sequence. Numbers are unique; gaps are allowed."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class ClockOffset(models.Model):
    """How far the demonstration's clock runs ahead, in seconds. One row."""

    seconds = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"+{self.seconds} s"


class SpentCheck(models.Model):
    """A bot check that was answered: it serves once. Kept until its own expiry refuses it."""

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"spent until {self.until}"


class Stamp(models.Model):
    """What stands for the state of some tables: another value after every change of theirs (``core.remembered``)."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.CharField(max_length=36)

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
