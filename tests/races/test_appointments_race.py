"""People, officers and workers at the same moment: no place is sold twice, none is lost, nobody is told two things."""

from collections import Counter

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 8
BOOK = "appointment_scenes"


def test_the_last_places_are_sold_once(on_each):
    seen = on_each.play("last_place", PROCESSES, 3, book=BOOK)
    assert Counter(seen["said"]) == {"held": 3, "Full": PROCESSES - 3}
    assert seen["taken"] == seen["counted"] == seen["capacity"] == 3


@pytest.mark.postgresql
def test_without_the_trigger_and_the_check_the_same_race_oversells(on_postgresql):
    """The negative control: it is they who hold, not luck."""
    seen = on_postgresql.play("last_place_unguarded", PROCESSES, 3, book=BOOK)
    assert seen["counted"] > seen["capacity"]


def test_one_person_in_several_browsers_has_one_place(on_each):
    seen = on_each.play("same_person", PROCESSES, book=BOOK)
    assert Counter(seen["said"]) == {"held": 1, "AlreadyBooked": PROCESSES - 1}
    assert seen["taken"] == seen["counted"] == 1


def test_one_invitation_used_in_several_browsers_gives_one_place(on_each):
    seen = on_each.play("same_invitation", PROCESSES, book=BOOK)
    assert Counter(seen["said"]) == {"held": 1, "AlreadyBooked": PROCESSES - 1}
    assert seen["taken"] == 1 and seen["drifted"] == []


def test_called_by_several_at_once_one_is_called_once(on_each):
    seen = on_each.play("invited_at_once", PROCESSES, book=BOOK)
    assert len(set(seen["said"])) == 1 and seen["said"][0].isdigit()
    assert seen["mails"] == 1


def test_nobody_keeps_an_appointment_whose_invitation_is_called_off(on_each):
    seen = on_each.play("called_off_or_finished", 6, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        assert outcome["state"] in ("cancelled", "lapsed"), outcome
        assert outcome["said"][0] in ("confirmed", "NotInvited", "HoldOver"), outcome


def test_one_person_who_says_it_everywhere_has_one_request(on_each):
    seen = on_each.play("same_details", PROCESSES, book=BOOK)
    assert Counter(seen["said"]) == {"to_confirm": 1, "AlreadyBooked": PROCESSES - 1}
    assert seen["mails"] == 1 and seen["drifted"] == []


def test_a_form_sent_many_times_at_once_is_one_booking(on_each):
    seen = on_each.play("same_form", PROCESSES, book=BOOK)
    assert len(set(seen["said"])) == 1 and seen["said"][0].isdigit()
    assert seen["taken"] == seen["counted"] == 1


def test_what_was_confirmed_never_lapses_and_what_lapsed_is_never_confirmed(on_each):
    seen = on_each.play("confirm_or_lapse", 6, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        if outcome["confirm"] == "confirmed":
            assert (outcome["state"], outcome["lapses"], outcome["mails"]) == ("confirmed", 0, ["appointment_confirmed"])
        else:
            assert outcome["confirm"] == "ConfirmationOver"
            assert (outcome["state"], outcome["lapses"], outcome["mails"]) == ("lapsed", 1, ["appointment_lapsed"])


def test_a_place_that_is_left_is_taken_once_at_most(on_each):
    for outcome in on_each.play("cancel_and_claim", 5, book=BOOK)["outcomes"]:
        taken = outcome["said"].count("held")
        assert Counter(outcome["said"]) == Counter({"left": 1, "Full": 4 - taken, **({"held": taken} if taken else {})})
        assert outcome["counted"] == outcome["taken"] == taken <= 1


def test_people_who_exchange_their_slots_never_block_each_other(on_each):
    turns = 5
    seen = on_each.play("exchange", turns, book=BOOK)
    assert seen["said"] == [f"moved {turns}"] * 4
    assert seen["drifted"] == [] and seen["places"] == 4 * turns  # each move left one place, once


def test_slots_that_go_while_people_book_them_lose_nobody(on_each):
    seen = on_each.play("regenerate_and_claim", 6, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        assert outcome["said"].count("held") == outcome["held"]
        # Refused by a claim at that very moment the duty may have to come again; else nothing that is free is left.
        assert outcome["said"][0] in ("made True", "IntegrityError")
        assert outcome["open"] == 0 or outcome["said"][0] == "IntegrityError"
        assert set(outcome["said"][1:]) <= {"held", "Full", "NotOpen", "AlreadyBooked"}


def test_desks_that_close_while_people_book_put_nobody_out(on_each):
    seen = on_each.play("cut_and_claim", 6, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        assert outcome["capacity"] == max(1, outcome["taken"]) and outcome["counted"] == outcome["said"].count("held")
