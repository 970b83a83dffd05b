"""An agenda without rules and a type of appointment that anybody may take; a test that wants others makes its own."""

import pytest

from tests.appointments import world


@pytest.fixture
def agenda(db):
    return world.an_empty_agenda()


@pytest.fixture
def type(agenda):
    return world.a_type(agenda)
