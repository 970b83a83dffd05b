"""When certificates begin and end: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.permits import names, rules

DEPOSIT = date(2026, 3, 10)
DAYS = st.dates(date(2020, 1, 1), date(2050, 1, 1))
LASTS = st.sampled_from(["3 months", "6 months", "1 month", "90 days"])


@pytest.mark.parametrize(
    ("at_once", "permit_until", "elsewhere_until", "expected"),
    [
        (True, None, None, DEPOSIT),
        (True, date(2026, 5, 1), None, DEPOSIT),
        (False, date(2026, 5, 1), None, date(2026, 5, 2)),
        (False, DEPOSIT, None, date(2026, 3, 11)),  # filed on the last day
        (False, date(2026, 3, 9), None, None),  # the day before: too late, an officer decides
        (False, None, None, None),
        (True, None, date(2026, 3, 20), date(2026, 3, 21)),
        (False, date(2026, 1, 1), date(2026, 3, 20), date(2026, 3, 21)),  # the paper from elsewhere keeps the rights
        (True, None, date(2026, 3, 9), DEPOSIT),  # over already: it is as if there were none
    ],
)
def test_the_first_day_to_cover(at_once, permit_until, elsewhere_until, expected):
    found = rules.covers_from(DEPOSIT, at_once=at_once, permit_until=permit_until, elsewhere_until=elsewhere_until)
    assert found == expected


@pytest.mark.parametrize(
    ("first", "lasts", "last"),
    [
        (date(2026, 1, 16), "3 months", date(2026, 4, 15)),
        (date(2026, 11, 30), "3 months", date(2027, 2, 27)),
        (date(2028, 2, 29), "6 months", date(2028, 8, 28)),
        (date(2026, 1, 1), "90 days", date(2026, 3, 31)),
    ],
)
def test_the_last_day(first, lasts, last):
    assert rules.last_day(first, lasts) == last


@given(first=DAYS, lasts=LASTS, links=st.integers(1, 12))
def test_a_chain_leaves_no_day_out_and_covers_none_twice(first, lasts, links):
    periods, starts = [], first
    for _each in range(links):
        ends = rules.last_day(starts, lasts)
        periods.append((starts, ends))
        starts = ends + timedelta(days=1)
    assert rules.days_without_proof(periods, first, periods[-1][1]) == []
    assert sum((ends - begins).days + 1 for begins, ends in periods) == (periods[-1][1] - first).days + 1


@given(first=DAYS, lasts=LASTS)
def test_no_certificate_lasts_longer_than_said_nor_is_issued_late(first, lasts):
    ends = rules.last_day(first, lasts)
    assert first < ends
    assert ends - rules.issued_from(ends + timedelta(days=1)) >= timedelta(days=14)  # 15 days before the next one begins
    if lasts == "3 months":
        assert (ends - first).days <= 92


@given(deposit=DAYS, permit=st.none() | DAYS, elsewhere=st.none() | DAYS, at_once=st.booleans())
def test_nothing_begins_before_the_deposit_nor_over_a_paper_that_still_stands(deposit, permit, elsewhere, at_once):
    found = rules.covers_from(deposit, at_once=at_once, permit_until=permit, elsewhere_until=elsewhere)
    if found is None:
        assert not at_once
        assert permit is None or permit < deposit
        assert elsewhere is None or elsewhere < deposit
    else:
        assert found >= deposit


@given(starts=DAYS)
def test_one_may_always_ask_before_it_is_issued_by_itself(starts):
    assert rules.may_ask(starts, rules.issued_from(starts))
    assert not rules.may_ask(starts, starts - timedelta(days=31))


def test_the_gaps_are_seen():
    periods = [(date(2026, 1, 1), date(2026, 1, 5)), (date(2026, 1, 7), date(2026, 1, 9))]
    assert rules.days_without_proof(periods, date(2026, 1, 1), date(2026, 1, 10)) == [date(2026, 1, 6), date(2026, 1, 10)]


def test_the_name_is_that_of_the_day():
    assert names.name_on(date(2026, 9, 1)).short == "API"
    assert names.name_on(date(2021, 4, 30)).short == "ADP"
    assert names.name_on(date(1990, 1, 1)) is names.NAMES[0]


def test_names_follow_each_other():
    days = [name.since for name in names.NAMES]
    assert days == sorted(set(days))
