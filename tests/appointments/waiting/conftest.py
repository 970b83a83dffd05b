"""A slot that somebody has taken whole: what people wait for."""

import pytest

from tests.appointments import world


@pytest.fixture
def slot(agenda):
    """With one place."""
    return world.a_slot(agenda)


@pytest.fixture
def taken(type, slot):
    return world.ask(type, slot)
