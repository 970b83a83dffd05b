"""A day closes while its people act: nobody waits crosswise, nobody keeps a place in it unseen."""

import pytest

pytestmark = pytest.mark.xdist_group("races")
TURNS = 4


def test_a_day_closes_while_its_people_act_and_nobody_blocks_anybody(on_each):
    """The rows of people are locked before those of slots, by everybody: else PostgreSQL finds a deadlock here."""
    seen = on_each.play("close_while_people_act", TURNS, book="closing_scenes")
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        assert outcome["said"] == ["True", *["acted"] * 5, "came"]
        assert (outcome["untold"], outcome["held"], outcome["open"]) == ([], 0, 0)
