"""Fixtures that every room's tests may use."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from guichet.core import clock


class MovableClock:
    """Moves ``core.clock`` forward within a test."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def move(self, **delta: float) -> None:
        self.offset += timedelta(**delta)
        clock._offset.set(self.offset)


@pytest.fixture
def movable_clock():
    token = clock._offset.set(timedelta())
    yield MovableClock()
    clock._offset.reset(token)


@pytest.fixture(autouse=True)
def no_limit_left_over(request):
    """Limits on tries live in the cache, outside of the tables that transactional tests empty: each starts without any."""
    marker = request.node.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        cache.clear()
