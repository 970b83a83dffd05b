"""The list of the day of the demonstration: people are expected soon, whatever the hour at which the world is made."""

from datetime import timedelta

import pytest
import time_machine

from guichet.appointments import queries
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from guichet.demo import appointments, expected
from guichet.messaging.models import OutboxMessage
from guichet.offices.actions import load_offices
from guichet.offices.models import Office
from tests.appointments import world

pytestmark = pytest.mark.django_db
TUESDAY_MORNING, FRIDAY_NIGHT = world.utc(2026, 11, 24, 7), world.utc(2026, 11, 27, 22)


@pytest.mark.parametrize("moment", [TUESDAY_MORNING, FRIDAY_NIGHT], ids=["a working morning", "a Friday night"])
def test_people_are_expected_within_a_week_and_places_stay_free(moment):
    with time_machine.travel(moment, tick=False):
        load_offices()
        found = Office.objects.in_bulk(("lille", "saint-etienne", "lyon"), field_name="slug")
        appointments.make(found)
        office = found["saint-etienne"]
        expected.make(office, "etudiants")
        bookings = list(Booking.objects.select_related("slot"))
        assert len(bookings) == len(expected.PEOPLE)
        assert all(clock.now() < one.slot.starts_at < clock.now() + timedelta(days=8) for one in bookings)
        assert {one.state for one in bookings} == {"confirmed"} and not OutboxMessage.objects.exists()
        first = min(one.slot.starts_at for one in bookings)
        sheet = queries.day_sheet(office, first.date())
        assert sheet.rows and any(free.places for free in sheet.free)
        assert not Slot.objects.filter(taken__gte=2).exists()
