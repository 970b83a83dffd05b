"""What Guichet asks of the register of students, whoever answers."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from guichet.core.dates import PartialDate
from guichet.registries.agdref.port import Sex

StayKind = Literal["permit", "visa"]


@dataclass(frozen=True)
class StudentRecord:
    """A student, where they are enrolled, and the permit or visa they stay by. Texts are empty where nothing is held.

    ``institution`` is a name for people to read, never a key. ``stay_ends_on`` is the last day of the permit or visa;
    it and ``stay_kind`` are ``None`` together when the register does not know it. Countries as in AGDREF.
    """

    ine: str
    institution: str
    birth_name: str
    usage_name: str
    first_names: str
    sex: Sex
    birth_date: PartialDate
    birth_country: str
    birth_place: str
    nationality: str
    stay_kind: StayKind | None
    stay_ends_on: date | None


class Ine(Protocol):
    def find_student(self, ine: str) -> StudentRecord | None:
        """The student of a number (capital letters and digits); ``None`` when it is nobody's.

        ``RegistryUnavailable`` when it cannot tell.
        """

    def reachable(self) -> bool:
        """Whether the registry answers now. Never raises."""
