"""What Guichet asks of AGDREF, whoever answers."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from guichet.core.dates import PartialDate

Sex = Literal["M", "F", "X"]
PermitStatus = Literal["valid", "expired", "withdrawn", "not_handed_over"]


@dataclass(frozen=True)
class PermitRecord:
    """A permit as the registry holds it.

    ``kind`` and ``reason`` are the registry's codes: kinds such as ``temporary_card``, ``multiannual_card``, ``resident_card``,
    ``long_stay_visa``, ``prolongation_certificate``; reasons such as ``student``, ``talent_qualified_employee``.
    ``valid_until`` is its last day.
    """

    number: str
    kind: str
    reason: str
    valid_from: date
    valid_until: date
    status: PermitStatus


@dataclass(frozen=True)
class ForeignerRecord:
    """The civil status of a foreign national. Texts are empty where the registry holds nothing.

    ``birth_country`` and ``nationality`` are ISO 3166-1 alpha-2 codes; a stateless person's nationality is ``XXA``. People
    with a single name have it as ``birth_name``, and no first names.
    """

    foreigner_number: str
    birth_name: str
    usage_name: str
    first_names: str
    sex: Sex
    birth_date: PartialDate
    birth_country: str
    birth_place: str
    nationality: str
    permits: tuple[PermitRecord, ...] = ()


class Agdref(Protocol):
    def find_person(self, foreigner_number: str) -> ForeignerRecord | None:
        """The record of a number (digits only); ``None`` when there is none. ``RegistryUnavailable`` when it cannot tell."""

    def reachable(self) -> bool:
        """Whether the registry answers now. Never raises."""
