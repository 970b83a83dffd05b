"""Delays of the instruction: Paris days, counted as people count them."""

from datetime import date

import pytest

from guichet.instruction import terms

TODAY = date(2026, 11, 23)
BEFORE, SAME, AFTER = date(2026, 11, 22), TODAY, date(2026, 11, 24)


def test_thirty_days_run_from_the_day_of_opening():
    assert terms.complement_due_on(date(2026, 1, 31)) == date(2026, 3, 2)


@pytest.mark.parametrize(("due_on", "past"), [(BEFORE, True), (SAME, False), (AFTER, False), (None, False)])
def test_the_last_day_still_counts(due_on, past):
    assert terms.is_past(due_on, TODAY) is past


@pytest.mark.parametrize(
    ("closing", "may"),
    [
        (None, False),  # nothing was ever asked
        (terms.Closing(answered=False, due_on=None, still_rejected=False), False),  # never opened: no delay ever ran
        (terms.Closing(answered=False, due_on=AFTER, still_rejected=False), False),  # still time
        (terms.Closing(answered=False, due_on=SAME, still_rejected=False), False),  # the last day
        (terms.Closing(answered=False, due_on=BEFORE, still_rejected=False), True),
        (terms.Closing(answered=True, due_on=BEFORE, still_rejected=False), False),  # answered, and nothing rejected
        (terms.Closing(answered=True, due_on=BEFORE, still_rejected=True), True),
        (terms.Closing(answered=True, due_on=AFTER, still_rejected=True), False),  # ask again rather
    ],
)
def test_closing_needs_a_delay_that_ran_and_documents_that_lack(closing, may):
    assert terms.may_close_incomplete(closing, TODAY) is may


def test_reopening_is_possible_for_thirty_days():
    assert terms.may_reopen(date(2026, 10, 24), TODAY)
    assert not terms.may_reopen(date(2026, 10, 23), TODAY)
