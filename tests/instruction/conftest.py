"""Fixtures of the instruction's tests."""

import pytest

from tests.instruction import world as worlds


@pytest.fixture
def world(db):
    return worlds.build()


@pytest.fixture
def two_hands_world(db):
    return worlds.build(two_hands=True)
