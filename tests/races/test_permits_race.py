"""Workers, the person, officers and the decision at the same moment: one certificate, and none that outlives its end."""

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 6
BOOK = "permit_scenes"
ONCE = {"certificates": 1, "documents": 1, "mails": 1, "events": 1}


def test_several_workers_issue_one_certificate(on_each):
    seen = on_each.play("workers_at_once", PROCESSES, book=BOOK)
    assert sorted(seen["said"]) == ["0"] * (PROCESSES - 1) + ["1"]
    assert {name: seen[name] for name in ONCE} == ONCE


@pytest.mark.postgresql
def test_without_the_lock_the_same_race_is_seen(on_postgresql):
    """The negative control: only the constraint of the table saves us, and somebody meets it."""
    seen = on_postgresql.play("workers_without_the_lock", PROCESSES, book=BOOK)
    assert "IntegrityError" in seen["said"]
    assert seen["certificates"] == 1


def test_a_click_while_workers_issue_is_one_certificate(on_each):
    seen = on_each.play("person_and_worker", PROCESSES, book=BOOK)
    assert {name: seen[name] for name in ONCE} == ONCE
    assert [said for place, said in enumerate(seen["said"]) if place % 2] == ["1"] * (PROCESSES // 2)


def test_nothing_outlives_a_decision(on_each):
    for outcome in on_each.play("decision_and_worker", 4, book=BOOK)["outcomes"]:
        assert outcome["said"][0] == "ended"
        assert outcome["live"] == 0 and outcome["certificates"] <= 1


def test_nothing_outlives_an_officer_s_stop(on_each):
    for outcome in on_each.play("stop_and_worker", 4, book=BOOK)["outcomes"]:
        assert outcome["said"][0].startswith("stopped")
        assert outcome["live"] == 0
