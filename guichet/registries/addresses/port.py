"""What Guichet asks of the address base, whoever answers."""

from dataclasses import dataclass
from typing import Protocol

SHORTEST_TEXT = 3  # the national base refuses less
LONGEST_TEXT = 200


@dataclass(frozen=True)
class AddressSuggestion:
    """One address. ``house_number`` is empty for a whole street. ``insee_code`` may be that of a municipal district (75101)."""

    label: str
    house_number: str
    street: str
    postal_code: str
    city: str
    insee_code: str


class Addresses(Protocol):
    def suggest(self, text: str, limit: int = 5) -> list[AddressSuggestion]:
        """The likeliest addresses first, at most ``limit``; none when the text is too short to search.

        ``RegistryUnavailable`` when the base cannot be asked: the person then types the address by hand.
        """

    def reachable(self) -> bool:
        """Whether the base answers now. Never raises."""
