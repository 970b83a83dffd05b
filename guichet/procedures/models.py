"""Published definitions: what applications point to."""

from django.db import models

from guichet.core import clock


class PublishedProcedure(models.Model):
    """One version of a procedure, fully expanded (shared blocks included), with its digest. Written once."""

    slug = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical JSON of ``content``
    content = models.JSONField()
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["slug", "-effective_from"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_row_per_procedure_and_version")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"
