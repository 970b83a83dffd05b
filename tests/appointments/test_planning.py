"""From rules to slots: hours of the wall, the two days when clocks change, holidays, closures, releases."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.appointments import releases, rules
from guichet.appointments.agendas import public_holidays
from guichet.appointments.agendas.planning import Hours, Planned, Rules, busiest, overlap, planned, slots_of
from tests.appointments.world import utc

PARIS = ZoneInfo("Europe/Paris")
NIGHT = tuple(Hours(weekday, time(0), time(6)) for weekday in range(7))
ROLLING = releases.parse({"rule": "rolling", "days": 14, "at": "09:00"})


def written(**changes):
    fields = {"zone": PARIS, "slot_minutes": 30, "desks": 1, "release": ROLLING, "hours": NIGHT, **changes}
    return Rules(**fields)


def walls(made, zone=PARIS):
    return [one.starts_at.astimezone(zone).strftime("%H:%M") for one in made]


def test_no_slot_falls_in_the_hour_that_does_not_exist():
    night = walls(slots_of(written(), date(2027, 3, 28)))
    assert night[:6] == ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30"]
    assert not [hour for hour in night if hour.startswith("02")]


def test_no_slot_is_made_twice_in_the_hour_that_comes_twice():
    night = list(slots_of(written(), date(2026, 10, 25)))
    assert walls(night) == [f"{hour:02}:{minute:02}" for hour in range(6) for minute in (0, 30)]
    assert all(later.starts_at >= one.ends_at for one, later in pairwise(night))
    by_wall = dict(zip(walls(night), night, strict=True))
    assert by_wall["02:30"].starts_at == utc(2026, 10, 25, 0, 30)  # the first of the two
    assert by_wall["03:00"].starts_at == utc(2026, 10, 25, 2)


def test_nine_o_clock_is_nine_on_the_wall_in_summer_and_in_winter():
    hours = (Hours(0, time(9), time(10)),)
    for day, hour in ((date(2027, 3, 22), 8), (date(2027, 3, 29), 7)):
        assert next(slots_of(written(hours=hours), day)).starts_at.hour == hour


def test_an_office_overseas_has_its_own_clock():
    zone = ZoneInfo("Indian/Reunion")
    first = next(slots_of(written(zone=zone, hours=(Hours(0, time(9), time(12)),)), date(2027, 1, 4)))
    assert first.starts_at == utc(2027, 1, 4, 5)


def test_a_slot_ends_before_the_desk_closes():
    hours = (Hours(0, time(9), time(10, 10)),)
    assert walls(slots_of(written(hours=hours), date(2027, 1, 4))) == ["09:00", "09:30"]


def test_capacity_is_the_desks_and_a_share_may_be_reserved():
    hours = (
        Hours(0, time(9), time(10), desks=3),
        Hours(0, time(9), time(10), desks=1, pool="associations"),
        Hours(0, time(10), time(11)),
    )
    made = planned(written(hours=hours, slot_minutes=60, desks=5), date(2027, 1, 4), date(2027, 1, 4))
    assert sorted((one.pool, one.capacity) for one in made.values()) == [("associations", 1), ("public", 3), ("public", 5)]


def test_closed_days_and_public_holidays_have_no_slot():
    closed = written(
        closures=((date(2027, 1, 4), date(2027, 1, 5)),), is_holiday=lambda day: public_holidays.is_holiday(day, "42")
    )
    days = {one.starts_at.astimezone(PARIS).date() for one in planned(closed, date(2026, 12, 31), date(2027, 1, 7)).values()}
    assert days == {date(2026, 12, 31), date(2027, 1, 2), date(2027, 1, 3), date(2027, 1, 6), date(2027, 1, 7)}


@pytest.mark.parametrize(
    ("day", "department", "closed"),
    [
        (date(2027, 7, 14), "42", True),
        (date(2027, 3, 29), "42", True),  # Easter Monday
        (date(2027, 12, 20), "974", True),  # the abolition of slavery, in La Réunion only
        (date(2027, 12, 20), "42", False),
        (date(2027, 12, 26), "67", True),
        (date(2027, 12, 26), "69", False),
        (date(2027, 12, 26), "57", True),
    ],
)
def test_holidays_are_those_of_the_place(day, department, closed):
    assert public_holidays.is_holiday(day, department) is closed


def test_every_place_with_holidays_of_its_own_is_known_to_the_library():
    from holidays import country_holidays

    for department in public_holidays.LOCAL:
        assert country_holidays("FR", subdiv=public_holidays.LOCAL[department], years=2027)


# Releases -------------------------------------------------------------------------------------------------------------------


def test_weekly_opens_the_week_after_at_once():
    weekly = releases.parse({"rule": "weekly", "weekday": 0, "at": "09:00"})
    days = [date(2027, 1, 11) + timedelta(days=offset) for offset in range(7)]
    assert {releases.released_at(weekly, day, PARIS) for day in days} == {utc(2027, 1, 4, 8)}
    assert releases.released_at(weekly, date(2027, 1, 18), PARIS) == utc(2027, 1, 11, 8)
    assert weekly.reaches(date(2027, 1, 6)) == date(2027, 1, 24)


def test_weekly_may_open_further_ahead_and_another_day():
    weekly = releases.parse({"rule": "weekly", "weekday": 3, "at": "18:30", "weeks": 2})
    assert releases.released_at(weekly, date(2027, 7, 14), PARIS) == utc(2027, 7, 1, 16, 30)


def test_rolling_opens_day_by_day():
    assert releases.released_at(ROLLING, date(2027, 1, 20), PARIS) == utc(2027, 1, 6, 8)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"rule": "never"},
        {"rule": "rolling", "at": "09:00"},
        {"rule": "rolling", "days": True, "at": "09:00"},
        {"rule": "rolling", "days": 5, "at": "noon"},
        {"rule": "weekly", "weekday": 7, "at": "09:00"},
        {"rule": "weekly", "weekday": 0},
        {"rule": "weekly", "weekday": 0, "at": "09:00", "weeks": 0},
    ],
)
def test_what_is_no_rule_is_refused(wrong):
    with pytest.raises(releases.NotARule):
        releases.parse(wrong)


@given(
    day=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    kind=st.sampled_from(
        [
            {"rule": "rolling", "days": 9, "at": "02:30"},
            {"rule": "weekly", "weekday": 6, "at": "02:30"},
            {"rule": "weekly", "weekday": 0, "at": "09:00"},
        ]
    ),
    zone=st.sampled_from(["Europe/Paris", "America/Cayenne", "Pacific/Noumea", "America/Miquelon"]),
    minutes=st.integers(5, 180),
)
def test_every_slot_is_released_before_it_begins_and_made_before_it_is_released(day, kind, zone, minutes):
    rule = releases.parse(kind)
    made = list(slots_of(written(zone=ZoneInfo(zone), release=rule, slot_minutes=minutes), day))
    assert made
    for one in made:
        assert one.released_at < one.starts_at
        assert rule.reaches(one.released_at.astimezone(ZoneInfo(zone)).date()) >= day
    starts = [one.starts_at for one in made]
    assert starts == sorted(set(starts))


def test_the_busiest_moment_counts_all_pools_and_nobody_twice():
    def slot(hour, places, pool="public", minutes=30):
        starts_at = utc(2026, 11, 23, hour)
        return Planned(pool, starts_at, starts_at + timedelta(minutes=minutes), places, starts_at)

    assert busiest([]) is None
    one_after_another = [slot(9, 2, minutes=60), slot(10, 2)]
    assert busiest(one_after_another) == (utc(2026, 11, 23, 9), 2)
    shared = [*one_after_another, slot(10, 1, "associations")]
    assert busiest(shared) == (utc(2026, 11, 23, 10), 3)
    assert busiest([slot(9, 1, "officers", minutes=90), *shared]) == (utc(2026, 11, 23, 10), 4)


def test_two_openings_of_a_day_that_overlap_are_seen():
    one, other = Hours(0, time(9), time(12)), Hours(0, time(11), time(14))
    assert overlap([other, one]) == (one, other)
    assert (
        overlap([one, Hours(0, time(12), time(14)), Hours(1, time(9), time(12)), Hours(0, time(9), time(12), pool="x")]) is None
    )


# Delays ---------------------------------------------------------------------------------------------------------------------


def test_the_window_opens_so_many_months_before_the_end():
    assert rules.window_opens_on(date(2027, 4, 30), 2) == date(2027, 2, 28)


@given(
    away=st.timedeltas(timedelta(), timedelta(days=40)),
    lead=st.integers(0, 3000),
    of_a_hold=st.booleans(),
)
def test_a_place_comes_back_in_time_for_somebody(away, lead, of_a_hold):
    now = utc(2027, 1, 4, 8)
    least, most = rules.seconds_to_return(now, now + away, lead_minutes=lead, of_a_hold=of_a_hold)
    assert 0 <= least <= most <= 24 * 3600
    if most:
        back = now + timedelta(seconds=most)
        assert rules.first_start(back, lead_minutes=lead, confirmation_minutes=2880) <= now + away


def test_confirmation_ends_at_the_lead_time():
    now, start = utc(2027, 1, 4, 8), utc(2027, 1, 5, 8)
    assert rules.confirm_until(now, start, lead_minutes=60, confirmation_minutes=2880) == datetime(
        2027, 1, 5, 7, tzinfo=start.tzinfo
    )
    assert rules.confirm_until(now, start, lead_minutes=60, confirmation_minutes=30) == now + timedelta(minutes=30)
