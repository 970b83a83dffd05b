"""The address base behind HTTP: GeoCodeJSON, as the national base and the Addok servers speak it.

``ADDRESSES_URL`` is the folder of its ``search`` resource: ``https://data.geopf.fr/geocodage`` for the national one.
"""

from typing import Annotated

from pydantic import StringConstraints

from guichet.registries.addresses.port import LONGEST_TEXT, SHORTEST_TEXT, AddressSuggestion
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.transport import Transport
from guichet.registries.wire import Wire

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Properties(Wire):
    """What we read of a feature: ``name`` is «20 Rue Nationale» and ``street`` «Rue Nationale», absent for a whole street."""

    label: Name
    type: str
    name: Name
    housenumber: str = ""
    street: str = ""
    postcode: Annotated[str, StringConstraints(pattern=r"^\d{5}$")] | None = None
    city: Name
    citycode: Annotated[str, StringConstraints(pattern=r"^(\d{2}|2[AB])\d{3}$")]


class Feature(Wire):
    properties: Properties


class Features(Wire):
    features: tuple[Feature, ...]


class HttpAddresses:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def suggest(self, text: str, limit: int = 5) -> list[AddressSuggestion]:
        text = text.strip()[:LONGEST_TEXT]
        if len(text) < SHORTEST_TEXT or not text[0].isalnum():
            return []  # the base would answer 400
        asked = {"q": text, "limit": str(limit), "autocomplete": "1"}
        answer = self._transport.ask(Features, "GET", "search", params=asked)
        found = (_suggestion(feature.properties) for feature in answer.features)
        return [suggestion for suggestion in found if suggestion is not None][:limit]

    def reachable(self) -> bool:
        try:
            self._transport.ask(Features, "GET", "search", params={"q": "Paris", "limit": "1", "autocomplete": "0"})
        except RegistryUnavailable:
            return False
        return True


def _suggestion(found: Properties) -> AddressSuggestion | None:
    """A commune alone, or a place without postal code, is no address: left out."""
    if found.type not in {"housenumber", "street", "locality"} or not found.postcode:
        return None
    street = found.street or found.name
    return AddressSuggestion(found.label, found.housenumber, street, found.postcode, found.city, found.citycode)
