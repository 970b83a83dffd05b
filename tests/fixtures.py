"""Fixtures that every room's tests may use."""

from datetime import timedelta

import pytest

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
