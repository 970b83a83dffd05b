"""What Guichet asks of VISABIO, whoever answers."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from guichet.core.dates import PartialDate
from guichet.registries.agdref.port import Sex

VisaKind = Literal["long_stay", "vls_ts"]


@dataclass(frozen=True)
class VisaRecord:
    """A long-stay visa and the civil status of its holder. Texts are empty where the registry holds nothing.

    ``kind``: ``vls_ts`` is a visa that stands as a residence permit once validated, ``long_stay`` calls for a permit to be
    asked for on arrival. ``reason`` is the registry's code: ``talent``, ``student``… ``valid_until`` is its last day.
    ``birth_country`` is an ISO 3166-1 alpha-2 code; ``nationality`` one too, or ``XXA`` for a stateless person.
    """

    number: str
    kind: VisaKind
    reason: str
    valid_from: date
    valid_until: date
    birth_name: str
    usage_name: str
    first_names: str
    sex: Sex
    birth_date: PartialDate
    birth_country: str
    birth_place: str
    nationality: str


class Visabio(Protocol):
    def find_visa(self, number: str, valid_from: date, valid_until: date) -> VisaRecord | None:
        """The visa whose number (capital letters and digits), first and last day are all these.

        ``None`` when none is so: nothing tells which of the three was wrong. ``RegistryUnavailable`` when it cannot tell.
        """

    def reachable(self) -> bool:
        """Whether the registry answers now. Never raises."""
