"""The commune of an address written by hand: found from the city and the postal code, never guessed."""

from collections.abc import Mapping

from guichet.core.identifiers import comparable
from guichet.offices.queries import Commune, commune, communes_of


def located(raw: Mapping[str, str]) -> dict[str, str]:
    """The address with the INSEE code of its commune, where the city and the postal code tell it; without a wrong one.

    A code that was chosen stays as long as it agrees with the postal code, unless the city now written is another commune.
    """
    parts = {**raw, "country": "FR"}
    parts.pop("label", None)
    postal_code = parts.get("postal_code", "").replace(" ", "")
    named = _named(parts.get("city", ""), postal_code)
    chosen = commune(parts["insee_code"]) if parts.get("insee_code") else None
    if chosen and postal_code in chosen.postal_codes and (named is None or named.insee_code == chosen.insee_code):
        return parts
    parts["insee_code"] = named.insee_code if named else ""
    return parts


def _named(city: str, postal_code: str) -> Commune | None:
    """The one commune of this name among those that share the postal code."""
    wanted = comparable(_in_full(city))
    found = [each for each in communes_of(postal_code) if wanted and comparable(each.name) == wanted] if postal_code else []
    return found[0] if len(found) == 1 else None


def _in_full(city: str) -> str:
    """«St» and «Ste» as people write them; «Cedex» and the number of a district are no part of a name."""
    words = [word for word in city.replace("-", " ").split() if word]
    if "cedex" in [word.lower() for word in words]:
        words = words[: [word.lower() for word in words].index("cedex")]
    full = {"st": "Saint", "ste": "Sainte"}
    return " ".join(full.get(word.lower().rstrip("."), word) for word in words)
