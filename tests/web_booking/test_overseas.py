"""An office whose clock is not that of Paris: every hour is that of its own wall, and says so."""

from datetime import timedelta

import pytest

from guichet.appointments.models import Booking
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_booking.conftest import Visitor
from tests.web_booking.test_way import text_of

WHOSE = "(heure de Cayenne)"


@pytest.fixture
def agenda(db, monkeypatch):
    monkeypatch.setattr("guichet.core.bot_check.HASHES", 2000)
    office = world.an_office(time_zone="America/Cayenne", department="973", city="Cayenne", city_insee="97302")
    return world.an_empty_agenda(office=office)


@pytest.fixture
def soon(agenda):
    return world.a_slot(agenda, starts_in=timedelta(hours=30))


def test_until_when_to_confirm_says_whose_hour_it_is_from_the_first_page_to_the_mail(agenda, soon):
    visitor = Visitor(world.a_type(agenda))
    visitor.holds(soon)
    visitor.gives()
    hour = f"{world.wall(agenda, soon):%H:%M}"
    assert hour != f"{soon.starts_at.astimezone(clock.PARIS):%H:%M}"
    said = f"{hour} {WHOSE}"
    assert said in text_of(visitor.get("valider/"))
    visitor.finishes()
    assert said in text_of(visitor.get("termine/"))
    booking = Booking.objects.get(state="to_confirm")
    visitor.browser.get(f"/rdv/demande/{world.token(booking)}/")
    assert said in text_of(visitor.browser.get("/rdv/demande/"))
    assert OutboxMessage.objects.get().body.replace("\u202f", " ").count(WHOSE) == 2, "of the appointment, and of the answer"


def test_where_the_clock_is_that_of_paris_nothing_more_is_said(agenda):
    near = world.an_empty_agenda()
    visitor = Visitor(world.a_type(near))
    visitor.asks(world.a_slot(near, starts_in=timedelta(hours=30)))
    assert "(heure de" not in text_of(visitor.get("termine/")) + OutboxMessage.objects.get().body
