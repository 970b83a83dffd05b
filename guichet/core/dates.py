"""Dates of birth as people know them: the day or the month may be unknown; days in words."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date whose day, or day and month, may be unknown (0). Written ``2007``, ``2007-05`` or ``2007-05-12``."""

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError("A known day needs a known month.")
        date(self.year, self.month or 1, self.day or 1)  # ValueError when there is no such day

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        parts = [int(part) for part in text.split("-")]
        if not 1 <= len(parts) <= 3:
            raise ValueError(f"Not a date: {text}")
        return cls(*parts)

    def __str__(self) -> str:
        if not self.month:
            return f"{self.year:04}"
        return f"{self.year:04}-{self.month:02}" if not self.day else f"{self.year:04}-{self.month:02}-{self.day:02}"

    @property
    def is_complete(self) -> bool:
        return bool(self.day)

    def assumed(self) -> date:
        """The date rules reckon with: an unknown day or month counts as the first, as administrations do."""
        return date(self.year, self.month or 1, self.day or 1)


def years_between(earlier: date, later: date) -> int:
    """Completed years. Someone born on 29 February completes a year on 1 March of other years."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def add_years(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def day_in_words(day: date) -> str:
    """``1er août 2023``, ``16 August 2023``, in the active language: no reader takes the month for the day."""
    return first_in_french(date_format(day, "j F Y"))


def known_in_words(day: PartialDate) -> str:
    """A date as far as it is known: in words, else ``05/1990`` or ``1990``."""
    if day.is_complete:
        return day_in_words(day.assumed())
    return f"{day.month:02}/{day.year}" if day.month else str(day.year)


def first_in_french(written: str) -> str:
    """A day that was written in words («1 août 2023», «mardi 1 août»): in French the first of a month is «1er»; elsewhere as it
    was."""
    in_french = (get_language() or "fr").startswith("fr")
    return re.sub(r"^((?:[a-z]+ )?)1 ", r"\g<1>1er ", written) if in_french else written
