"""Nobody loses a slot unseen: not even who takes it between the look at whom a change concerns and the change."""

from datetime import timedelta

import pytest

from guichet.appointments import actions, queries
from guichet.appointments.agendas import making
from guichet.appointments.agendas.errors import Conflicts, RulesRefused, TypeChanged
from guichet.appointments.models import AppointmentType, Booking, Closure, Slot
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agenda():
    return world.an_agenda()


@pytest.fixture
def slot(type):
    return queries.first_free(type)


@pytest.fixture
def meanwhile(monkeypatch, type, slot):
    """Somebody takes a place after the conflicts were read, before the slots are made again."""
    found = []

    def make(agenda, **kwargs):
        if not found:
            found.append(world.ask(type, Slot.objects.get(pk=slot.pk)))
        return real(agenda, **kwargs)

    real = making.make
    monkeypatch.setattr(making, "make", make)
    return found


def day_of(agenda, slot):
    return slot.starts_at.astimezone(agenda.zone).date()


def told():
    return list(OutboxMessage.objects.filter(template="appointment_withdrawn").values_list("address", flat=True))


def test_who_came_meanwhile_is_told_where_everybody_may_be_displaced(agenda, slot, meanwhile):
    day = day_of(agenda, slot)
    actions.close_days(agenda.office, day, day, by=world.OFFICER, displace=True)
    assert told() == [meanwhile[0].email] and queries.booking_of(meanwhile[0].pk).must_move


@pytest.mark.parametrize("agreed", [False, set(), {0}])
def test_who_came_meanwhile_is_named_and_nothing_changes_where_they_were_not_seen(agenda, slot, meanwhile, agreed):
    day = day_of(agenda, slot)
    with pytest.raises(Conflicts) as refused:
        actions.close_days(agenda.office, day, day, by=world.OFFICER, displace=agreed)
    assert [one.slot_id for one in refused.value.preview.conflicts] == [slot.pk]
    assert not Closure.objects.exists() and not told() and Slot.objects.get(pk=slot.pk).withdrawn_at is None


def test_those_who_were_seen_may_be_displaced_and_no_others(agenda, type, slot):
    first, second = world.ask(type, slot), world.ask(type, slot)
    day = day_of(agenda, slot)
    with pytest.raises(Conflicts):
        actions.close_days(agenda.office, day, day, by=world.OFFICER, displace={first.pk})
    actions.close_days(agenda.office, day, day, by=world.OFFICER, displace=[first.pk, second.pk])
    assert sorted(told()) == sorted([first.email, second.email])


def test_a_hold_ends_with_its_slot_and_its_form_shows_others(agenda, type, slot):
    held = world.claim(type, slot, session="mine")
    actions.close_days(agenda.office, day_of(agenda, slot), day_of(agenda, slot), by=world.OFFICER, displace=set())
    assert Booking.objects.get(pk=held.pk).state == "lapsed" and not told()
    assert Slot.objects.get(pk=slot.pk).taken == 0
    assert not Booking.objects.filter(slot=slot, state="returning").exists()


def test_the_conflicts_say_who_goes_and_who_only_sits_closer(agenda, type, slot):
    world.ask(type, slot)
    world.ask(type, slot)
    (smaller,) = actions.preview_agenda(agenda.office, world.rules(desks=1), agenda).conflicts
    (gone,) = actions.preview_agenda(agenda.office, world.rules(hours=()), agenda).conflicts
    assert (smaller.goes, smaller.beyond) == (False, 1) and (gone.goes, gone.beyond) == (True, 2)


def test_a_preview_shows_every_slot_to_come_and_its_fullest_week(agenda):
    preview = actions.preview_agenda(agenda.office, world.rules(), agenda)
    assert (preview.added, preview.changed, preview.removed) == (0, 0, 0)
    assert {one.key for one in preview.wanted} == {
        (one.pool, one.starts_at) for one in Slot.objects.filter(starts_at__gte=clock.now())
    }
    monday, slots = queries.fullest_week(preview.wanted, agenda.zone)
    assert monday.weekday() == 0 and sum(one.capacity for one in slots) == 5 * 6 * 2
    assert preview.first_release == min(one.released_at for one in preview.wanted)
    assert queries.fullest_week([], agenda.zone) is None


def test_a_closure_is_a_year_at_most(agenda):
    today = clock.today()
    with pytest.raises(RulesRefused):
        actions.preview_closing(agenda.office, today, today + timedelta(days=366))


def test_a_type_is_of_the_agendas_of_its_office_and_is_not_overwritten_unread(agenda, type):
    with pytest.raises(RulesRefused) as refused:
        actions.open_type(world.an_office(), {"name_fr": "Essai", "name_en": "Trial"}, [agenda], by=world.OFFICER)
    assert refused.value.field == "agendas"
    actions.save_type(agenda.office, type.slug, {"may_move": False}, [agenda], by=world.OFFICER, version=1)
    with pytest.raises(TypeChanged):
        actions.save_type(agenda.office, type.slug, {"may_move": True}, [agenda], by=world.OFFICER, version=1)
    with pytest.raises(TypeChanged):
        actions.save_type(agenda.office, "autre", {"may_move": True}, [agenda], by=world.OFFICER, version=1)
    assert not AppointmentType.objects.get().may_move
