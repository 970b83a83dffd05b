"""Countries and nationalities by ISO 3166-1 alpha-2 code, named in the active language (``tools/build_countries.py``)."""

import json
import unicodedata
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

# Who no State holds to be its own: no country, and the word papers have for a nationality (ICAO 9303, part 3, section 5).
STATELESS = "XXA"
_STATELESS_FR, _STATELESS_EN = "Apatride", "Stateless"

_NAME_FR, _NAME_EN, _NATIONALITY_FR, _NATIONALITY_EN = range(4)


@cache
def _rows() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = json.loads((Path(__file__).parent / "countries.json").read_text("utf-8"))
    return rows


def known(code: str) -> bool:
    return code in _rows()


def known_nationality(code: str) -> bool:
    """Whether a person can be of it; ``STATELESS`` is one of the answers."""
    return code == STATELESS or bool(code in _rows() and _rows()[code][_NATIONALITY_FR])


def codes() -> frozenset[str]:
    return frozenset(_rows())


def name(code: str) -> str:
    """The country's name; the code itself when it is not known."""
    row = _rows().get(code)
    return row[_column(_NAME_FR)] if row else code


def nationality(code: str) -> str:
    """The nationality as papers write it (feminine in French); the code itself when it is not known."""
    if code == STATELESS:
        return _stateless()
    row = _rows().get(code)
    return (row[_column(_NATIONALITY_FR)] or row[_column(_NAME_FR)]) if row else code


def countries() -> tuple[tuple[str, str], ...]:
    """Every (code, name), sorted as a reader of the active language expects."""
    return _sorted(_column(_NAME_FR))


def nationalities() -> tuple[tuple[str, str], ...]:
    """Every (code, nationality), sorted as a reader of the active language expects; «stateless» stands among them."""
    return _sorted(_column(_NATIONALITY_FR), (STATELESS, _stateless()))


def _stateless() -> str:
    return _STATELESS_EN if (get_language() or "fr").startswith("en") else _STATELESS_FR


def _column(french: int) -> int:
    return french + 1 if (get_language() or "fr").startswith("en") else french


@cache
def _sorted(column: int, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    named = [(code, row[column]) for code, row in _rows().items() if row[column]]
    return tuple(sorted([*named, *more], key=lambda pair: _plain(pair[1])))


def _plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each)).casefold()
