"""A blocked creation: one ticket with what was claimed, for the office of the address when it is known."""

from datetime import date

import pytest
from django.core.cache import cache

from guichet.core.dates import PartialDate
from guichet.core.errors import TooManyTries
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.offices.actions import load_offices
from guichet.support import actions
from guichet.support.models import Ticket

pytestmark = pytest.mark.django_db

CLAIM = {
    "foreigner_number": "9903000001",
    "last_name": "TRAN",
    "first_names": "Minh Anh",
    "birth_date": PartialDate.parse("1999-00-00"),
    "capacity": "self",
    "insee_code": "59350",
}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def every_office():
    load_offices()


def blocked(door="number", context=None, **kwargs):
    given = {"why": "mismatch", "email": "minh@example.org", "language": "fr"}
    return actions.open_blocked_creation(door, CLAIM if context is None else context, **{**given, **kwargs})


def test_the_ticket_holds_what_was_claimed_and_why_it_was_refused():
    ticket = blocked(page="/compte/creer/numero/")
    assert ticket.kind == Ticket.Kind.BLOCKED_ACCOUNT and ticket.topic == "account" and ticket.name == "Minh Anh TRAN"
    assert ticket.context["door"] == "number" and ticket.context["why"] == "mismatch"
    assert ticket.context["page"] == "/compte/creer/numero/"
    assert ticket.context["claimed"]["birth_date"] == "1999"
    assert "ne correspondent pas" in ticket.message


def test_days_are_kept_as_they_are_written_everywhere_and_empty_answers_are_left_out():
    ticket = blocked("permit", {"permit_number": "ABC", "valid_from": date(2026, 3, 1), "last_name": "", "sex": None})
    assert ticket.context["claimed"] == {"permit_number": "ABC", "valid_from": "2026-03-01"}


def test_it_goes_to_the_office_of_the_address_claimed_else_to_the_contact_centre():
    assert blocked().office_id == "5901"
    assert blocked(context={**CLAIM, "insee_code": "00000"}).office is None
    assert blocked(context={"foreigner_number": "9903000009"}).office is None


def test_the_same_claim_twice_in_a_day_is_one_ticket(movable_clock):
    first = blocked()
    assert blocked().pk == first.pk and OutboxMessage.objects.count() == 1
    assert blocked(email="other@example.org").pk != first.pk
    movable_clock.move(days=1)
    assert blocked().pk != first.pk


def test_it_is_acknowledged_unless_that_would_say_that_an_account_exists():
    blocked(why="second_claim")
    assert OutboxMessage.objects.count() == 0
    blocked()
    assert OutboxMessage.objects.get().template == "ticket_opened"


def test_the_log_holds_nothing_of_what_was_claimed():
    blocked(message="Je suis Minh")
    event = Event.objects.get(kind="ticket_opened")
    assert event.data == {"ticket_kind": "blocked_account", "topic": "account", "door": "number", "why": "mismatch"}


def test_long_names_are_cut_not_refused():
    ticket = blocked(context={"last_name": "A" * 200, "first_names": "B" * 200})
    assert len(ticket.name) == 200 and ticket.context["claimed"]["last_name"] == "A" * 200


def test_what_is_not_a_claim_is_a_mistake_of_ours():
    for wrong in ({"password": "x"}, {"ip": "192.0.2.1"}):
        with pytest.raises(ValueError, match="Not claimed"):
            blocked(context=wrong)
    with pytest.raises(ValueError, match="Not a door"):
        blocked("window")


def test_tries_are_limited():
    for number in range(5):
        blocked(context={"foreigner_number": str(number)}, address="192.0.2.1")
    with pytest.raises(TooManyTries):
        blocked(context={"foreigner_number": "99"}, address="192.0.2.1")
