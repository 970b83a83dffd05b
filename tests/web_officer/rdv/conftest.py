"""A Tuesday at ten at the counter: an office, what one comes for there, who works there."""

import pytest
import time_machine

from tests.appointments import world
from tests.contracts.world import an_officer
from tests.web_officer.conftest import browser_of


@pytest.fixture(autouse=True)
def clock():
    """A Tuesday at ten, on the wall of the office."""
    with time_machine.travel(world.utc(2026, 11, 24, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def agenda(db):
    return world.an_empty_agenda()


@pytest.fixture
def office(agenda):
    return agenda.office


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, confirmation_minutes=0)


@pytest.fixture
def reception(office):
    return browser_of(an_officer("reception", office).account)


@pytest.fixture
def colleague(office):
    return browser_of(an_officer("case_officer", office).account)
