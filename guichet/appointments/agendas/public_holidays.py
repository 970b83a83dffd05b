"""Public holidays where an office stands (labour code, L3133-1; L3422-2 overseas; L3134-13 in Alsace and Moselle)."""

from datetime import date
from functools import cache

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


@cache
def _of_year(department: str, year: int) -> frozenset[date]:
    return frozenset(country_holidays("FR", subdiv=LOCAL.get(department), years=year))


def is_holiday(day: date, department: str) -> bool:
    """Whether a day is a public holiday in a department (its code: ``42``, ``974``)."""
    return day in _of_year(department, day.year)
