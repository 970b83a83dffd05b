"""Reserved places that nobody took are everybody's a set time before, as freed places are: at no moment that can be guessed."""

import uuid
from datetime import time, timedelta

import pytest

from guichet.appointments import actions, due, queries
from guichet.appointments.actions import Hours
from guichet.appointments.agendas.errors import RulesRefused
from guichet.appointments.models import Booking, Draw, Slot
from guichet.core import clock
from tests.appointments import waiting_world, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
POOL = "associations"


def hours(returns=24, public=2):
    public_hours = [Hours(day, time(9), time(10), public) for day in range(7)] if public else []
    return (*public_hours, *(Hours(day, time(9), time(10), 3, POOL, returns) for day in range(7)))


@pytest.fixture
def agenda():
    return world.an_agenda(hours=hours(), slot_minutes=60)


def slot(agenda, days, pool="public"):
    return Slot.objects.filter(agenda=agenda, pool=pool, starts_at__date=clock.today() + timedelta(days=days)).first()


def places(agenda, days):
    return {
        one.pool: (one.capacity, one.taken)
        for one in Slot.objects.filter(
            agenda=agenda, starts_at__date=clock.today() + timedelta(days=days), withdrawn_at__isnull=True
        )
    }


def test_what_is_left_of_the_reserved_places_changes_slots_once_its_hour_has_come(agenda, type):
    assert due.give_untaken() == 3  # tomorrow at nine; the day after is too far
    assert places(agenda, 1) == {"public": (5, 3), POOL: (0, 0)}
    assert places(agenda, 3) == {"public": (2, 0), POOL: (3, 0)}
    assert not due.give_untaken()


def a_draw_of(day):
    moments = ("opens_at", "closes_at", "draws_at", "leftovers_at")
    later = {name: clock.now() + timedelta(hours=1 + rank) for rank, name in enumerate(moments)}
    return {"slug": str(day), "first_day": day, "last_day": day, **later}


def test_what_somebody_holds_of_them_stays_theirs(agenda, type):
    reserved = slot(agenda, 1, POOL)
    actions.book_at_counter(world.OFFICER, type, reserved.pk, world.details(), request_key=uuid.uuid4())
    assert due.give_untaken() == 2
    assert places(agenda, 1) == {"public": (4, 2), POOL: (1, 1)}


def test_each_comes_back_at_a_moment_of_its_own(agenda, type):
    due.give_untaken()
    moments = list(Booking.objects.filter(state="returning", slot=slot(agenda, 1)).values_list("returns_at", flat=True))
    assert len(set(moments)) == 3 and all(clock.now() < one < slot(agenda, 1).starts_at for one in moments)
    due.give_places_back()
    assert slot(agenda, 1).taken == 3  # not yet
    waiting_world.bring_back()
    assert (slot(agenda, 1).capacity, slot(agenda, 1).taken) == (5, 0)
    assert queries.bookable(type).filter(pk=slot(agenda, 1).pk).exists()


def test_the_waiting_list_has_them_first(agenda, type):
    while free := queries.first_free(type):
        world.claim(type, free)
    entry = waiting_world.join(type)
    due.give_untaken()
    waiting_world.bring_back()
    assert waiting_world.offer_of(entry).booking.slot == slot(agenda, 1)


def test_making_slots_again_changes_nothing_and_new_rules_count_from_there(agenda, type):
    due.give_untaken()
    before = places(agenda, 1)
    assert not due.make_slots() and places(agenda, 1) == before
    preview = actions.preview_agenda(agenda.office, world.rules(hours=hours(), slot_minutes=60), agenda)
    assert (preview.added, preview.changed, preview.removed) == (0, 0, 0)
    actions.save_agenda(agenda.office, world.rules(hours=hours(public=3), slot_minutes=60), by=world.OFFICER, agenda=agenda)
    assert places(agenda, 1) == {"public": (6, 3), POOL: (0, 0)}


def test_reserved_hours_that_go_take_back_what_they_gave(agenda, type):
    due.give_untaken()
    waiting_world.bring_back()
    only_public = tuple(one for one in hours() if one.pool == "public")
    actions.save_agenda(agenda.office, world.rules(hours=only_public, slot_minutes=60), by=world.OFFICER, agenda=agenda)
    assert places(agenda, 1) == {"public": (2, 0)}


def test_without_hours_for_everybody_a_slot_is_made_for_them_and_goes_with_the_day(agenda, type):
    actions.save_agenda(agenda.office, world.rules(hours=hours(public=0), slot_minutes=60), by=world.OFFICER, agenda=agenda)
    assert slot(agenda, 1) is None and due.give_untaken() == 3
    waiting_world.bring_back()
    due.make_slots()
    assert places(agenda, 1) == {"public": (3, 0), POOL: (0, 0)}
    day = clock.today() + timedelta(days=1)
    actions.close_days(agenda.office, day, day, by=world.OFFICER)
    assert places(agenda, 1) == {}


def test_a_place_that_is_given_up_later_follows(agenda, type):
    reserved = slot(agenda, 1, POOL)
    booked = actions.book_at_counter(world.OFFICER, type, reserved.pk, world.details(), request_key=uuid.uuid4())
    due.give_untaken()
    actions.cancel(world.token(booked))
    waiting_world.bring_back()
    assert due.give_untaken() == 1 and places(agenda, 1)[POOL] == (0, 0)


def test_what_a_draw_shares_waits_for_the_draw(agenda, type):
    tomorrow = clock.today() + timedelta(days=1)
    Draw.objects.create(agenda=agenda, type=type, **a_draw_of(tomorrow))
    assert not due.give_untaken()


@pytest.mark.parametrize("wrong", [0, -1, 721])
def test_the_delay_is_from_one_hour_to_a_month(agenda, wrong):
    with pytest.raises(RulesRefused):
        actions.preview_agenda(agenda.office, world.rules(hours=hours(returns=wrong), slot_minutes=60), agenda)


def test_places_of_everybody_do_not_return_to_everybody(agenda):
    with pytest.raises(RulesRefused):
        wrong = (Hours(0, time(9), time(10), 2, "public", 24),)
        actions.preview_agenda(agenda.office, world.rules(hours=wrong, slot_minutes=60), agenda)
