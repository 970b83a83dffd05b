"""Taking a place: one statement, what it refuses, and what it says then."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guichet.appointments import actions
from guichet.appointments.errors import AlreadyBooked, FormReused, Full, IdentityNeeded, NotOpen, NotReleased, TooEarly, TooLate
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from tests.appointments import world

pytestmark = pytest.mark.django_db


def taken(slot):
    return Slot.objects.get(pk=slot.pk).taken


def test_a_place_is_held_and_counted(agenda, type):
    slot = world.a_slot(agenda)
    held = world.claim(type, slot)
    assert held.state == "held" and taken(slot) == 1
    assert Booking.objects.get(pk=held.pk).held_until == held.held_until


def test_a_full_slot_names_the_nearest_free_ones(agenda, type):
    slot = world.a_slot(agenda)
    near = [world.a_slot(agenda, starts_in=timedelta(days=5, minutes=minutes)) for minutes in (-30, 30, 300, 600)]
    world.claim(type, slot)
    with pytest.raises(Full) as refused:
        world.claim(type, slot)
    assert [one.pk for one in refused.value.nearest] == [one.pk for one in near[:3]]
    assert taken(slot) == 1 and Booking.objects.count() == 1


def test_the_same_form_sent_twice_is_one_booking(agenda, type):
    slot = world.a_slot(agenda, capacity=5)
    key = uuid.uuid4()
    first = world.claim(type, slot, session="one", proof_key="p", request_key=key)
    again = world.claim(type, slot, session="one", proof_key="p", request_key=key)
    assert first.pk == again.pk and taken(slot) == 1


def test_a_form_sent_from_another_browser_is_refused(agenda, type):
    slot = world.a_slot(agenda, capacity=5)
    key = uuid.uuid4()
    world.claim(type, slot, session="one", request_key=key)
    with pytest.raises(FormReused):
        world.claim(type, slot, session="two", request_key=key)


def test_a_browser_holds_one_place_whatever_the_type(agenda, type):
    other = world.a_type(agenda, "other")
    slot = world.a_slot(agenda, capacity=5)
    held = world.claim(type, slot, session="one")
    with pytest.raises(AlreadyBooked) as refused:
        world.claim(other, slot, session="one")
    assert refused.value.booking.pk == held.pk and refused.value.is_yours


def test_a_proof_holds_one_place_even_once_it_lapsed(agenda, type):
    slot = world.a_slot(agenda, capacity=5)
    held = world.claim(type, slot, proof_key="solved")
    actions.give_up(held, session_key="another")  # not its browser: nothing happens
    assert Booking.objects.get(pk=held.pk).state == "held"
    Booking.objects.filter(pk=held.pk).update(state="lapsed")
    with pytest.raises(AlreadyBooked):
        world.claim(type, slot, proof_key="solved")


def test_a_hold_that_is_over_does_not_keep_its_browser_from_another(agenda, type, movable_clock):
    slot = world.a_slot(agenda, capacity=5)
    held = world.claim(type, slot, session="one")
    movable_clock.move(minutes=11)
    again = world.claim(type, slot, session="one")
    assert again.pk != held.pk and again.state == "held"
    assert Booking.objects.get(pk=held.pk).state == "lapsed"
    assert taken(slot) == 2  # the new hold, and the place that comes back later


def test_a_hold_given_up_lets_one_choose_again(agenda, type):
    slot = world.a_slot(agenda, capacity=5)
    held = world.claim(type, slot, session="one")
    actions.give_up(held, session_key="one")
    actions.give_up(held, session_key="one")
    assert world.claim(type, slot, session="one").state == "held"


def test_somebody_known_has_one_request_per_type(agenda):
    student = world.a_type(agenda, "etudiants", identity="student")
    slot = world.a_slot(agenda, capacity=5)
    held = world.claim(student, slot, person_key="k" * 64)
    with pytest.raises(AlreadyBooked) as refused:
        world.claim(student, slot, person_key="k" * 64)
    assert refused.value.booking.pk == held.pk and not refused.value.is_yours


def test_a_type_that_asks_who_one_is_holds_nothing_before(agenda):
    slot = world.a_slot(agenda)
    for identity in ("student", "invitation"):
        with pytest.raises(IdentityNeeded):
            world.claim(world.a_type(agenda, identity, identity=identity), slot)


def test_nothing_is_taken_before_its_release(agenda, type, movable_clock):
    opens = clock.now() + timedelta(minutes=5)
    slot = world.a_slot(agenda, released_at=opens)
    with pytest.raises(NotReleased) as refused:
        world.claim(type, slot)
    assert refused.value.released_at == opens
    movable_clock.move(minutes=5, seconds=1)
    assert world.claim(type, slot)


def test_a_slot_too_near_is_refused(agenda, type):
    late = world.a_type(agenda, "late", lead_minutes=120)
    slot = world.a_slot(agenda, starts_in=timedelta(hours=2))
    with pytest.raises(TooLate):
        world.claim(late, slot)
    assert world.claim(type, slot)


def test_slots_of_another_agenda_another_pool_or_withdrawn_are_refused(agenda, type):
    elsewhere = world.a_slot(world.an_empty_agenda())
    with pytest.raises(NotOpen):
        world.claim(type, elsewhere)
    reserved = world.a_slot(agenda, pool="associations")
    with pytest.raises(Full):
        world.claim(type, reserved)
    assert world.claim(type, reserved, pool="associations")
    gone = world.a_slot(agenda, starts_in=timedelta(days=6))
    Slot.objects.filter(pk=gone.pk).update(withdrawn_at=clock.now())
    with pytest.raises(Full):
        world.claim(type, gone)


def test_too_early_for_a_permit_is_told_the_day_to_come_back(agenda):
    student = world.a_type(agenda, "etudiants", identity="student", window_months_before_permit_end=2)
    slot = world.a_slot(agenda, capacity=5)
    ends = clock.today() + timedelta(days=150)
    with pytest.raises(TooEarly) as refused:
        world.claim(student, slot, person_key="k", permit_ends_on=ends)
    assert refused.value.come_back_on.month in {(ends.month - 2) or 12, ends.month + 10, ends.month - 2}
    assert world.claim(student, slot, person_key="k", permit_ends_on=clock.today() - timedelta(days=1))


def test_a_shell_cannot_make_the_count_drift(agenda, type):
    """The trigger counts, whoever writes; nobody writes the count by hand."""
    slot = world.a_slot(agenda, capacity=3)
    held = world.claim(type, slot)
    Booking.objects.filter(pk=held.pk).update(state="lapsed")
    assert taken(slot) == 0
    Booking.objects.filter(pk=held.pk).update(state="held")
    assert taken(slot) == 1
    for count in (0, 3):
        with pytest.raises(IntegrityError), transaction.atomic():
            Slot.objects.filter(pk=slot.pk).update(taken=count)
    Booking.objects.filter(pk=held.pk).delete()
    assert taken(slot) == 0
    assert Slot.objects.get(pk=slot.pk).version == 5


def test_a_shell_takes_no_place_that_is_not_open(agenda, type):
    coming = world.a_slot(agenda, released_at=clock.now() + timedelta(hours=1))
    row = {"type": type, "state": "held", "person_key": "x", "claimed_at": clock.now(), "held_until": clock.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(slot=coming, **row)
    assert taken(coming) == 0
