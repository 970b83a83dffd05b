"""Durations as a definition writes them: «30 days», «6 months», «1 year»."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import ngettext

from guichet.core.dates import add_years

PATTERN = r"^[1-9]\d{0,3} (day|days|month|months|year|years)$"


@dataclass(frozen=True, slots=True)
class Duration:
    """So many days, calendar months or calendar years."""

    amount: int
    unit: str  # "day", "month" or "year"

    @classmethod
    def parse(cls, text: str) -> "Duration":
        if not re.match(PATTERN, text):
            raise ValueError(f"Not a duration: {text}. Write it like «6 months».")
        amount, unit = text.split(" ")
        return cls(int(amount), unit.rstrip("s"))

    def after(self, day: date) -> date:
        """The day this long after ``day``."""
        if self.unit == "day":
            return day + timedelta(days=self.amount)
        return add_months(day, self.amount) if self.unit == "month" else add_years(day, self.amount)

    def before(self, day: date) -> date:
        """The day this long before ``day``."""
        if self.unit == "day":
            return day - timedelta(days=self.amount)
        return add_months(day, -self.amount) if self.unit == "month" else add_years(day, -self.amount)

    def in_words(self) -> str:
        """«6 mois», in the active language."""
        if self.unit == "day":
            words = ngettext("%(count)d jour", "%(count)d jours", self.amount)
        elif self.unit == "month":
            words = ngettext("%(count)d mois", "%(count)d mois", self.amount)
        else:
            words = ngettext("%(count)d an", "%(count)d ans", self.amount)
        return words % {"count": self.amount}


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later; a day that the month lacks becomes its last day.

    Raises ``ValueError`` or ``OverflowError`` outside the calendar.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def months_between(earlier: date, later: date) -> int:
    """Completed calendar months, negative when ``later`` comes first."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)
