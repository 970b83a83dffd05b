"""What a student comes for, and what each asks to bring. The words are in ``situations.yaml``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from guichet.appointments.models.agendas import in_language

FILE = Path(__file__).parent / "situations.yaml"


@dataclass(frozen=True)
class Situation:
    """``label_texts`` and each of ``document_texts`` are ``{"fr", "en"}``."""

    id: str
    label_texts: dict[str, Any]
    document_texts: tuple[dict[str, Any], ...]

    @property
    def label(self) -> str:
        return in_language(self.label_texts)

    @property
    def documents(self) -> list[str]:
        """What to bring, beside what the appointment itself asks for."""
        return [in_language(each) for each in self.document_texts]


def situation_documents(id: str) -> tuple[dict[str, Any], ...]:
    """What one situation asks to bring, as ``{"fr", "en"}``; nothing where there is none."""
    return next((each.document_texts for each in situations() if each.id == id), ())


@cache
def situations() -> tuple[Situation, ...]:
    """In the order of the list. Read once."""
    rows = YAML(typ="safe").load(FILE)
    return tuple(Situation(row["id"], row["label"], tuple(row["documents"])) for row in rows)
