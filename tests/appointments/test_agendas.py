"""Agendas: slots made again and again, changes that say whom they concern, closings."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from guichet.appointments import actions, due, queries
from guichet.appointments.actions import Hours
from guichet.appointments.agendas.errors import AgendaChanged, Conflicts, RulesRefused
from guichet.appointments.errors import Full
from guichet.appointments.models import Agenda, Booking, Closure, Slot
from guichet.core import clock, triggers
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agenda():
    return world.an_agenda()


@pytest.fixture
def slot(type):
    return queries.first_free(type)


def save(agenda, **changes):
    displace = changes.pop("displace", False)
    return actions.save_agenda(
        agenda.office, world.rules(**changes), by=world.OFFICER, agenda=agenda, displace=displace, reason="Travaux."
    )


def test_slots_are_made_of_the_rules_once(agenda):
    made = list(Slot.objects.filter(agenda=agenda).values_list("pk", "starts_at", "capacity"))
    assert made and {capacity for _pk, _starts, capacity in made} == {2}
    assert due.make_slots() == 0
    assert list(Slot.objects.filter(agenda=agenda).values_list("pk", "starts_at", "capacity")) == made


def test_days_that_come_are_added(agenda, movable_clock):
    before = Slot.objects.count()
    movable_clock.move(days=7)
    assert due.make_slots() > 0 and Slot.objects.count() > before
    assert due.make_slots() == 0


def test_a_preview_writes_nothing_and_says_what_saving_does(agenda):
    before = list(Slot.objects.values_list("pk", "capacity"))
    preview = actions.preview_agenda(agenda.office, world.rules(hours=world.WEEKDAYS[:1]), agenda)
    assert preview.removed > 0 and preview.added == 0 and preview.conflicts == ()
    assert list(Slot.objects.values_list("pk", "capacity")) == before
    save(agenda, hours=world.WEEKDAYS[:1])
    assert len(before) - Slot.objects.count() == preview.removed


def test_a_new_agenda_is_previewed_with_its_first_slots():
    office = world.an_office()
    preview = actions.preview_agenda(office, world.rules())
    assert preview.added > 0 and preview.sample[0].starts_at > clock.now() - timedelta(days=1)
    assert Slot.objects.count() == 0


def test_a_change_that_takes_somebody_s_slot_is_refused_and_names_it(agenda, type, slot):
    asked = world.ask(type, slot)
    with pytest.raises(Conflicts) as refused:
        save(agenda, slot_minutes=20, hours=(Hours(0, time(14), time(16)),))
    (conflict,) = refused.value.preview.conflicts
    assert (conflict.slot_id, conflict.bookings, conflict.beyond) == (slot.pk, (asked.pk,), 1)
    assert Slot.objects.get(pk=slot.pk).withdrawn_at is None
    agenda.refresh_from_db()
    assert agenda.slot_minutes == 30


def test_decided_the_slot_is_withdrawn_kept_and_its_people_told(agenda, type, slot):
    asked = world.ask(type, slot)
    actions.confirm(world.token(asked))
    save(agenda, hours=tuple(replace(one, opens=time(14), closes=time(17)) for one in world.WEEKDAYS), displace=True)
    withdrawn = Slot.objects.get(pk=slot.pk)
    assert withdrawn.withdrawn_at is not None and withdrawn.taken == 1
    booking = queries.booking_of(asked.pk)
    assert booking.state == "confirmed" and booking.must_move
    assert "Travaux." in OutboxMessage.objects.get(template="appointment_withdrawn").body
    with pytest.raises(Full) as refused:
        world.claim(type, slot)
    assert refused.value.nearest
    moved = actions.reschedule(booking, refused.value.nearest[0].pk)
    assert not queries.booking_of(moved.pk).must_move
    assert Slot.objects.get(pk=slot.pk).taken == 0 and due.make_slots() == 1  # nobody in it, yet booked once: kept, withdrawn


def test_fewer_desks_never_put_anybody_out_and_shrink_as_people_leave(agenda, type, slot, movable_clock):
    first, second = world.ask(type, slot), world.ask(type, slot)
    with pytest.raises(Conflicts) as refused:
        save(agenda, desks=1)
    assert refused.value.preview.conflicts[0].beyond == 1
    save(agenda, desks=1, displace=True)
    assert Slot.objects.get(pk=slot.pk).capacity == 2
    assert not OutboxMessage.objects.filter(template="appointment_withdrawn").exists()
    actions.cancel(world.token(second))
    movable_clock.move(hours=25)
    due.give_places_back()
    crowded = Slot.objects.get(pk=slot.pk)
    assert (crowded.capacity, crowded.taken) == (1, 1) and Booking.objects.get(pk=first.pk).state == "to_confirm"


def test_closing_days_lists_people_then_tells_them(agenda, type, slot):
    world.ask(type, slot)
    day = slot.starts_at.astimezone(agenda.zone).date()
    preview = actions.preview_closing(agenda.office, day, day)
    assert [one.slot_id for one in preview.conflicts] == [slot.pk] and not Closure.objects.exists()
    with pytest.raises(Conflicts):
        actions.close_days(agenda.office, day, day, by=world.OFFICER)
    assert not Closure.objects.exists()
    actions.close_days(agenda.office, day, day, by=world.OFFICER, reason="Grève.", displace=True)
    open_that_day = Slot.objects.filter(starts_at__date=day, withdrawn_at__isnull=True)
    assert not open_that_day.exists()
    assert OutboxMessage.objects.filter(template="appointment_withdrawn").count() == 1
    actions.reopen_days(Closure.objects.get(), by=world.OFFICER)
    assert Slot.objects.get(pk=slot.pk).withdrawn_at is None and open_that_day.exists()


def test_a_day_closes_before_it_opens_is_refused(agenda):
    with pytest.raises(RulesRefused):
        actions.close_days(agenda.office, date(2027, 1, 5), date(2027, 1, 4), by=world.OFFICER)


def test_two_officers_do_not_overwrite_each_other(agenda):
    save(agenda, desks=3)
    with pytest.raises(AgendaChanged):
        actions.save_agenda(agenda.office, world.rules(), by=world.OFFICER, agenda=agenda, version=1)


def test_an_agenda_that_is_closed_for_good_keeps_no_free_slot(agenda, type):
    save(agenda, active=False)
    assert not Slot.objects.exists() and queries.first_free(type) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slot_minutes": 0}, "slot_minutes"),
        ({"desks": 0}, "desks"),
        ({"hours": (Hours(7, time(9), time(12)),)}, "hours"),
        ({"hours": (Hours(0, time(12), time(9)),)}, "hours"),
        ({"hours": (Hours(0, time(9), time(12)), Hours(0, time(11), time(13)))}, "hours"),
        ({"release": {"rule": "soon"}}, "release"),
        ({"timezone": "Europe/Saint-Etienne"}, "timezone"),
    ],
)
def test_rules_that_make_no_agenda_name_their_field(changes, field):
    with pytest.raises(RulesRefused) as refused:
        actions.preview_agenda(world.an_office(), world.rules(**changes))
    assert refused.value.field == field


def test_one_agenda_that_cannot_be_made_does_not_stop_the_others(agenda):
    broken = world.an_agenda()
    Agenda.objects.filter(pk=broken.pk).update(release={"rule": "written from a shell"})
    after = world.an_agenda()
    Slot.objects.filter(agenda=after).delete()
    assert due.make_slots() > 0 and Slot.objects.filter(agenda=after).exists()


# Reading --------------------------------------------------------------------------------------------------------------------


def test_the_week_shows_what_is_free_full_and_closed(agenda, type, slot, django_assert_num_queries):
    world.ask(type, slot)
    world.ask(type, slot)
    local = world.wall(agenda, slot)
    with django_assert_num_queries(1):
        week = queries.week(type, local.date())
    assert week.cell(local.date(), local.time()).state == "full" and week.monday.weekday() == 0
    assert week.rows == (time(9), time(9, 30), time(10), time(10, 30), time(11), time(11, 30))
    assert {cell.state for cell in week.cells.values()} <= {"free", "full", "closed"}
    assert all(cells for _day, cells in week.by_day())


def test_the_etag_moves_with_what_is_shown_and_with_nothing_else(agenda, type, slot, movable_clock):
    monday = world.wall(agenda, slot).date()
    first = queries.week(type, monday).etag
    assert first == queries.week_etag(type, monday) == queries.week(type, monday).etag
    assert queries.week_etag(type, monday, language="en") != first
    held = world.claim(type, slot)
    after = queries.week_etag(type, monday)
    assert after != first and after == queries.week(type, monday).etag
    movable_clock.move(minutes=10)
    due.lapse_holds()
    assert Booking.objects.get(pk=held.pk).state == "lapsed"
    later = queries.week_etag(type, monday)
    assert later != after  # its version moved, although nothing is free yet
    movable_clock.move(days=7)
    assert queries.week_etag(type, monday) != later  # time alone closed its slots


def test_the_next_release_is_told(agenda, type):
    assert queries.next_release(type) > clock.now()


def test_the_triggers_are_there():
    assert [name for name in triggers.missing() if name.startswith("appointments")] == []
