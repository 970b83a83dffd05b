"""A slot that somebody has taken whole, on a Monday at noon: what people wait for."""

from datetime import UTC, datetime

import pytest

from tests.appointments import world
from tests.appointments.waiting_world import NOON


@pytest.fixture
def noon(movable_clock):
    movable_clock.move(seconds=(NOON - datetime.now(UTC)).total_seconds())
    return movable_clock


@pytest.fixture
def slot(agenda):
    """With one place."""
    return world.a_slot(agenda)


@pytest.fixture
def taken(type, slot):
    return world.ask(type, slot)
