"""Offices that receive and decide applications."""

from django.db import models


class Office(models.Model):
    """A prefecture or sub-prefecture. ``code`` is ours, four characters of digits, published in ``offices/data``."""

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture"
        SUB_PREFECTURE = "sub_prefecture"

    code = models.CharField(max_length=4, primary_key=True)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=120)  # «Préfecture du Nord (Lille)»
    slug = models.SlugField(max_length=60, unique=True)  # «lille»
    department = models.CharField(max_length=3)
    arrondissement = models.CharField(max_length=4, blank=True)  # INSEE code; blank where there is none
    city = models.CharField(max_length=80)
    city_insee = models.CharField(max_length=5)
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    two_hands = models.BooleanField(default=False)  # a decision is proposed by one officer and signed by another

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
