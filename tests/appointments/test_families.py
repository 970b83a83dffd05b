"""People of one household who come together: their places, side by side, all or nothing; the grid."""

import uuid
from datetime import timedelta
from itertools import pairwise

import pytest

from guichet.appointments import actions, due, queries
from guichet.appointments.bookings.side_by_side import beginnings, seats
from guichet.appointments.errors import AlreadyBooked, Full, NotReleased, TooManyPeople
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from tests.appointments import world
from tests.appointments.households import hold, states, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, party_max=4)


# Which places ----------------------------------------------------------------------------------------------------------------


def test_all_are_received_in_one_slot_when_they_fit(agenda):
    slots = world.a_row(agenda, 3, 3)
    assert [one.pk for one in seats(slots, 3)] == [slots[0].pk] * 3


def test_else_the_next_slots_receive_the_others(agenda):
    slots = world.a_row(agenda, 2, 1, 2)
    assert [one.pk for one in seats(slots, 4)] == [slots[0].pk, slots[0].pk, slots[1].pk, slots[2].pk]


def test_a_full_slot_or_a_pause_between_is_not_side_by_side(agenda):
    full = world.a_row(agenda, 1, 0, 2)
    pause = [*world.a_row(agenda, 1, days=6), *world.a_row(agenda, 2, days=7)]
    assert seats(full, 2) == [] and seats(pause, 2) == [] and seats([], 1) == []


def test_beginnings_are_those_of_one_agenda(agenda):
    """Two agendas that take turns are not side by side for a family."""
    other = world.an_empty_agenda(office=agenda.office, slug="other")
    one, two, three = world.a_row(agenda, 1, 1, 1)
    Slot.objects.filter(pk=two.pk).update(agenda=other)
    two.refresh_from_db()
    assert list(beginnings([one, two, three], 2)) == []
    assert [found[0].pk for found in beginnings([one, two, three], 1)] == [one.pk, two.pk, three.pk]


# Taking them -----------------------------------------------------------------------------------------------------------------


def test_places_are_held_together_each_on_a_row_of_its_own(agenda, type):
    slots = world.a_row(agenda, 2, 2)
    held = hold(type, slots[0], 3)
    rows = queries.party_of(held)
    assert [row.slot_id for row in rows] == [slots[0].pk, slots[0].pk, slots[1].pk]
    assert {row.party_id for row in rows} == {held.pk} and rows[0].pk == held.pk
    assert len({row.person_key for row in rows}) == 3 and len({row.held_until for row in rows}) == 1
    assert taken(*slots) == [2, 1]
    assert queries.hold_of("browser").pk == held.pk


def test_all_or_nothing(agenda, type):
    first, second = world.a_row(agenda, 2, 1)
    world.claim(type, second)
    with pytest.raises(Full):
        hold(type, first, 3)
    assert taken(first, second) == [0, 1]
    assert not Booking.objects.filter(party__isnull=False).exists()


def test_a_place_lost_while_taking_gives_the_others_back(agenda, type, monkeypatch):
    """What was read a moment ago decides nothing: the statement does."""
    first, second = world.a_row(agenda, 1, 1)
    seen = [first, second]
    world.claim(type, second)
    monkeypatch.setattr("guichet.appointments.bookings.families._seats", lambda wish, now: seen)
    with pytest.raises(Full):
        hold(type, first, 2)
    assert taken(first, second) == [0, 1] and Booking.objects.count() == 1


def test_the_nearest_beginnings_are_those_where_all_fit(agenda, type):
    alone, other, *wide = world.a_row(agenda, 1, 0, 2, 2)
    with pytest.raises(Full) as refused:
        hold(type, alone, 3)
    assert [slot.pk for slot in refused.value.nearest] == [wide[0].pk]
    assert other.pk not in [slot.pk for slot in queries.nearest_free(type, None, party=2)]
    assert queries.first_free(type, party=3).pk == wide[0].pk
    assert queries.first_free(type, party=5) is None


@pytest.mark.parametrize("count", [0, -1, 5, 6])
def test_no_more_than_the_type_receives(agenda, type, count):
    with pytest.raises(TooManyPeople):
        hold(type, world.a_row(agenda, 6)[0], count)
    assert not Booking.objects.exists()


