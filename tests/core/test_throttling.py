"""Limits count tries where they come from, and never shut the rightful person out."""

import pytest

from guichet.core.errors import TooManyTries
from guichet.core.throttling import Limit, spend

pytestmark = pytest.mark.django_db
LIMIT = Limit("test", 3, 600)


def test_the_try_after_the_last_is_refused_with_the_time_to_wait():
    for _ in range(3):
        spend(LIMIT, "192.0.2.1", "a")
    with pytest.raises(TooManyTries) as refused:
        spend(LIMIT, "192.0.2.1", "a")
    assert 590 <= refused.value.seconds <= 601
    assert "minutes" in str(refused.value.message)


def test_another_address_and_another_identity_have_their_own_count():
    for _ in range(3):
        spend(LIMIT, "192.0.2.1", "a")
    spend(LIMIT, "192.0.2.2", "a")
    spend(LIMIT, "192.0.2.1", "b")


def test_each_try_is_freed_by_its_own_time(movable_clock):
    spend(LIMIT, "x")
    movable_clock.move(seconds=300)
    spend(LIMIT, "x")
    spend(LIMIT, "x")
    with pytest.raises(TooManyTries) as refused:
        spend(LIMIT, "x")
    assert refused.value.seconds <= 301
    movable_clock.move(seconds=301)
    spend(LIMIT, "x")
    with pytest.raises(TooManyTries):
        spend(LIMIT, "x")


def test_a_try_given_back_does_not_count():
    for _ in range(10):
        spend(LIMIT, "x").give_back()


def test_keys_hold_nothing_of_a_person():
    assert "5908002010" not in spend(LIMIT, "192.0.2.1", "5908002010").key
