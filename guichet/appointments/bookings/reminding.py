"""When people are reminded of their appointment, as pure functions. No database, no clock.

Three days before, while papers can still be gathered and the place still be given to somebody else; and the day before.
Never at night, on the clock of the office's wall. Who took, or moved, their appointment on the day of a reminder or later has
just been written to, and is not reminded.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

FROM, UNTIL = time(9), time(20)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """``days``: how long before the appointment it is sent; the worker that was down then makes up for it until ``late``.
    ``rank``: a reminder is never sent after one of a higher rank."""

    rank: int
    days: int
    late: int


REMINDERS = (Reminder(rank=1, days=3, late=2), Reminder(rank=2, days=1, late=1))


@dataclass(frozen=True)
class Due:
    """Those whose appointment is on ``day``, taken before ``taken_before``, are to have this reminder."""

    reminder: Reminder
    day: date
    taken_before: date


def due(now: datetime) -> list[Due]:
    """What is to be sent at a moment of the office's wall; nothing at night."""
    if not FROM <= now.time() < UNTIL:
        return []
    today = now.date()
    return [
        Due(reminder, today + timedelta(days=days), today - timedelta(days=reminder.days - days))
        for reminder in REMINDERS
        for days in range(reminder.late, reminder.days + 1)
    ]
