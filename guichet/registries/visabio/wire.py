"""VISABIO in JSON: what goes over HTTP, and what the simulator's file of visas holds."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from guichet.registries.visabio.port import VisaKind, VisaRecord
from guichet.registries.wire import CivilStatusWire, OneLine, Wire


class VisaWire(CivilStatusWire):
    number: Annotated[str, OneLine, StringConstraints(min_length=1, max_length=40)]
    kind: VisaKind
    reason: Annotated[str, OneLine, StringConstraints(max_length=60)]
    valid_from: date
    valid_until: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("a visa ends after it begins")
        return self

    def record(self) -> VisaRecord:
        return VisaRecord(**dict(self))

    @classmethod
    def of(cls, record: VisaRecord) -> Self:
        return cls.model_validate({**asdict(record), "birth_date": record.birth_date})


class VisaAnswer(Wire):
    """``visa`` is null when none is so; a missing member is malformed, never «unknown»."""

    visa: VisaWire | None


class Visas(Wire):
    """The simulator's file."""

    visas: tuple[VisaWire, ...]
