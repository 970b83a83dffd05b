"""Received files."""

import uuid

from django.conf import settings
from django.db import models

from guichet.core import clock


class StoredFile(models.Model):
    """A file that passed the checks. Whose it is and who may see it is the business of the room that asked for it."""

    class Scan(models.TextChoices):
        CLEAN = "clean"  # an antivirus read it and found nothing
        NOT_SCANNED = "not_scanned"  # no antivirus is set up: nothing is known

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)  # as the person named it, cleaned; shown, never used as a path
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()  # bytes, as stored
    pages = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=150)  # of core.storage
    scan = models.CharField(max_length=15, choices=Scan, default=Scan.NOT_SCANNED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"file {self.pk}"
