"""The door of the registries, to write: only to their simulators. Nothing is ever written to a real registry from here."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ImproperlyConfigured

from guichet.registries import queries
from guichet.registries.agdref import sample, simulator
from guichet.registries.agdref.port import ForeignerRecord

__all__ = ["sample_people", "write_people"]


def write_people(records: Iterable[ForeignerRecord]) -> None:
    """Replaces the people of the simulated AGDREF, for every process. ``ValueError`` on a record that could not be read back."""
    if queries.nature("agdref") == "real":
        raise ImproperlyConfigured("AGDREF is the real one: its people are not ours to write.")
    simulator.write_people(records)


def sample_people(day: date) -> tuple[ForeignerRecord, ...]:
    """The invented people of the demonstration, of the ages it needs on ``day``."""
    return sample.people_as_of(day)
