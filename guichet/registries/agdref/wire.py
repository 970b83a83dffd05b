"""AGDREF in JSON: what goes over HTTP, and what the simulator's file of people holds."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from guichet.registries.agdref.port import ForeignerRecord, PermitRecord, PermitStatus
from guichet.registries.wire import CivilStatusWire, OneLine, Wire


class PermitWire(Wire):
    number: Annotated[str, OneLine, StringConstraints(min_length=1, max_length=40)]
    kind: Annotated[str, OneLine, StringConstraints(min_length=1, max_length=60)]
    reason: Annotated[str, OneLine, StringConstraints(max_length=60)]
    valid_from: date
    valid_until: date
    status: PermitStatus

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("a permit ends after it begins")
        return self


class PersonWire(CivilStatusWire):
    foreigner_number: Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
    permits: tuple[PermitWire, ...] = ()

    def record(self) -> ForeignerRecord:
        fields = dict(self)
        permits = tuple(PermitRecord(**dict(permit)) for permit in self.permits)
        return ForeignerRecord(**{**fields, "permits": permits})

    @classmethod
    def of(cls, record: ForeignerRecord) -> Self:
        return cls.model_validate({**asdict(record), "birth_date": record.birth_date})


class PersonAnswer(Wire):
    """``person`` is null when the number is not known; a missing member is malformed, never «unknown»."""

    person: PersonWire | None


class People(Wire):
    """The simulator's file."""

    people: tuple[PersonWire, ...]
