"""``kill -9`` around each statement, commit and write of a deposit: all of it happened, or none."""

import pytest

pytestmark = pytest.mark.xdist_group("races")


def test_a_process_killed_at_any_point_of_a_deposit_leaves_a_draft_or_one_whole_application(on_each):
    seen = on_each.play("kill_at_every_point")
    assert seen["wrong"] == []
    assert seen["points"] > 60  # around every statement, commit and file: many deaths were tried
    assert seen["before"] > 30 and seen["after"] >= 1  # on both sides of the commit
    # Each receipt reads; each mail left, once, with it.
    assert seen["applications"] == seen["after"] + 1
    assert seen["left"] == seen["readable"] == seen["applications"]
    assert seen["mails_sent"] == seen["applications"]


def test_a_deposit_that_sent_its_mail_after_the_commit_would_be_caught(on_sqlite):
    """The negative control of the test above."""
    wrong = on_sqlite.play("kill_with_the_mail_after_the_commit")["wrong"]
    assert [(fault["state"], fault["mails"]) for fault in wrong if "state" in fault] == [("deposited", 0)]