def test_a_type_that_receives_each_alone_holds_no_family(agenda):
    with pytest.raises(TooManyPeople):
        hold(world.a_type(agenda), world.a_row(agenda, 2)[0], 2)


def test_nothing_before_its_release(agenda, type):
    slot = world.a_slot(agenda, capacity=4, released_at=clock.now() + timedelta(hours=1))
    with pytest.raises(NotReleased):
        hold(type, slot, 2)


def test_a_slot_that_opens_later_is_no_place_beside(agenda, type):
    first, second = world.a_row(agenda, 1, 1)
    Slot.objects.filter(pk=second.pk).update(released_at=clock.now() + timedelta(hours=1))
    with pytest.raises(Full):
        hold(type, first, 2)


def test_the_same_form_twice_is_one_family(agenda, type):
    (slot,) = world.a_row(agenda, 4)
    key, proof = uuid.uuid4(), "one proof"
    first = hold(type, slot, 2, request_key=key, proof_key=proof)
    assert hold(type, slot, 2, request_key=key, proof_key=proof).pk == first.pk
    assert taken(slot) == [2]


def test_a_browser_holds_one_family_at_a_time(agenda, type):
    first, second = world.a_row(agenda, 2, 2)
    hold(type, first, 2)
    with pytest.raises(AlreadyBooked):
        hold(type, second, 2)
    with pytest.raises(AlreadyBooked):
        world.claim(type, second, session="browser")


def test_letting_go_gives_all_the_places_back_later(agenda, type):
    first, second = world.a_row(agenda, 1, 2)
    held = hold(type, first, 3)
    actions.give_up(held, session_key="browser")
    assert states(held) == ["lapsed"] * 3
    assert Booking.objects.filter(state="returning").count() == 3 and taken(first, second) == [1, 2]


def test_a_hold_whose_time_is_over_lapses_whole(agenda, type, movable_clock):
    slots = world.a_row(agenda, 2, 2)
    held = hold(type, slots[0], 3)
    movable_clock.move(minutes=11)
    assert due.lapse_holds() == 3 and due.lapse_holds() == 0
    assert states(held) == ["lapsed"] * 3


def test_whose_hold_is_over_may_ask_again_before_the_worker_comes(agenda, type, movable_clock):
    slots = world.a_row(agenda, 3, 3)
    held = hold(type, slots[0], 3)
    movable_clock.move(minutes=11)
    again = hold(type, slots[1], 3)
    assert states(held) == ["lapsed"] * 3 and states(again) == ["held"] * 3


# The grid --------------------------------------------------------------------------------------------------------------------


def cells(type, slots, party):
    week = queries.week(type, slots[0].starts_at.date(), party=party)
    found = {cell.slot_id: cell for cell in week.cells.values()}
    return [found[slot.pk].state for slot in slots]


@pytest.fixture
def monday(movable_clock):
    """So that the slots of a test are in one week."""
    movable_clock.move(seconds=(world.utc(2027, 3, 1, 9) - clock.now()).total_seconds())


def test_the_grid_shows_as_free_where_all_fit(agenda, type, monday, django_assert_num_queries):
    slots = world.a_row(agenda, 1, 2, 0, 4, days=2)
    assert cells(type, slots, 1) == ["free", "free", "full", "free"]
    assert cells(type, slots, 3) == ["free", "full", "full", "free"]
    with django_assert_num_queries(1):
        week = queries.week(type, slots[0].starts_at.date(), party=3)
    shown = next(cell for cell in week.cells.values() if cell.slot_id == slots[0].pk)
    assert shown.ends_at == slots[1].ends_at


def test_the_etag_is_that_of_so_many_people(agenda, type, monday):
    slots = world.a_row(agenda, 2, 2, days=2)
    day = slots[0].starts_at.date()
    tags = [queries.week_etag(type, day, party=party) for party in (1, 2, 3)]
    assert len(set(tags)) == 3
    assert tags == [queries.week(type, day, party=party).etag for party in (1, 2, 3)]
    hold(type, slots[0], 3)
    assert all(before != after for before, after in pairwise([tags[1], queries.week_etag(type, day, party=2)]))
