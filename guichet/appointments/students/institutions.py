"""Institutions of higher education, as the list proposes them. Where the data come from: ``institutions.yaml``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from guichet.core.identifiers import comparable
from guichet.core.typography import french

FILE = Path(__file__).parent / "institutions.yaml"


@dataclass(frozen=True)
class Institution:
    """``id`` is ours; ``name`` and ``city`` are the same in every language."""

    id: str
    name: str
    city: str

    @property
    def label(self) -> str:
        """The town first, which people are sure of."""
        return french(f"{self.city} – {self.name}")


@cache
def institutions() -> tuple[Institution, ...]:
    """By town, then by name. Read once."""
    found = [Institution(**row) for row in YAML(typ="safe").load(FILE)]
    return tuple(sorted(found, key=lambda each: (comparable(each.city), comparable(each.name))))
