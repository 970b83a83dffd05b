"""The delay to accept a place, by the clock of the office's wall: pure functions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.appointments import rules

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
FAR = timedelta(days=20)


def at(text, zone=PARIS):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def until(text, starts, zone=PARIS, lead=0):
    found = rules.accept_until(at(text, zone), at(starts, zone), zone=zone, lead_minutes=lead)
    return found and f"{found.astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "starts", "expected"),
    [
        ("2026-11-23 08:00", "2026-12-10 09:00", "2026-11-23 12:00"),
        ("2026-11-23 16:00", "2026-12-10 09:00", "2026-11-23 20:00"),
        ("2026-11-23 18:00", "2026-12-10 09:00", "2026-11-24 10:00"),  # the night does not count
        ("2026-11-23 19:59", "2026-12-10 09:00", "2026-11-24 11:59"),
        ("2026-11-23 20:00", "2026-12-10 09:00", None),  # nor is anybody woken
        ("2026-11-23 03:00", "2026-12-10 09:00", None),
        ("2026-11-23 10:00", "2026-11-23 14:10", "2026-11-23 12:00"),  # near: half of what is left before the form's time
        ("2026-11-23 19:00", "2026-11-24 09:10", "2026-11-23 20:00"),
        ("2026-11-23 10:00", "2026-11-23 11:10", "2026-11-23 10:30"),
        ("2026-11-23 10:00", "2026-11-23 11:09", None),  # under half an hour nobody is asked
        ("2026-11-23 10:00", "2026-11-23 09:00", None),
        ("2026-10-24 18:00", "2026-12-10 09:00", "2026-10-25 10:00"),  # clocks go back in the night
        ("2027-03-27 18:00", "2027-05-10 09:00", "2027-03-28 10:00"),  # and forward
    ],
)
def test_until_when(now, starts, expected):
    assert until(now, starts) == expected


def test_the_lead_time_comes_off():
    assert until("2026-11-23 10:00", "2026-11-23 14:10", lead=60) == "2026-11-23 11:30"


def test_day_and_night_are_those_of_the_office():
    assert until("2026-11-23 19:00", "2026-12-10 09:00", REUNION) == "2026-11-24 11:00"
    assert rules.by_day(at("2026-11-23 21:00", REUNION), REUNION) == at("2026-11-24 08:00", REUNION)
    assert rules.by_day(at("2026-11-23 05:00", REUNION), REUNION) == at("2026-11-23 08:00", REUNION)
    assert rules.by_day(at("2026-11-23 13:00"), PARIS) == at("2026-11-23 13:00")


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    wait=st.timedeltas(timedelta(), FAR),
    lead=st.sampled_from([0, 60, 1440]),
    zone=st.sampled_from([PARIS, REUNION, ZoneInfo("America/Cayenne"), ZoneInfo("Pacific/Noumea")]),
)
def test_whatever_the_moment_an_answer_is_by_day_in_time_and_worth_asking(now, wait, lead, zone):
    starts = now + wait
    found = rules.accept_until(now, starts, zone=zone, lead_minutes=lead)
    by_day = rules.by_day(now, zone)
    assert by_day >= now and rules.by_day(by_day, zone) == by_day
    if found is None:
        return
    wall = found.astimezone(zone)
    assert by_day == now and (8, 0) <= (wall.hour, wall.minute) <= (20, 0)
    assert found - now >= rules.ANSWER_AT_LEAST
    assert found <= starts - timedelta(minutes=lead) - rules.HOLD - rules.ANSWER_AT_LEAST
    assert found - now <= timedelta(hours=16)  # four hours, and a night at most


@pytest.mark.parametrize(
    ("before", "order"),
    [
        (0, (0, 10)),
        (9, (0, 10)),
        (10, (10, 50)),
        (199, (50, 200)),
        (999, (200, 1000)),
        (1000, (1000, None)),
        (9999, (1000, None)),
    ],
)
def test_an_order_of_magnitude(before, order):
    assert rules.order_of(before) == order
