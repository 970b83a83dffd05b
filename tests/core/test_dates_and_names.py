"""Birth dates as people know them, names as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core import clock
from guichet.core.dates import PartialDate, add_years, years_between
from guichet.core.identifiers import comparable, digits, hash_token, new_token


@pytest.mark.parametrize(
    ("text", "assumed"), [("2007", (2007, 1, 1)), ("2007-05", (2007, 5, 1)), ("2007-05-12", (2007, 5, 12))]
)
def test_an_unknown_day_or_month_counts_as_the_first(text, assumed):
    partial = PartialDate.parse(text)
    assert partial.assumed() == date(*assumed)
    assert str(partial) == text


@pytest.mark.parametrize("text", ["2007-13", "2007-02-30", "2007-00-12", "x", "2007-1-1-1"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        PartialDate.parse(text)


def test_a_year_is_completed_on_the_birthday_itself():
    assert years_between(date(2008, 11, 23), date(2026, 11, 22)) == 17
    assert years_between(date(2008, 11, 23), date(2026, 11, 23)) == 18


def test_someone_born_on_29_february_has_a_birthday_every_year():
    assert add_years(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert years_between(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert years_between(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_the_date_reached_after_n_years_is_the_first_day_of_that_age(born, years):
    reached = add_years(born, years)
    assert years_between(born, reached) == years
    if years:
        assert years_between(born, reached - timedelta(days=1)) == years - 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DIALLO", "diallo"),
        ("N'Guyen-Lê", "nguyen le"),
        ("Céline", "CELINE"),
        ("Œuvrard", "oeuvrard"),
        ("  Da   Silva ", "DASILVA"),
        ("Đặng", "đặng"),
        ("Straße", "STRASSE"),
    ],
)
def test_case_accents_hyphens_and_spaces_are_forgiven(one, other):
    assert comparable(one) == comparable(other)


def test_different_names_stay_different():
    assert comparable("SILVA") != comparable("DA SILVA")
    assert comparable("محمد") != comparable("أحمد")


def test_the_digits_of_a_number_are_found_whatever_is_between_them():
    assert digits(" 59 08.002-010 ") == "5908002010"
    assert digits("５９٠٨") == "5908"


def test_a_token_is_kept_hashed_only():
    raw, hashed = new_token()
    assert hash_token(raw) == hashed
    assert raw not in hashed
    assert len(raw) >= 43


def test_a_paris_day_changes_at_paris_midnight_in_summer_and_in_winter():
    assert clock.paris_date(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert clock.paris_date(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == date(2026, 12, 1)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 23)])
def test_the_end_of_a_paris_day_is_the_first_instant_of_the_next(day):
    end = clock.end_of_paris_day(day)
    assert clock.paris_date(end) == day + timedelta(days=1)
    assert clock.paris_date(end - timedelta(microseconds=1)) == day
