"""A published procedure, its offices, and somebody signed in."""

import pytest

from tests.web_applicant import world


@pytest.fixture
def at_home(db):
    """An adult's own browser: ``(client, person)``."""
    world.a_world()
    account, person = world.a_person()
    return world.signed_in(account), person


@pytest.fixture
def draft(at_home):
    client, person = at_home
    return world.start(client, person)
