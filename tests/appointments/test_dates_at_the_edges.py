"""Days on which reckoning goes wrong: the 29th of February, the 1st of May, both changes of clocks, the new year, week 53."""

from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from guichet.appointments import releases
from guichet.appointments.agendas import public_holidays
from guichet.appointments.agendas.planning import Hours, Rules, planned, slots_of
from guichet.web.booking.words import week_of
from tests.appointments.world import utc

PARIS = ZoneInfo("Europe/Paris")
ROLLING = {"rule": "rolling", "days": 14, "at": "09:00"}
WEEKLY = {"rule": "weekly", "weekday": 0, "at": "09:00"}
EVERY_DAY = tuple(Hours(weekday, time(9), time(11)) for weekday in range(7))


def rules(release=ROLLING, zone=PARIS, hours=EVERY_DAY, **changes):
    return Rules(zone=zone, slot_minutes=60, desks=1, release=releases.parse(release), hours=hours, **changes)


def holidays(department, worked=()):
    return lambda day: public_holidays.is_holiday(day, department, worked)


def days_made(made, zone=PARIS):
    return sorted({one.starts_at.astimezone(zone).date() for one in made.values()})


# February --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "last"), [(2027, 28), (2028, 29)])
def test_february_has_the_slots_of_its_own_last_day(year, last):
    made = planned(rules(), date(year, 2, 27), date(year, 3, 1))
    assert days_made(made) == [date(year, 2, day) for day in range(27, last + 1)] + [date(year, 3, 1)]


def test_the_29th_of_february_is_released_and_releases_like_any_day():
    leap = date(2028, 2, 29)
    assert next(slots_of(rules(), leap)).released_at == utc(2028, 2, 15, 8)
    assert next(slots_of(rules(), leap + timedelta(days=14))).released_at == utc(2028, 2, 29, 8)
    assert rules(WEEKLY).release.reaches(leap) == date(2028, 3, 19)


def test_a_year_of_days_before_counts_the_29th_of_february():
    year = rules({"rule": "rolling", "days": 366, "at": "09:00"})
    assert next(slots_of(year, date(2029, 2, 28))).released_at == utc(2028, 2, 28, 8)


# The 1st of May and the other holidays ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("department", ["42", "67", "974", "988"])
def test_nobody_is_received_on_the_1st_of_may_whatever_an_agenda_says(department):
    everything = public_holidays.known(department, 2027) | {"05-01"}
    closed = rules(is_holiday=holidays(department, everything))
    assert days_made(planned(closed, date(2027, 4, 30), date(2027, 5, 2))) == [date(2027, 4, 30), date(2027, 5, 2)]


def test_a_holiday_that_is_worked_is_so_every_year_whichever_day_it_falls_on():
    for year, monday in ((2026, date(2026, 4, 6)), (2027, date(2027, 3, 29)), (2028, date(2028, 4, 17))):
        assert public_holidays.is_holiday(monday, "42") and not public_holidays.is_holiday(monday, "42", ["easter+1"]), year
        assert public_holidays.is_holiday(date(year, 7, 14), "42", ["easter+1"])


def test_two_holidays_on_one_day_are_both_to_be_worked():
    """Ascension fell on the 8th of May in 1997, and will in 2059; on the 1st in 2008."""
    both = date(2059, 5, 8)
    assert public_holidays.keys_of(both, "42") == {"05-08", "easter+39"}
    assert public_holidays.is_holiday(both, "42", ["05-08"]) and not public_holidays.is_holiday(
        both, "42", ["05-08", "easter+39"]
    )
    assert public_holidays.is_holiday(date(2008, 5, 1), "42", ["easter+39", "05-01"])


@pytest.mark.parametrize(
    ("department", "own"),
    [
        ("57", {date(2027, 3, 26), date(2027, 12, 26)}),  # Good Friday, Saint Stephen
        ("67", {date(2027, 3, 26), date(2027, 12, 26)}),
        ("68", {date(2027, 3, 26), date(2027, 12, 26)}),
        ("42", set()),
        ("2A", set()),
        ("971", {date(2027, 3, 4), date(2027, 3, 26), date(2027, 5, 27), date(2027, 7, 21)}),
        ("972", {date(2027, 5, 22), date(2027, 7, 21)}),
        ("973", {date(2027, 6, 10)}),
        ("974", {date(2027, 12, 20)}),
        ("975", set()),
        ("976", {date(2027, 4, 27)}),
        ("977", {date(2027, 10, 9)}),
        ("978", {date(2027, 5, 28), date(2027, 7, 21)}),
    ],
)
def test_each_department_has_its_own_besides_those_of_all(department, own):
    mine = {one.day for one in public_holidays.ahead(department, date(2027, 1, 1))}
    everywhere = {one.day for one in public_holidays.ahead("42", date(2027, 1, 1))}
    assert mine == everywhere | own and len(everywhere) == 11


