"""What Guichet asks of FNE, whoever answers."""

from datetime import date
from typing import Protocol

from guichet.registries.agdref.port import ForeignerRecord


class Fne(Protocol):
    def find_permit(self, number: str, valid_from: date, valid_until: date) -> ForeignerRecord | None:
        """The holder of a permit whose number (capital letters and digits), first and last day are all these.

        ``None`` when no permit is so: nothing tells which of the three was wrong. The permit asked is one of the record's.
        ``RegistryUnavailable`` when it cannot tell.
        """

    def reachable(self) -> bool:
        """Whether the registry answers now. Never raises."""
