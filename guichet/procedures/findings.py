"""What an evaluation finds: rules that hold, documents that are asked. Plain data."""

from dataclasses import dataclass
from typing import Literal

from guichet.procedures.definition import Case, Text


@dataclass(frozen=True)
class Finding:
    """An eligibility rule that holds, and where «change my answer» leads."""

    id: str
    level: Literal["block", "warn"]
    step: str
    section: str
    field: str
    message: Text
    way_forward: Text | None
    legal_basis: tuple[str, ...]


@dataclass(frozen=True)
class Requirement:
    """A document asked now. ``required`` False: it may be given. ``row``: of its section, 0 where it does not repeat."""

    id: str  # that of the document, or «document__item» in a case
    section: str
    row: int
    case: str
    label: Text
    help: Text | None
    kinds: tuple[str, ...]
    required: bool
    max_files: int
    newer_than: str | None


@dataclass(frozen=True)
class DocumentGroup:
    """A document as the page shows it: its cases to choose from where it has some, and what is asked now."""

    id: str
    section: str
    row: int
    label: Text
    help: Text | None
    cases: tuple[Case, ...]
    chosen: Case | None
    requirements: tuple[Requirement, ...]