def test_what_the_labour_code_does_not_list_is_said_to_be_a_usage():
    by_usage = {one.key for one in public_holidays.ahead("971", date(2027, 1, 1)) if one.by_usage}
    assert by_usage == {"easter-24", "easter-2", "07-21"}
    assert not any(one.by_usage for one in public_holidays.ahead("974", date(2027, 1, 1)))


def test_a_year_ahead_has_each_holiday_once_in_the_language_of_the_page():
    with translation.override("en"):
        found = public_holidays.ahead("42", date(2026, 11, 23))
    assert [one.key for one in found][:3] == ["12-25", "01-01", "easter+1"] and len({one.key for one in found}) == 11
    assert "Christmas" in found[0].name
    with translation.override("fr"):
        assert public_holidays.ahead("42", date(2026, 11, 23))[0].name == "Noël"


def test_easter_is_found_for_as_long_as_agendas_will_be():
    for year in range(2024, 2080):
        assert public_holidays.keys_of(public_holidays._easter_monday(year), "42") >= {"easter+1"}


# Clocks that change: 28 March 2027, 25 October 2026 --------------------------------------------------------------------------


def test_the_days_around_both_changes_have_as_many_slots_as_others():
    for day in (date(2027, 3, 28), date(2026, 10, 25)):
        for offset in (-1, 0, 1):
            assert len(list(slots_of(rules(), day + timedelta(days=offset)))) == 2


def test_a_release_at_an_hour_that_no_wall_shows_is_when_the_clocks_change():
    early = rules({"rule": "rolling", "days": 7, "at": "02:30"})
    assert next(slots_of(early, date(2027, 4, 4))).released_at == utc(2027, 3, 28, 1, 30)
    assert next(slots_of(early, date(2026, 11, 1))).released_at == utc(2026, 10, 25, 0, 30)  # the first of the two


def test_reserved_places_return_so_many_hours_before_not_so_many_on_the_wall():
    hours = tuple(Hours(day, time(9), time(10), 1, "associations", 24) for day in range(7))
    for day, before in ((date(2027, 3, 28), utc(2027, 3, 27, 7)), (date(2026, 10, 25), utc(2026, 10, 24, 8))):
        (one,) = slots_of(rules(hours=hours), day)
        assert one.returns_at == before == one.starts_at - timedelta(hours=24)


def test_slots_of_a_whole_night_never_overlap_when_clocks_change():
    hours = tuple(Hours(day, time(0), time(6)) for day in range(7))
    for day, count in ((date(2027, 3, 28), 5), (date(2026, 10, 25), 6)):
        night = list(slots_of(rules(hours=hours), day))
        assert len(night) == count and all(later.starts_at >= one.ends_at for one, later in pairwise(night))


# The new year, week 53 -------------------------------------------------------------------------------------------------------


def test_week_53_is_one_week_released_at_once():
    monday = date(2026, 12, 28)
    assert monday.isocalendar()[:2] == (2026, 53)
    made = planned(rules(WEEKLY), monday, monday + timedelta(days=6))
    assert {one.released_at for one in made.values()} == {utc(2026, 12, 21, 8)}
    assert days_made(made)[-1] == date(2027, 1, 3)
    first = next(slots_of(rules(WEEKLY), date(2027, 1, 4)))
    assert first.released_at == utc(2026, 12, 28, 8)


def test_the_address_of_week_53_is_that_of_its_monday():
    for day in (date(2026, 12, 28), date(2027, 1, 1), date(2027, 1, 3)):
        (one,) = [next(slots_of(rules(), day))]
        assert week_of(one.starts_at.astimezone(PARIS)) == "2026-W53"
    assert date.fromisocalendar(2026, 53, 1) == date(2026, 12, 28)


def test_the_new_year_closes_its_first_day_only():
    closed = rules(is_holiday=holidays("42"))
    made = planned(closed, date(2026, 12, 31), date(2027, 1, 2))
    assert days_made(made) == [date(2026, 12, 31), date(2027, 1, 2)]
    worked = rules(is_holiday=holidays("42", ["01-01"]))
    assert len(days_made(planned(worked, date(2026, 12, 31), date(2027, 1, 2)))) == 3


def test_a_closure_over_the_new_year_has_both_its_days():
    closed = rules(closures=((date(2026, 12, 31), date(2027, 1, 1)),))
    assert days_made(planned(closed, date(2026, 12, 30), date(2027, 1, 2))) == [date(2026, 12, 30), date(2027, 1, 2)]


@pytest.mark.parametrize("zone", ["Pacific/Noumea", "America/Miquelon", "Indian/Reunion", "Pacific/Tahiti"])
def test_the_first_day_of_the_year_begins_on_the_wall_of_the_office(zone):
    wall = ZoneInfo(zone)
    made = planned(rules(zone=wall), date(2027, 1, 1), date(2027, 1, 1))
    assert days_made(made, wall) == [date(2027, 1, 1)] and len(made) == 2
