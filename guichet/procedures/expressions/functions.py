"""The functions that expressions may call: a short declared list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guichet.core.dates import add_years, years_between
from guichet.procedures.durations import add_months, months_between
from guichet.procedures.expressions.types import DATE, DURATION, INTEGER, MONEY, Type


@dataclass(frozen=True, slots=True)
class Function:
    """``compute`` may raise ``ValueError`` or ``OverflowError`` outside the calendar: the value is then unknown."""

    name: str
    parameters: tuple[Type, ...]
    result: Type
    compute: Callable[..., Any]
    says: str


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _days_between(earlier: date, later: date) -> int:
    return (later - earlier).days


def _euros(count: int) -> int:
    return count * 100


FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("years_between", (DATE, DATE), INTEGER, years_between, "completed years from the first date to the second"),
        Function("months_between", (DATE, DATE), INTEGER, months_between, "completed months from the first date to the second"),
        Function("days_between", (DATE, DATE), INTEGER, _days_between, "days from the first date to the second"),
        Function(
            "add_years", (DATE, INTEGER), DATE, add_years, "the same day so many years later; 29 February becomes 1 March"
        ),
        Function("add_months", (DATE, INTEGER), DATE, add_months, "the same day so many months later, or the month's last day"),
        Function("days", (INTEGER,), DURATION, _days, "so many days, to add to a date or to take from it"),
        Function("euros", (INTEGER,), MONEY, _euros, "so many euros, to compare with an amount"),
    )
}

# Written like functions, understood by the parser itself.
FORMS = {
    "date": "date('2026-09-01'): this day",
    "threshold": "threshold('name'): the amount of tables/thresholds.yaml in force on the day of the computation",
    "answered": "answered(section.field): whether the question has an answer",
    "count": "count(section), or count(row for row in section if …)",
    "sum": "sum(section.field), or sum(row.field for row in section)",
    "any": "any(section.field), or any(… for row in section)",
    "all": "all(section.field), or all(… for row in section)",
}
