"""An identity as a registry gave it, carried by a mailed link until it becomes a person's. Private to this room."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Protocol, Self

from guichet.accounts.identity import KnownIdentity
from guichet.accounts.models import Person
from guichet.core import clock
from guichet.core.identifiers import comparable


class CivilStatus(KnownIdentity, Protocol):
    """What AGDREF, FNE and VISABIO all say of somebody."""

    @property
    def sex(self) -> str: ...
    @property
    def birth_country(self) -> str: ...
    @property
    def birth_place(self) -> str: ...
    @property
    def nationality(self) -> str: ...


@dataclass(frozen=True)
class FrozenIdentity:
    """Texts only, so that it lives in the payload of a link. Either a foreigner number, or a visa with its two days."""

    birth_name: str
    usage_name: str
    first_names: str
    sex: str
    birth_date_text: str
    birth_country: str
    birth_place: str
    nationality: str
    read_at: str  # ISO instant at which the registry was read
    foreigner_number: str = ""
    visa_number: str = ""
    visa_valid_from: str = ""  # ISO day
    visa_valid_until: str = ""

    @classmethod
    def of_number(cls, record: CivilStatus, foreigner_number: str) -> Self:
        return cls(**_civil_status(record), foreigner_number=foreigner_number)

    @classmethod
    def of_visa(cls, record: CivilStatus, number: str, valid_from: date, valid_until: date) -> Self:
        return cls(
            **_civil_status(record),
            visa_number=comparable(number).upper(),
            visa_valid_from=valid_from.isoformat(),
            visa_valid_until=valid_until.isoformat(),
        )

    @classmethod
    def read(cls, payload: Mapping[str, str]) -> Self:
        return cls(**payload)

    def payload(self) -> dict[str, str]:
        return asdict(self)

    def freeze(self, person: Person) -> Person:
        """Writes this identity in a person, unsaved. AGDREF's is never replaced by a visa's: the number is what lasts."""
        if self.visa_number:
            person.visa_number = self.visa_number
            person.visa_valid_from = date.fromisoformat(self.visa_valid_from)
            person.visa_valid_until = date.fromisoformat(self.visa_valid_until)
            if person.origin == Person.Origin.REGISTRY:
                return person
        for name in CIVIL_STATUS:
            setattr(person, name, getattr(self, name))
        if self.foreigner_number:
            person.foreigner_number = self.foreigner_number
        person.origin = Person.Origin.REGISTRY if self.foreigner_number else Person.Origin.VISABIO
        person.frozen_at = datetime.fromisoformat(self.read_at)
        return person


CIVIL_STATUS = (
    *("birth_name", "usage_name", "first_names", "sex"),
    *("birth_date_text", "birth_country", "birth_place", "nationality"),
)


def _civil_status(record: CivilStatus) -> dict[str, Any]:
    return {
        **{name: getattr(record, name) for name in CIVIL_STATUS if name != "birth_date_text"},
        "birth_date_text": str(record.birth_date),
        "read_at": clock.now().isoformat(),
    }
