"""Several people booked at the counter: all of them or none, once, never beyond the capacity."""

import uuid

import pytest

from guichet.appointments import actions, queries
from guichet.appointments.desk import booking as at_counter
from guichet.appointments.errors import AlreadyBooked, Full, SamePerson, TooManyPeople
from guichet.appointments.models import Booking, Slot
from guichet.core.events import Subject, timeline
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

pytestmark = pytest.mark.django_db
BY = world.OFFICER


@pytest.fixture
def type(db):
    return world.a_type(world.an_empty_agenda(), confirmation_minutes=0, lead_minutes=1440, party_max=4)


@pytest.fixture
def row(type):
    return world.a_row(type.agendas.get(), 2, 2, days=1 / 24)


def people(count):
    return [world.details(email="") for _ in range(count)]


def book(type, slot, given, key=None, **more):
    first, *others = given
    together = [(one, 0) for one in others]
    return actions.book_at_counter(BY, type, slot.pk, first, request_key=key or uuid.uuid4(), others=together, **more)


def taken():
    return list(Slot.objects.order_by("starts_at").values_list("taken", flat=True))


def test_all_are_seated_from_a_slot_on_and_have_one_party(type, row):
    key, given = uuid.uuid4(), people(3)
    first = book(type, row[0], given, key)
    assert book(type, row[0], given, key) == first, "the same form twice is one household"
    party = queries.party_of(first)
    assert [one.slot_id for one in party] == [row[0].pk, row[0].pk, row[1].pk] and taken() == [2, 1]
    assert {one.state for one in party} == {"confirmed"} and len({one.reference for one in party}) == 3
    for one in party:
        (event,) = timeline(Subject("booking", str(one.pk)))
        assert event.kind == "booked_at_counter" and event.data["party"] == first.pk


def test_one_place_that_goes_meanwhile_gives_all_of_them_back(type, row, monkeypatch):
    """What was read a moment ago is not what the statement finds."""
    for _ in range(2):
        book(type, row[1], people(1))
    OutboxMessage.objects.all().delete()
    monkeypatch.setattr(at_counter, "_seats", lambda wish: [row[0].pk, row[0].pk, row[1].pk])
    with pytest.raises(Full):
        book(type, row[0], people(3))
    assert taken() == [0, 2] and Booking.objects.count() == 2 and not OutboxMessage.objects.exists()


def test_who_has_an_appointment_already_is_told_apart_and_nobody_is_booked(type, row):
    known = people(1)[0]
    book(type, row[1], [known])
    with pytest.raises(AlreadyBooked) as refused:
        book(type, row[0], [*people(1), known])
    assert refused.value.person == 1 and taken() == [0, 1]
    homonym = actions.free_homonym(type, known)
    first = people(1)[0]
    booked = actions.book_at_counter(BY, type, row[0].pk, first, request_key=uuid.uuid4(), others=[(known, homonym)])
    assert len(queries.party_of(booked)) == 2


def test_nobody_twice_and_no_more_than_the_type_receives(type, row):
    one = people(1)[0]
    with pytest.raises(SamePerson) as refused:
        book(type, row[0], [one, *people(1), one])
    assert refused.value.person == 2
    with pytest.raises(TooManyPeople):
        book(type, row[0], people(5))
    assert not Booking.objects.exists()


def test_what_is_too_late_for_the_public_is_full_for_an_officer_and_not_too_late(type, row):
    """The type asks for a day ahead; the counter does not."""
    book(type, row[0], people(2))
    with pytest.raises(Full):
        book(type, row[0], people(1))
