"""Processes that deposit, save and give files at the same moment: one application, and nothing lost unseen."""

import pytest

pytestmark = pytest.mark.xdist_group("races")  # the processes and the templates of databases are enough for one worker

PROCESSES = 8


def test_a_double_deposit_in_parallel_processes_makes_one_application(on_each):
    seen = on_each.play("double_deposit", PROCESSES)
    assert set(seen["said"]) == {seen["number"]}
    assert len(seen["said"]) == PROCESSES
    assert len(seen["number"]) == 19
    assert seen["state"] == "deposited"
    assert (seen["snapshots"], seen["mails"], seen["receipts"], seen["deposits"]) == (1, 1, 1, 1)


@pytest.mark.postgresql
def test_without_the_lock_the_same_race_is_lost(on_postgresql):
    """The negative control: were the lock not needed, this would pass like the test above."""
    seen = on_postgresql.play("double_deposit_without_the_lock", PROCESSES)
    assert set(seen["said"]) != {seen["number"]}


def test_deposits_at_the_same_office_at_the_same_moment_have_each_their_number(on_each):
    said = on_each.play("deposits_of_one_office", PROCESSES)["said"]
    assert len(set(said)) == PROCESSES
    assert all(len(number) == 19 and number.isdigit() for number in said)
    assert len({number[:12] for number in said}) == 1


@pytest.mark.parametrize("first_time", ["yes", "no"])
def test_tabs_that_save_the_same_section_know_of_each_other(on_each, first_time):
    seen = on_each.play("two_tabs", PROCESSES, first_time)
    assert seen["said"].count("saved") == 1
    winner = seen["said"].index("saved")
    assert seen["kept"] == f"tab {winner}"
    losers = [said for index, said in enumerate(seen["said"]) if index != winner]
    mine = {f"conflict with tab {winner}, mine was tab {index}" for index in range(PROCESSES) if index != winner}
    assert set(losers) == mine


def test_a_document_never_takes_more_files_than_its_limit(on_each):
    seen = on_each.play("files_for_one_document", PROCESSES)
    assert sorted(seen["said"]) == ["refused"] * (PROCESSES - 3) + ["taken"] * 3
    assert seen["positions"] == [0, 1, 2]


def test_a_draft_deposited_in_one_window_and_abandoned_in_another_ends_one_way(on_each):
    for outcome in on_each.play("deposit_or_abandon", 6)["outcomes"]:
        if outcome["state"] == "deposited":
            assert outcome["said"] == ["deposited", "MoveRefused"]
            assert outcome["answers"] and outcome["mails"] == 1
        else:
            assert outcome["state"] == "abandoned"
            assert outcome["said"] == ["NotADraft", "abandoned"]
            assert (outcome["answers"], outcome["mails"], outcome["snapshots"]) == (0, 0, 0)


def test_a_double_click_on_start_in_parallel_processes_makes_one_draft(on_each):
    seen = on_each.play("double_start", PROCESSES)
    assert len(seen["drafts"]) == 1
    assert set(seen["said"]) == set(seen["drafts"])
