"""The waiting list: joining it, leaving it, what is told of it."""

from datetime import date, timedelta

import pytest

from guichet.appointments import actions, due, keys, queries
from guichet.appointments.errors import AlreadyBooked, IdentityNeeded, NotOpen, TooEarly
from guichet.appointments.models import Booking, WaitingEntry
from guichet.appointments.waiting.errors import AlreadyWaiting, OfferOver, PlacesFree, UnknownEntry
from guichet.core import events
from guichet.core.events import Subject
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.appointments.waiting_world import again, free, join, mails, offer_of, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


# Joining --------------------------------------------------------------------------------------------------------------------


def test_joining_gives_a_turn_and_a_link(type, taken):
    entry = join(type, email="maria@example.org", phone="")
    assert (entry.state, entry.since) == ("waiting", entry.joined_at)
    assert mails(entry) == ["waiting_joined"]
    mail = OutboxMessage.objects.get(intent__startswith="waiting:")
    assert mail.address == "maria@example.org" and f"/rdv/attente/{token(entry)}/" in mail.body
    assert entry.birth_date_text not in mail.body
    assert queries.waiting_entry_by_token(token(entry)).pk == entry.pk
    assert [event.kind for event in events.timeline(Subject("waiting_entry", str(entry.pk)))] == ["waiting_list_joined"]


def test_while_something_is_free_there_is_nothing_to_wait_for(type, slot):
    with pytest.raises(PlacesFree):
        join(type)
    assert not WaitingEntry.objects.exists()


def test_the_same_form_twice_is_one_entry_and_one_mail(type, taken):
    given = world.details()
    first, second = (actions.join_waiting_list(type, given) for _ in range(2))
    assert first.pk == second.pk and mails(first) == ["waiting_joined"]


def test_the_link_is_sent_again_on_another_day(type, taken, noon):
    given = world.details()
    entry = actions.join_waiting_list(type, given)
    noon.move(days=1)
    assert actions.join_waiting_list(type, given).pk == entry.pk
    assert mails(entry) == ["waiting_joined"] * 2 and again(entry).since == entry.since


def test_a_name_typed_with_another_address_learns_nothing_and_changes_nothing(type, taken):
    entry = join(type, last_name="Nguyen", email="first@example.org")
    with pytest.raises(AlreadyWaiting):
        join(type, last_name="NGUYEN", email="other@example.org")
    assert again(entry).email == "first@example.org"
    assert set(OutboxMessage.objects.filter(template="waiting_joined").values_list("address", flat=True)) == {
        "first@example.org"
    }


def test_who_has_an_appointment_does_not_wait_for_one(type, slot):
    given = world.details()
    world.ask(type, slot, given)
    with pytest.raises(AlreadyBooked) as refused:
        actions.join_waiting_list(type, given)
    assert not refused.value.is_yours


def test_a_closed_type_has_no_list(agenda):
    with pytest.raises(NotOpen):
        join(world.a_type(agenda, active=False))


def test_a_student_is_known_by_who_they_are(agenda):
    type = world.a_type(agenda, "etudiants", identity="student", window_months_before_permit_end=2)
    with pytest.raises(IdentityNeeded):
        join(type)
    key = keys.of_number("ine", "1234567890A")
    with pytest.raises(TooEarly):
        actions.join_waiting_list(type, world.details(), person_key=key, permit_ends_on=date(2027, 6, 1))
    entry = actions.join_waiting_list(type, world.details(), person_key=key, permit_ends_on=date(2026, 12, 20))
    assert entry.person_key == key


# Leaving --------------------------------------------------------------------------------------------------------------------


def test_leaving_once_or_twice(type, taken):
    entry = join(type)
    assert actions.leave_waiting_list(token(entry)).state == "left"
    assert actions.leave_waiting_list(token(entry)).state == "left"
    kinds = [event.kind for event in events.timeline(Subject("waiting_entry", str(entry.pk)))]
    assert kinds == ["waiting_list_joined", "waiting_list_left"]
    assert join(type, last_name=entry.last_name).pk != entry.pk  # and one may come again


def test_leaving_hands_what_was_offered_to_the_next(type, taken, noon):
    first = join(type)
    noon.move(minutes=1)
    second = join(type)
    free(taken)
    actions.leave_waiting_list(token(first))
    assert again(first).state == "left" and offer_of(second)


def test_who_books_by_another_way_leaves_the_list(type, agenda, taken):
    given = world.details()
    entry = actions.join_waiting_list(type, given)
    asked = world.ask(type, world.a_slot(agenda, starts_in=timedelta(days=6)), given)
    assert due.close_waiting() == 0 and again(entry).state == "waiting"  # not confirmed: nothing is sure yet
    actions.confirm(world.token(asked))
    assert due.close_waiting() == 1 and again(entry).state == "booked"
    assert mails(entry) == ["waiting_joined", "waiting_booked"] and due.close_waiting() == 0


def test_who_was_received_meanwhile_leaves_the_list_and_an_earlier_visit_does_not_count(type, agenda, taken, noon):
    given = world.details()
    Booking.objects.filter(pk=taken.pk).update(state="honoured", person_key=given.key())
    noon.move(minutes=1)
    entry = actions.join_waiting_list(type, given)
    assert due.close_waiting() == 0
    there = world.ask(type, world.a_slot(agenda, starts_in=timedelta(days=6)), given)
    Booking.objects.filter(pk=there.pk).update(state="honoured")
    assert due.close_waiting() == 1 and again(entry).state == "booked"


def test_a_link_that_is_none(type):
    for act in (
        actions.leave_waiting_list,
        lambda raw: actions.accept_offer(raw, 1),
        lambda raw: actions.decline_offer(raw, 1),
    ):
        for raw in ("", "x" * 43):
            with pytest.raises(UnknownEntry):
                act(raw)


def test_an_offer_is_answered_by_its_own_entry(type, taken):
    first, second = join(type), join(type)
    free(taken)
    with pytest.raises(OfferOver):
        actions.accept_offer(token(second), offer_of(first).pk)


# What is told of the list ---------------------------------------------------------------------------------------------------


def test_how_many_wait_is_an_order_of_magnitude(type, taken):
    entries = [join(type) for _ in range(11)]
    last = queries.people_before(entries[-1])
    assert (last.least, last.most) == (10, 50)
    first = queries.people_before(entries[0])
    assert (first.least, first.most) == (0, 10)
    assert queries.people_waiting(type) == last
