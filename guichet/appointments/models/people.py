"""What somebody says of themselves to have a place, to wait for one, or to take part in a draw."""

from django.db import models

from guichet.core.dates import PartialDate

# What says who somebody is or how to reach them, empty.
NAMELESS = dict.fromkeys(("first_names", "last_name", "birth_name", "birth_date_text", "email", "phone"), "")


class PersonDetails(models.Model):
    """Who asks, and how to reach them. Names and identity never change once given."""

    first_names = models.CharField(max_length=200, default="", db_default="", blank=True)
    last_name = models.CharField(max_length=200, default="", db_default="", blank=True)
    birth_name = models.CharField(max_length=200, default="", db_default="", blank=True)
    birth_date_text = models.CharField(max_length=10, default="", db_default="", blank=True)  # a PartialDate as text
    email = models.EmailField(default="", db_default="", blank=True)
    phone = models.CharField(max_length=30, default="", db_default="", blank=True)
    language = models.CharField(max_length=5, default="fr", db_default="fr")
    needs = models.JSONField(default=dict, db_default={})  # {"access": …, "interpreter": …, "companion": …}

    class Meta:
        abstract = True

    @property
    def display_name(self) -> str:
        return " ".join(part for part in (self.first_names, self.last_name) if part)

    @property
    def birth_date(self) -> PartialDate | None:
        return PartialDate.parse(self.birth_date_text) if self.birth_date_text else None
