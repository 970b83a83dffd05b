"""A mistyped address: corrected by the browser that asked, while the mail waits for its answer."""

import pytest

from guichet.appointments import actions, due, queries, rules
from guichet.appointments.errors import AddressCorrectedTooOften, BookingRefused, ConfirmationOver, UnknownBooking
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from tests.appointments import households, world


@pytest.fixture
def agenda(db):
    return world.an_empty_agenda()


@pytest.fixture
def asked(agenda):
    return world.ask(world.a_type(agenda), world.a_slot(agenda), world.details(email="maria@gmial.com"), session="mine")


def correct(booking, email="maria@gmail.com", session="mine"):
    return actions.correct_address(booking, email, session_key=session)


def mails():
    return [(mail.address, mail.template) for mail in OutboxMessage.objects.order_by("created_at", "pk")]


def fresh(booking):
    return queries.booking_of(booking.pk)


def test_the_mail_goes_to_the_new_address_with_a_new_link_and_the_old_link_is_dead(asked):
    old = queries.token_of(asked)
    correct(asked)
    new = queries.token_of(fresh(asked))
    assert queries.booking_by_token(old) is None and queries.booking_by_token(new).email == "maria@gmail.com"
    assert sorted(mails()) == [("maria@gmail.com", "appointment_asked"), ("maria@gmial.com", "appointment_asked")]
    assert new in OutboxMessage.objects.get(address="maria@gmail.com").body
    with pytest.raises(UnknownBooking):
        actions.confirm(old)
    actions.confirm(new)
    assert fresh(asked).state == "confirmed"


def test_it_gives_no_more_time_and_changes_nothing_else(asked, movable_clock):
    movable_clock.move(minutes=30)
    correct(asked)
    again = fresh(asked)
    same = ("confirm_until", "reference", "person_key", "slot_id", "state", "asked_at", "moves")
    assert [getattr(again, name) for name in same] == [getattr(asked, name) for name in same]


def test_the_event_says_so_without_any_address(asked):
    correct(asked)
    event = Event.objects.get(kind="address_corrected")
    assert event.subject_id == str(asked.pk) and "@" not in str(event.data)


def test_another_browser_or_none_corrects_nothing(asked):
    for session in ("theirs", ""):
        with pytest.raises(UnknownBooking):
            correct(asked, session=session)
    assert len(mails()) == 1


def test_what_came_by_no_browser_is_corrected_by_none(agenda):
    """Such as a place that was drawn: it holds no hash of a browser."""
    booking = world.ask(world.a_type(agenda), world.a_slot(agenda), session="x")
    type(booking).objects.filter(pk=booking.pk).update(session_key="")
    with pytest.raises(UnknownBooking):
        correct(booking, session="")


def test_only_a_few_times(asked):
    for number in range(rules.ADDRESSES_AT_MOST):
        correct(asked, f"maria{number}@example.org")
    with pytest.raises(AddressCorrectedTooOften):
        correct(asked, "another@example.org")
    assert len(mails()) == 1 + rules.ADDRESSES_AT_MOST


def test_the_same_address_writes_the_same_link_again_but_not_at_every_press(asked, movable_clock):
    link = queries.token_of(asked)
    for _press in range(3):
        correct(asked, "MARIA@gmial.com")
    assert len(mails()) == 2 and queries.booking_by_token(link) is not None
    movable_clock.move(minutes=6)
    correct(asked, "maria@gmial.com")
    assert len(mails()) == 3 and fresh(asked).addresses == 0


def test_once_confirmed_cancelled_or_over_it_is_too_late(asked, movable_clock, agenda):
    movable_clock.move(minutes=2881)
    with pytest.raises(ConfirmationOver):
        correct(asked)
    due.lapse_requests()
    with pytest.raises(BookingRefused):
        correct(asked)
    other = world.ask(world.a_type(agenda, "autre"), world.a_slot(agenda, starts_in=world.timedelta(days=9)), session="mine")
    actions.confirm(queries.token_of(other))
    with pytest.raises(BookingRefused):
        correct(other)


def test_moved_before_the_answer_the_new_mail_has_the_new_link(asked, agenda):
    correct(asked)
    actions.reschedule(fresh(asked), world.a_slot(agenda, starts_in=world.timedelta(days=7)).pk)
    last = OutboxMessage.objects.filter(address="maria@gmail.com").order_by("-created_at")
    assert last.count() == 2 and all(queries.token_of(fresh(asked)) in mail.body for mail in last)


def test_those_who_come_together_have_one_address(agenda):
    family = world.a_type(agenda, party_max=3)
    rows = queries.party_of(households.ask(family, world.a_slot(agenda, capacity=3), 3, session="mine"))
    old = [queries.token_of(row) for row in rows]
    correct(rows[0], "tous@example.org")
    rows = queries.party_of(rows[0])
    assert {row.email for row in rows} == {"tous@example.org"} and {row.addresses for row in rows} == {1}
    assert all(queries.booking_by_token(raw) is None for raw in old)
    assert OutboxMessage.objects.filter(address="tous@example.org").count() == 1
    actions.confirm(queries.token_of(rows[2]))
    assert {row.state for row in queries.party_of(rows[0])} == {"confirmed"}


def test_a_link_read_before_the_correction_and_pressed_after_it_confirms_nothing(asked, monkeypatch):
    """Whoever waits for the rows while the address changes has shown that the old one works, not the new."""
    old, stale = queries.token_of(asked), queries.booking_of(asked.pk)
    correct(asked)
    monkeypatch.setattr("guichet.appointments.bookings.booking.by_token", lambda raw: stale)
    with pytest.raises(UnknownBooking):
        actions.confirm(old)
    assert fresh(asked).state == "to_confirm"
