"""The register of students in JSON: what goes over HTTP, and what the simulator's file of students holds."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from guichet.registries.ine.port import StayKind, StudentRecord
from guichet.registries.numbers import is_ine, plain
from guichet.registries.wire import CivilStatusWire, Text, Wire


def _an_ine(text: str) -> str:
    if not is_ine(plain(text)):
        raise ValueError("an INE is 10 digits and 1 letter, or 9 digits and 2 letters")
    return text


class StudentWire(CivilStatusWire):
    ine: Annotated[str, StringConstraints(max_length=30), AfterValidator(_an_ine)]
    institution: Text = ""
    stay_kind: StayKind | None = None
    stay_ends_on: date | None = None

    @model_validator(mode="after")
    def _a_stay_is_whole(self) -> Self:
        if (self.stay_kind is None) != (self.stay_ends_on is None):
            raise ValueError("a permit or visa is known by its kind and its last day, or not at all")
        return self

    def record(self) -> StudentRecord:
        return StudentRecord(**dict(self))

    @classmethod
    def of(cls, record: StudentRecord) -> Self:
        return cls.model_validate({**asdict(record), "birth_date": record.birth_date})


class StudentAnswer(Wire):
    """``student`` is null when the number is nobody's; a missing member is malformed, never «unknown»."""

    student: StudentWire | None


class Students(Wire):
    """The simulator's file."""

    students: tuple[StudentWire, ...]
