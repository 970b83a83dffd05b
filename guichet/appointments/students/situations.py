"""What a student comes for, and what each asks to bring. The words are in ``situations.yaml``."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from guichet.appointments.models.agendas import in_language
from guichet.appointments.students import stays
from guichet.appointments.students.stays import Window

FILE = Path(__file__).parent / "situations.yaml"


@dataclass(frozen=True)
class Situation:
    """``label_texts`` and each of ``document_texts`` are ``{"fr", "en"}``. ``any_time``: not tied to the end of the permit."""

    id: str
    label_texts: dict[str, Any]
    document_texts: tuple[dict[str, Any], ...]
    any_time: bool = False

    @property
    def label(self) -> str:
        return in_language(self.label_texts)

    @property
    def documents(self) -> list[str]:
        """What to bring, beside what the appointment itself asks for."""
        return [in_language(each) for each in self.document_texts]


def situation_documents(id: str) -> tuple[dict[str, Any], ...]:
    """What one situation asks to bring, as ``{"fr", "en"}``; nothing where there is none."""
    found = situation_of(id)
    return found.document_texts if found else ()


def situation_of(id: str) -> Situation | None:
    """A situation by its id; None where there is none."""
    return next((each for each in situations() if each.id == id), None)


def window_of(situation: str, ends_on: date, today: date, months: int | None) -> Window:
    """Whether it is the right time for who comes in a situation: some are not tied to the end of the permit or visa."""
    found = situation_of(situation)
    return stays.window(ends_on, today, None if found and found.any_time else months)


@cache
def situations() -> tuple[Situation, ...]:
    """In the order of the list. Read once."""
    rows = YAML(typ="safe").load(FILE)
    return tuple(Situation(row["id"], row["label"], tuple(row["documents"]), row.get("any_time", False)) for row in rows)
