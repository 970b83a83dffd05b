"""Public holidays where an office stands (labour code, L3133-1; L3422-2 overseas; L3134-13 in Alsace and Moselle), and those on
which an agenda receives all the same. No database, no clock.

A holiday has a key that says which one it is whatever the year: ``12-26``, or ``easter+1`` for those that follow Easter.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.utils.translation import get_language
from holidays import country_holidays

# Departments and collectivities that have holidays of their own, as the library calls them.
LOCAL = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
# Those that follow Easter, by how many days after Easter Monday.
MOVABLE = {-25: "easter-24", -3: "easter-2", 0: "easter+1", 38: "easter+39", 49: "easter+50"}
LABOUR_DAY = "05-01"  # nobody works on it (L3133-4): the only one on which no agenda receives
# Days that are kept by usage, or in some towns only: nobody works there as a rule, but the labour code does not say so. An
# office that does receive says it of its agendas.
# verify: each prefecture knows its own; L3134-13 has Good Friday in the towns with a Protestant church or a mixed one.
USAGE = {
    "57": {"easter-2"},
    "67": {"easter-2"},
    "68": {"easter-2"},
    "971": {"easter-24", "easter-2", "07-21"},
    "972": {"07-21"},
    "978": {"07-21"},
}


@dataclass(frozen=True)
class Holiday:
    """A public holiday of a year. ``by_usage``: see ``USAGE``."""

    day: date
    keys: frozenset[str]  # two, the year when two of them fall on one day
    name: str
    by_usage: bool = False

    @property
    def key(self) -> str:
        """What an agenda writes of it."""
        return min(self.keys)

    @property
    def may_be_worked(self) -> bool:
        return LABOUR_DAY not in self.keys


@cache
def _of_year(department: str, year: int, language: str = "fr") -> dict[date, str]:
    found = country_holidays("FR", subdiv=LOCAL.get(department), years=year, language="fr" if language == "fr" else "en_US")
    return {day: found[day] for day in sorted(found)}


@cache
def _easter_monday(year: int) -> date:
    """The only holiday of mainland France from 23 March to 26 April."""
    return next(day for day in _of_year("", year) if date(year, 3, 23) <= day <= date(year, 4, 26))


def keys_of(day: date, department: str) -> frozenset[str]:
    """Which holidays a day is in a department; none when it is an ordinary day."""
    if day not in _of_year(department, day.year):
        return frozenset()
    moves = MOVABLE.get((day - _easter_monday(day.year)).days)
    fixed = f"{day:%m-%d}"
    if moves is None:
        return frozenset({fixed})
    # The same day of the next year is no movable one: Easter never falls twice running on one day.
    also_fixed = any(f"{other:%m-%d}" == fixed for other in _of_year(department, day.year + 1))
    return frozenset({moves, fixed}) if also_fixed else frozenset({moves})


def is_holiday(day: date, department: str, worked: Collection[str] = ()) -> bool:
    """Whether nobody is received on a day in a department (its code: ``42``, ``974``), it being a public holiday that is not
    among those ``worked``. Two that fall on one day are both to be worked."""
    keys = keys_of(day, department)
    return bool(keys) and (LABOUR_DAY in keys or not keys <= set(worked))


def ahead(department: str, since: date, days: int = 365) -> list[Holiday]:
    """The public holidays of so many days from one on, in order, named in the active language."""
    language = (get_language() or "fr")[:2]
    found = []
    for offset in range(days):
        day = since + timedelta(days=offset)
        keys = keys_of(day, department)
        if keys:
            name = _of_year(department, day.year, language)[day]
            found.append(Holiday(day, keys, name, by_usage=keys <= USAGE.get(department, set())))
    return found


def known(department: str, year: int) -> set[str]:
    """The keys of every holiday of a department that an agenda may work on."""
    of_year = (keys_of(day, department) for day in _of_year(department, year))
    return {key for keys in of_year for key in keys} - {LABOUR_DAY}
