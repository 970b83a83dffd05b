"""A stand-in for the address base: a few real streets of some towns. Any house number of theirs is taken as existing.

A text beginning with ``zzz lenteur`` times out, with ``zzz panne`` answers an error.
"""

import re
import unicodedata
from dataclasses import dataclass

from guichet.registries.addresses.port import LONGEST_TEXT, SHORTEST_TEXT, AddressSuggestion
from guichet.registries.addresses.world import TOWNS
from guichet.registries.errors import RegistryUnavailable

HOUSE_NUMBER = re.compile(r"^\s*(\d{1,4})\s*(?:(bis|ter|quater|[a-d])\b)?[\s,]+", re.IGNORECASE)
ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard",
    "pl": "place", "r": "rue", "all": "allee", "ch": "chemin", "imp": "impasse", "rte": "route",
    "gal": "general", "dr": "docteur",
}  # fmt: skip


def words(text: str) -> list[str]:
    """Lower-case words without accents, hyphens nor apostrophes; usual abbreviations written out."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return [ABBREVIATIONS.get(word, word) for word in re.split(r"[^a-z0-9]+", plain) if word]


@dataclass(frozen=True)
class _Street:
    name: str
    postal_code: str
    city: str
    insee_code: str
    words: frozenset[str]


STREETS = tuple(
    _Street(street, postal_code, city, insee_code, frozenset(words(f"{street} {postal_code} {city}")))
    for city, postal_code, insee_code, streets in TOWNS
    for street in streets
)


class SimulatedAddresses:
    def suggest(self, text: str, limit: int = 5) -> list[AddressSuggestion]:
        text = text.strip()[:LONGEST_TEXT]
        if len(text) < SHORTEST_TEXT:
            return []
        if text.startswith("zzz lenteur"):
            raise RegistryUnavailable("addresses", "timeout")
        if text.startswith("zzz panne"):
            raise RegistryUnavailable("addresses", "error")
        number, typed = _split(text)
        asked = words(typed)
        if not asked:
            return []
        found = [street for street in STREETS if all(any(word.startswith(part) for word in street.words) for part in asked)]
        # Whole words before beginnings of words; then the order of the list.
        found.sort(key=lambda street: sum(part not in street.words for part in asked))
        return [_suggestion(street, number) for street in found[:limit]]

    def reachable(self) -> bool:
        return True


def _split(text: str) -> tuple[str, str]:
    """«20 bis, rue Nationale» → («20bis», «rue Nationale»), as the national base writes numbers."""
    match = HOUSE_NUMBER.match(text + " ")
    if not match:
        return "", text
    return match[1] + (match[2] or "").lower(), text[match.end() :]


def _suggestion(street: _Street, number: str) -> AddressSuggestion:
    line = f"{number} {street.name}" if number else street.name
    label = f"{line} {street.postal_code} {street.city}"
    return AddressSuggestion(label, number, street.name, street.postal_code, street.city, street.insee_code)
