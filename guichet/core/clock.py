"""The only clock. In the demonstration its offset is a database row, so that every process shares it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FARTHEST = timedelta(days=36_525)  # of the demonstration's clock, ahead of the real one

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC) + _offset.get()


def of_the_machine() -> datetime:
    """The same on the machine's own clock, which nobody moves: for what is not of the demonstration's world (sessions)."""
    return datetime.now(UTC)


def today() -> date:
    """The current day in Paris: ages, delays and validity count in Paris days."""
    return now().astimezone(PARIS).date()


def paris_date(instant: datetime) -> date:
    """The Paris day of an aware instant."""
    return instant.astimezone(PARIS).date()


def end_of_paris_day(day: date) -> datetime:
    """The first instant that no longer belongs to ``day`` in Paris, in UTC."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=PARIS).astimezone(UTC)


def read_instant(text: str) -> datetime | None:
    """The aware instant, in UTC, that a link of a page holds in ISO 8601; None when it holds none."""
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):  # 0001-01-01T00:00+23:59 is before all time in UTC
        return None


@contextmanager
def shifted(offset: timedelta) -> Iterator[None]:
    """Within the block, this thread of work sees the clock moved by ``offset`` (demonstration only)."""
    token = _offset.set(offset)
    try:
        yield
    finally:
        _offset.reset(token)


def demonstration() -> AbstractContextManager[None]:
    """The demonstration's clock for one piece of work (a request, a duty); elsewhere the clock as it is, without any query."""
    from django.conf import settings

    return shifted(stored_offset()) if settings.DEMO else nullcontext()


def stored_offset() -> timedelta:
    """The offset kept in the database; zero outside the demonstration, without any query."""
    from django.conf import settings

    if not settings.DEMO:
        return timedelta()
    from guichet.core.models import ClockOffset

    seconds = ClockOffset.objects.filter(pk=1).values_list("seconds", flat=True).first()
    return timedelta(seconds=seconds or 0)


def move(by: timedelta) -> None:
    """Moves the demonstration's clock forward for every process."""
    from django.conf import settings

    from guichet.core.models import ClockOffset

    if not settings.DEMO:
        raise RuntimeError("The clock moves in the demonstration only.")
    if by < timedelta():
        raise ValueError("The clock moves forward only: going back would undo what was promised.")
    row, _ = ClockOffset.objects.get_or_create(pk=1)
    # Not past a century: dates far ahead do not exist (year 10000), and every page asks what day it is.
    row.seconds = min(row.seconds + int(by.total_seconds()), int(FARTHEST.total_seconds()))
    row.save(update_fields=["seconds"])
