"""The day of the demonstration at the counters: a real reception, whatever the hour at which the world is made."""

from collections import Counter

import pytest
import time_machine

from guichet.appointments import queries
from guichet.appointments.models import Booking, Visit
from guichet.demo import appointments, reception
from guichet.messaging.models import OutboxMessage
from guichet.offices.actions import load_offices
from guichet.offices.models import Office
from tests.appointments import world

pytestmark = pytest.mark.django_db
MOMENTS = {
    "a working morning": world.utc(2026, 11, 24, 9, 40),
    "a Monday, when places open": world.utc(2026, 11, 23, 13, 5),
    "a Friday night": world.utc(2026, 11, 27, 22),
    "a Sunday": world.utc(2026, 11, 29, 11),
    "just after midnight": world.utc(2026, 11, 24, 23, 2),
}


@pytest.fixture(params=MOMENTS.values(), ids=MOMENTS)
def moment(request):
    with time_machine.travel(request.param, tick=False):
        yield request.param


@pytest.fixture
def office(db, moment):
    load_offices()
    found = Office.objects.in_bulk(("lille", "saint-etienne", "lyon"), field_name="slug")
    appointments.make(found)
    reception.make(found["saint-etienne"], "etudiants", family="admission-exceptionnelle")
    return found["saint-etienne"]


def test_somebody_is_on_the_screen_and_somebody_waits_at_any_hour(office, moment):
    shown = queries.calls(office, "fr")
    assert "A003" in {call.ticket for call in shown.calls if call.is_open}
    queue = queries.queue(office)
    assert {"A004", "A006", "A007"} <= {visit.ticket for visit in queue.waiting}
    today = queries.today_of(office)
    assert set(Visit.objects.values_list("day", flat=True)) == {today}
    assert all(visit.arrived_at <= moment for visit in Visit.objects.all())
    assert not OutboxMessage.objects.exists()


def test_on_a_day_of_work_the_list_has_everything(office, moment):
    states = Counter(Booking.objects.values_list("state", flat=True))
    if moment == MOMENTS["a working morning"]:
        assert states["honoured"] and states["missed"] and states["confirmed"]
        assert any(queries.others_of(Booking.objects.all()).values())
        booking = Booking.objects.filter(state="honoured").order_by("slot__starts_at").first()
        assert booking.arrived_at < booking.slot.starts_at
    if moment == MOMENTS["a Sunday"]:
        assert not states, "nobody has an appointment on a Sunday"
    sheet = queries.day_sheet(office, queries.today_of(office))
    assert sum(sheet.counts.values()) == sum(states.values()), "all of them are of today"
