"""The waiting list of the demonstration: alive whenever the world is made."""

from datetime import UTC, datetime, timedelta

import pytest

from guichet.appointments import actions, queries
from guichet.appointments.keys import token_of_entry
from guichet.appointments.models import Offer, WaitingEntry
from guichet.core import clock
from guichet.demo import waiting
from guichet.messaging.models import OutboxMessage
from guichet.offices.models import Office

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def made_at(settings, movable_clock):
    """Makes the list at a moment."""
    settings.DEMO = True

    def make(moment):
        movable_clock.move(seconds=(moment - datetime.now(UTC)).total_seconds())
        with clock.demonstration():
            waiting.make(Office.objects.get(slug="lyon"))
            return queries.type_of("lyon", waiting.SLUG)

    return make


@pytest.mark.parametrize("day", range(7))
@pytest.mark.parametrize("hour", [1, 8, 12, 18.75, 22])
def test_nothing_is_free_and_a_place_is_offered_for_an_hour_at_least(made_at, day, hour):
    type = made_at(MONDAY + timedelta(days=day, hours=hour))
    with clock.demonstration():
        assert not queries.is_available(type)
        offer = Offer.objects.get(state="open")
        assert offer.entry.display_name == "Chinedu OKAFOR" and offer.accept_until > clock.now() + timedelta(hours=1)
        assert offer.booking.slot.starts_at > clock.now() + timedelta(days=7)
        assert OutboxMessage.objects.get(template="waiting_offer").address == "okafor@courriel.demo"
        assert WaitingEntry.objects.filter(state="waiting").count() == len(waiting.WAITING)


def test_whoever_reads_the_mail_accepts_the_place(made_at):
    made_at(MONDAY + timedelta(hours=10))
    offer = Offer.objects.get(state="open")
    with clock.demonstration():
        assert actions.accept_offer(token_of_entry(offer.entry.key), offer.pk).state == "confirmed"


@pytest.mark.parametrize("days", [1, 2])
def test_it_stays_full_for_some_days(made_at, movable_clock, days):
    type = made_at(MONDAY + timedelta(hours=10))
    movable_clock.move(days=days)
    with clock.demonstration():
        assert not queries.is_available(type)
