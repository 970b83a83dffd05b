"""People of the waiting list and workers at the same moment: a place goes to one person, a person gets one place."""

from collections import Counter

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 6
BOOK = "waiting_scenes"


def test_workers_who_offer_the_same_places_offer_each_once(on_each):
    seen = on_each.play("two_workers", PROCESSES, book=BOOK)
    assert seen["drifted"] == [] and set(seen["handled"]) <= {"0", "1", "2", "3"}
    # On PostgreSQL a worker passes over whom another is looking at: a place may then come back, none is offered twice.
    assert 1 <= seen["offers"] == seen["mails"] == seen["entries"].count("offered") <= 3


def test_accepting_many_times_at_once_is_one_appointment(on_each):
    seen = on_each.play("accept_twice", PROCESSES, book=BOOK)
    assert seen["said"] == ["confirmed"] * PROCESSES
    assert (seen["mails"], seen["entry"], seen["drifted"]) == (1, "booked", [])


def test_what_was_accepted_never_expires_and_what_expired_is_never_accepted(on_each):
    seen = on_each.play("accept_or_expire", 3, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        told = ["waiting_joined", "waiting_offer"]
        if outcome["accept"] == "confirmed":
            assert (outcome["offer"], outcome["entry"], outcome["ended"]) == ("accepted", "booked", 0)
        else:
            assert outcome["accept"] == "OfferOver"
            assert (outcome["offer"], outcome["entry"], outcome["ended"]) == ("expired", "waiting", 1)
            told.append("waiting_unanswered")
        assert outcome["mails"] == sorted(told)


def test_who_books_while_being_offered_a_place_has_one_of_both(on_each):
    seen = on_each.play("offer_or_book", 3, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        if outcome["said"] == "to_confirm":
            assert (outcome["active"], outcome["entry"]) == (["to_confirm"], "waiting")
        else:
            assert (outcome["said"], outcome["active"], outcome["entry"]) == ("AlreadyBooked", ["offered"], "offered")


def test_who_leaves_while_being_offered_a_place_has_left(on_each):
    seen = on_each.play("leave_or_offer", 3, book=BOOK)
    assert seen["drifted"] == []
    for outcome in seen["outcomes"]:
        assert (outcome["said"], outcome["entry"], outcome["open"]) == ("left", "left", 0)


def test_one_person_joins_once(on_each):
    seen = on_each.play("join_at_once", PROCESSES, book=BOOK)
    assert len(set(seen["said"])) == 1 and seen["said"][0].isdigit()
    assert (seen["entries"], seen["mails"]) == (1, 1)


def test_one_attempt_an_hour_has_one_certificate(on_each):
    seen = on_each.play("attempt_at_once", PROCESSES, book=BOOK)
    assert Counter(seen["said"])[seen["said"][0]] == PROCESSES and seen["said"][0].startswith("G-")
    assert seen["mails"] == 1
