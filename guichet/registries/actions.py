"""The door of the registries, to write: only to their simulators. Nothing is ever written to a real registry from here."""

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

from guichet.registries import queries
from guichet.registries.agdref import simulator
from guichet.registries.agdref.port import ForeignerRecord


def write_people(records: Iterable[ForeignerRecord]) -> None:
    """Replaces the people of the simulated AGDREF, for every process. ``ValueError`` on a record it could not read back."""
    if queries.nature("agdref") == "real":
        raise ImproperlyConfigured("AGDREF is the real one: its people are not ours to write.")
    simulator.write_people(records)
