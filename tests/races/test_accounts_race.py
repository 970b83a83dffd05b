"""Processes that give one number, or open one identity, at the same moment: never two accounts."""

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 6
BOOK = "account_scenes"


@pytest.mark.parametrize("scene", ["one_number_for_several", "one_number_for_several_without_looking"])
def test_a_number_given_to_several_people_at_once_goes_to_one(on_each, scene):
    """Also where nobody looks first: it is the database that holds, and its refusal is told as the others are."""
    seen = on_each.play(scene, PROCESSES, book=BOOK)
    assert sorted(seen["said"]) == ["given"] + ["taken"] * (PROCESSES - 1)
    assert (seen["persons"], seen["accounts"], seen["mails"]) == (1, 1, 1)


def test_a_number_given_twice_to_the_same_person_sends_one_password(on_each):
    seen = on_each.play("one_person_twice", PROCESSES, book=BOOK)
    assert seen["said"] == ["given"] * PROCESSES
    assert (seen["passwords"], seen["identifiers"]) == (1, 1)


def test_a_number_given_while_its_link_opens_an_account_has_one_account(on_each):
    for outcome in on_each.play("given_or_opened", book=BOOK)["outcomes"]:
        assert outcome["said"] in (["given", "too late"], ["taken", "opened"])
        assert (outcome["persons"], outcome["accounts"], outcome["acting"]) == (1, 1, 1)


def test_a_visa_link_pressed_in_several_windows_opens_one_access(on_each):
    seen = on_each.play("a_visa_link_in_several_windows", PROCESSES, book=BOOK)
    assert sorted(seen["said"]) == ["opened"] + ["used"] * (PROCESSES - 1)
    assert (seen["accounts"], seen["persons"]) == (1, 1)
