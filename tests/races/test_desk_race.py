"""Several counters at the same moment: nobody is called by two officers, no number is given twice."""

from collections import Counter

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 8
BOOK = "desk_scenes"


def test_two_officers_never_call_the_same_person(on_each):
    seen = on_each.play("next_person", PROCESSES, 5, book=BOOK)
    tickets = [one for one in seen["said"] if one.startswith("A")]
    assert len(set(tickets)) == len(tickets) == seen["called"] == seen["calls"] <= 5
    assert set(seen["said"]) - set(tickets) <= {"NobodyWaits"}


def test_every_officer_finds_somebody_while_there_are_people_enough(on_each):
    seen = on_each.play("next_person", PROCESSES, PROCESSES, book=BOOK)
    assert len(set(seen["said"])) == PROCESSES and seen["called"] == PROCESSES


@pytest.mark.postgresql
def test_without_the_lock_the_same_person_is_called_to_several_desks(on_postgresql):
    """The negative control: it is the lock that holds, not luck."""
    seen = on_postgresql.play("next_person_unguarded", 4, book=BOOK)
    assert len(set(seen["said"])) < 4


def test_a_desk_receives_one_person_however_often_the_button_is_pressed(on_each):
    seen = on_each.play("same_desk", PROCESSES, book=BOOK)
    assert seen["called"] == 1
    assert Counter(one[:1] for one in seen["said"])["A"] == 1 and seen["said"].count("DeskBusy") == PROCESSES - 1


def test_one_person_called_by_several_officers_is_called_one_after_another(on_each):
    seen = on_each.play("same_person", 4, book=BOOK)
    assert seen == {"said": ["A001"] * 4, "stage": "called", "calls": 4}


def test_no_number_is_given_twice_and_a_form_sent_twice_is_one_number(on_each):
    seen = on_each.play("numbers", PROCESSES, book=BOOK)
    assert sorted(set(seen["said"])) == ["A001", "A002", "A003", "A004"] and seen["visits"] == PROCESSES // 2
    assert set(Counter(seen["said"]).values()) == {2}


def test_one_reference_scanned_at_several_counters_is_one_arrival(on_each):
    seen = on_each.play("arrivals", PROCESSES, book=BOOK)
    assert len(set(seen["said"])) == 1 and seen["said"][0].isdigit()
    assert seen["visits"] == 1 and seen["state"] == "honoured"


def test_references_that_end_alike_are_called_differently_even_at_once(on_each):
    seen = on_each.play("alike", 2, book=BOOK)
    assert seen["said"] == ["waiting", "waiting"] and len(set(seen["tickets"])) == 2
