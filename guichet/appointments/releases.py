"""From when a slot may be taken: the release rules of agendas, as pure functions. No database, no clock.

- ``{"rule": "rolling", "days": 28, "at": "09:00"}``: each day's slots, so many days before, at that hour of the office;
- ``{"rule": "weekly", "weekday": 0, "at": "09:00", "weeks": 1}``: a whole week's slots (Monday to Sunday) at once, on that
  weekday of the week so many weeks before;
- ``{"rule": "draw", "days": 7, "at": "09:00"}``: people register for draws; days that none shares go like ``rolling``.

The places that a draw shares are released to nobody before it is drawn, then at the moment that it announced (``Kept``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS_AT_MOST = 366
WEEKS_AT_MOST = 26
UNDRAWN = datetime(9999, 1, 1, tzinfo=UTC)  # the release of what a draw shares, until it is drawn: there is none


class NotARule(ValueError):
    """What was given is no release rule; the message says what is wrong with it."""


def at_wall(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """An hour on the wall as an instant, in UTC: the first of two when clocks go back; when they go forward over it, the
    moment at which they do, and what the wall then shows follows."""
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Rolling:
    """Each day's slots ``days`` days before, at ``at``."""

    days: int
    at: time
    name: str = "rolling"

    def released_on(self, day: date) -> date:
        return day - timedelta(days=self.days)

    def reaches(self, today: date) -> date:
        """The last day whose slots are worth making today: a week beyond those released, so that pages can show what comes."""
        return today + timedelta(days=self.days + 7)


@dataclass(frozen=True)
class Weekly:
    """A week's slots on ``weekday`` (0: Monday) of the week ``weeks`` weeks before, at ``at``."""

    weekday: int
    at: time
    weeks: int = 1
    name: str = "weekly"

    def released_on(self, day: date) -> date:
        monday = day - timedelta(days=day.weekday())
        return monday - timedelta(weeks=self.weeks) + timedelta(days=self.weekday)

    def reaches(self, today: date) -> date:
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(weeks=self.weeks + 1, days=6)


Rule = Rolling | Weekly


def parse(written: Mapping[str, Any]) -> Rule:
    """The rule that an agenda's JSON says; ``NotARule`` when it says none."""
    kind = written.get("rule")
    if kind in ("rolling", "draw"):
        return Rolling(_whole(written, "days", 0, DAYS_AT_MOST), _hour(written), str(kind))
    if kind == "weekly":
        weeks = _whole({"weeks": 1, **written}, "weeks", 1, WEEKS_AT_MOST)
        return Weekly(_whole(written, "weekday", 0, 6), _hour(written), weeks)
    raise NotARule(f"unknown rule: {kind}")


def released_at(rule: Rule, day: date, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, from which the slots of a day of the office may be taken."""
    return at_wall(rule.released_on(day), rule.at, zone)


@dataclass(frozen=True)
class Kept:
    """Days of the office, both counted, whose slots a draw shares: released at ``until``, whatever the rule."""

    first_day: date
    last_day: date
    until: datetime


def after_draws(by_rule: datetime, day: date, kept: Iterable[Kept]) -> datetime:
    """The release of a day's slots: that of the draw that shares it, else that of the rule."""
    return max((one.until for one in kept if one.first_day <= day <= one.last_day), default=by_rule)


def _whole(written: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = written.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise NotARule(f"{name}: a whole number from {least} to {most}")
    return value


def _hour(written: Mapping[str, Any]) -> time:
    try:
        return time.fromisoformat(str(written["at"])).replace(tzinfo=None)
    except (KeyError, ValueError) as error:
        raise NotARule("at: an hour such as 09:00") from error
