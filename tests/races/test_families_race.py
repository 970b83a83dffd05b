"""Families, people alone, officers and workers at the same moment: all of a family or nobody, and nobody waits crosswise."""

from collections import Counter

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 8
BOOK = "family_scenes"


def test_families_that_want_the_same_row_have_all_their_places_or_none(on_each):
    seen = on_each.play("over_the_same_row", PROCESSES, 3, book=BOOK)
    outcomes = Counter(word for answer in seen["said"] for word in answer.split())
    assert set(outcomes) == {"held", "Full"}
    assert seen["parties"] == [3] * len(seen["parties"])
    assert outcomes["held"] == len(seen["parties"]) + seen["alone"] and seen["parties"]
    assert seen["drifted"] == []


@pytest.mark.postgresql
def test_without_the_trigger_and_the_check_families_are_sold_the_same_places(on_postgresql):
    """The negative control: it is they who hold, not luck."""
    seen = on_postgresql.play("last_places_unguarded", PROCESSES, book=BOOK)
    assert seen["counted"] > seen["capacity"]


def test_two_families_that_share_people_never_block_each_other(on_each):
    rounds = 8
    seen = on_each.play("shared_people", rounds, book=BOOK)
    assert seen["outcomes"] == [["AlreadyBooked", "to_confirm"]] * rounds
    assert seen["mails"] == rounds and seen["drifted"] == []


def test_all_are_confirmed_or_all_have_lapsed(on_each):
    seen = on_each.play("confirm_or_lapse", 6, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        first, second, third = outcome["states"]
        assert first == third and first in ("confirmed", "lapsed")
        assert second in (first, "cancelled")
        assert outcome["said"][0] == ("confirmed" if first == "confirmed" else "ConfirmationOver")


def test_families_that_exchange_their_places_never_block_each_other(on_each):
    turns = 5
    seen = on_each.play("exchange", turns, book=BOOK)
    assert seen["said"] == [f"moved {turns}"] * 4 + ["passed"] * 2
    assert seen["states"] == [turns] * 4 and seen["drifted"] == []
