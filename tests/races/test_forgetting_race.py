"""Workers that forget the same people at the same moment: each once, and nobody who still waits."""

import pytest

pytestmark = pytest.mark.xdist_group("races")
PROCESSES = 5


def test_workers_who_forget_the_same_days_forget_whom_they_must_and_no_other(on_each):
    seen = on_each.play("two_workers", PROCESSES, book="forgetting_scenes")
    assert seen["said"][0] == "cancelled" and all(answer.isdigit() for answer in seen["said"][1:])
    # One of the six still waits for another date: their slot and their paper are kept with them.
    assert (seen["left"], seen["open"], seen["papers"]) == ([True], 1, 1) and seen["drifted"] == []
