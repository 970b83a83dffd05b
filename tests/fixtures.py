"""Fixtures that every room's tests may use."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from guichet.core import clock

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Paris; the next days are ordinary ones


def until(*, days: int = 0, **delta: float) -> timedelta:
    """From now to so much later. Days are those of Paris: at the same hour of the wall, whatever summer time does between."""
    now = clock.now()
    same_hour = now.astimezone(clock.PARIS) + timedelta(days=days)
    return same_hour.astimezone(UTC) - now + timedelta(**delta)


class MovableClock:
    """Moves ``core.clock`` forward within a test: ``move(days=7)``, ``move(minutes=10)``."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def move(self, **delta: float) -> None:
        self.offset += until(**delta)
        clock._offset.set(self.offset)

    def move_to(self, moment: datetime) -> None:
        self.offset = moment - clock.of_the_machine()
        clock._offset.set(self.offset)


@pytest.fixture
def movable_clock():
    token = clock._offset.set(timedelta())
    yield MovableClock()
    clock._offset.reset(token)


@pytest.fixture
def noon(movable_clock):
    """By day, whenever the test runs: what is told by day is told by other rules at night."""
    movable_clock.move_to(NOON)
    return movable_clock


@pytest.fixture(autouse=True)
def no_limit_left_over(request):
    """Limits on tries live in the cache, outside of the tables that transactional tests empty: each starts without any."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        cache.clear()
