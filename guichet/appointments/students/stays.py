"""The right time to come: within so many months before the end of a permit or visa. Pure functions."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from guichet.appointments import rules

WindowState = Literal["open", "too_early", "expired"]


@dataclass(frozen=True)
class Window:
    """Where a day stands. ``opens_on`` is the first day of the window; ``None`` where the type has none.

    ``expired``: the permit or visa has ended; the person is received all the same, as early as can be.
    """

    state: WindowState
    opens_on: date | None
    ends_on: date


def window(ends_on: date, today: date, months: int | None) -> Window:
    """``ends_on`` is the last day of the permit or visa, ``months`` how long before it the type opens (``None``: always)."""
    opens_on = None if months is None else rules.window_opens_on(ends_on, months)
    if today > ends_on:
        return Window("expired", opens_on, ends_on)
    if opens_on is not None and today < opens_on:
        return Window("too_early", opens_on, ends_on)
    return Window("open", opens_on, ends_on)
