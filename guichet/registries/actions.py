"""The door of the registries, to write: only to their simulators. Nothing is ever written to a real registry from here."""

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

from guichet.registries import queries
from guichet.registries.agdref import simulator as agdref
from guichet.registries.agdref.port import ForeignerRecord
from guichet.registries.errors import RegistryName
from guichet.registries.ine import simulator as ine
from guichet.registries.ine.port import StudentRecord
from guichet.registries.visabio import simulator as visabio
from guichet.registries.visabio.port import VisaRecord


def write_people(records: Iterable[ForeignerRecord]) -> None:
    """Replaces the people of the simulated AGDREF and FNE, for every process.

    ``ValueError`` on a record that could not be read back.
    """
    _only_simulated("agdref", "fne")
    agdref.write_people(records)


def write_visas(records: Iterable[VisaRecord]) -> None:
    """Replaces the visas of the simulated VISABIO, for every process.

    ``ValueError`` on a record that could not be read back.
    """
    _only_simulated("visabio")
    visabio.write_visas(records)


def write_students(records: Iterable[StudentRecord]) -> None:
    """Replaces the students of the simulated register, for every process.

    ``ValueError`` on a record that could not be read back.
    """
    _only_simulated("ine")
    ine.write_students(records)


def _only_simulated(*names: RegistryName) -> None:
    for name in names:
        if queries.nature(name) == "real":
            raise ImproperlyConfigured(f"{name} is the real one: its people are not ours to write.")
