"""What the demonstration must remember: the day its world was made."""

from datetime import date

from django.db import models

from guichet.core import clock


class World(models.Model):
    """One row: the world and its day D, from which every invented date is reckoned."""

    made_on = models.DateField(default=clock.today)
    numbers = models.JSONField(default=dict)  # {handle: application number} of the files under review

    def __str__(self) -> str:
        return f"world of {self.made_on}"


def day_of_the_world() -> date:
    """Day D; today when no world was made yet."""
    return World.objects.values_list("made_on", flat=True).first() or clock.today()
