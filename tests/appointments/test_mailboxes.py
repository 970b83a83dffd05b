"""Nobody has somebody else's mailbox flooded, whichever page they ask on and however many people they make up."""

import uuid
from datetime import date, timedelta

import pytest

from guichet.appointments import actions, mailboxes
from guichet.appointments.actions import Declared
from guichet.appointments.errors import AlreadyBooked, MailboxFull
from guichet.appointments.models import Booking
from guichet.core.dates import PartialDate
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.appointments.draw_world import a_draw, ids, register

pytestmark = pytest.mark.django_db
VICTIM = "victim@example.org"
MOST = mailboxes.IN_AN_HOUR.tries


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=100)


def book(type, slot, email=VICTIM):
    return world.ask(type, slot, world.details(email=email))


def fill(type, slot):
    for _each in range(MOST):
        book(type, slot)


def mails_to(address):
    return OutboxMessage.objects.filter(address__iexact=address).count()


def test_so_many_requests_an_hour_for_one_mailbox(type, slot, movable_clock):
    fill(type, slot)
    with pytest.raises(MailboxFull) as refused:
        book(type, slot)
    assert 59 <= refused.value.minutes <= 61 and mails_to(VICTIM) == MOST
    assert book(type, slot, "someone.else@example.org").state == "to_confirm"
    movable_clock.move(minutes=61)
    assert book(type, slot).state == "to_confirm"


def test_and_so_many_a_day(type, slot, movable_clock):
    for _hour in range(4):
        for _each in range(MOST):
            if mails_to(VICTIM) < mailboxes.IN_A_DAY.tries:
                book(type, slot)
        movable_clock.move(minutes=61)
    with pytest.raises(MailboxFull) as refused:
        book(type, slot)
    assert refused.value.minutes > 60 and mails_to(VICTIM) == mailboxes.IN_A_DAY.tries


def test_another_way_to_write_an_address_is_the_same_mailbox(type, slot):
    fill(type, slot)
    for written in ("Victim@Example.org", "victim+rdv@example.org", "VICTIM+a+b@example.org"):
        with pytest.raises(MailboxFull):
            book(type, slot, written)


def test_every_page_that_writes_to_a_typed_address_counts(agenda, type, slot):
    fill(type, slot)
    full, draw = world.a_type(world.an_empty_agenda(), "full"), a_draw()
    student = world.a_type(agenda, "etudiants", identity="student")
    declared = Declared("Ali", "Ana", PartialDate(1999), VICTIM, "fr", "renewal", "permit", date(2027, 6, 1))
    asked = book(type, slot, "right@example.org")
    session = "mine"
    held = world.claim(type, slot, session=session)
    asked = actions.give_details(held, world.details(email="right@example.org"), session_key=session)
    for act in (
        lambda: actions.join_waiting_list(full, world.details(email=VICTIM)),
        lambda: actions.record_attempt(full, world.details(email=VICTIM)),
        lambda: register(draw, ids(draw)[:1], world.details(email=VICTIM), request_key=uuid.uuid4()),
        lambda: actions.ask_access_code(student, declared, address="192.0.2.1"),
        lambda: actions.correct_address(asked, VICTIM, session_key=session),
    ):
        with pytest.raises(MailboxFull):
            act()
    assert mails_to(VICTIM) == MOST


def test_what_is_refused_or_sent_twice_does_not_count(type, slot):
    known = world.details(email=VICTIM)
    first = world.claim(type, slot, session="one")
    for _again in range(MOST + 1):
        assert actions.give_details(Booking.objects.get(pk=first.pk), known, session_key="one").state == "to_confirm"
    second = world.claim(type, slot, session="two")
    for _again in range(MOST + 1):
        with pytest.raises(AlreadyBooked):
            actions.give_details(second, known, session_key="two")
    for _each in range(MOST - 1):
        book(type, slot)


def test_an_hour_is_kept_for_those_who_were_refused_a_day(type, slot, movable_clock):
    """Being refused for the day leaves the count of the hour as it was."""
    for _each in range(mailboxes.IN_A_DAY.tries):
        movable_clock.move(minutes=6)
        book(type, slot)
    movable_clock.move(minutes=61)
    for _each in range(MOST + 1):
        with pytest.raises(MailboxFull) as refused:
            book(type, slot)
        assert timedelta(minutes=refused.value.minutes) > timedelta(hours=10)
