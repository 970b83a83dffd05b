"""The file for calendars: one event from beginning to end, moved by its sequence, taken out by its cancelling."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from guichet.appointments import actions
from guichet.appointments.bookings.calendar_file import calendar_file
from guichet.core import storage
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agenda(db):
    return world.an_empty_agenda()


@pytest.fixture
def booking(agenda):
    return world.ask(world.a_type(agenda, confirmation_minutes=0), world.a_slot(agenda))


def sent(template):
    """The event and the method of the file that a mail bears, and how the mail announces it."""
    message = OutboxMessage.objects.get(template=template)
    (found,) = [each for each in message.attachments if each["name"].endswith(".ics")]
    calendar = Calendar.from_ical(storage.read(found["key"]))
    return calendar.walk("VEVENT")[0], str(calendar["METHOD"]), found["content_type"]


def test_moved_then_cancelled_it_stays_one_event_of_rising_sequence(agenda, booking):
    taken, method, kind = sent("appointment_confirmed")
    assert (method, int(taken["SEQUENCE"]), str(taken["STATUS"])) == ("PUBLISH", 0, "CONFIRMED") and "method=PUBLISH" in kind
    actions.reschedule(booking, world.a_slot(agenda, starts_in=timedelta(days=9)).pk)
    moved, method, kind = sent("appointment_moved")
    assert (method, int(moved["SEQUENCE"])) == ("PUBLISH", 1)
    assert moved["DTSTART"].dt != taken["DTSTART"].dt
    actions.cancel(world.token(booking))
    gone, method, kind = sent("appointment_cancelled")
    assert (method, int(gone["SEQUENCE"]), str(gone["STATUS"])) == ("CANCEL", 2, "CANCELLED") and "method=CANCEL" in kind
    assert gone["DTSTART"].dt == moved["DTSTART"].dt
    assert taken["UID"] == moved["UID"] == gone["UID"]
    assert all(str(each["ORGANIZER"]).startswith("MAILTO:") for each in (taken, moved, gone)), "RFC 5546 asks for one"
    assert taken.walk("VALARM") and not gone.walk("VALARM")


def test_a_request_that_was_never_confirmed_is_in_no_calendar(agenda):
    asked = world.ask(world.a_type(agenda), world.a_slot(agenda))
    actions.cancel(world.token(asked))
    assert OutboxMessage.objects.get(template="appointment_cancelled").attachments == []


def test_it_is_named_after_the_address_of_the_site_whatever_hosts_it_answers_to(booking, settings):
    """Calendars refuse a name such as «RDV@*»; and the same event keeps its name when hosts are added."""
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://rdv.example.org:8443"
    event = Calendar.from_ical(calendar_file(booking)).walk("VEVENT")[0]
    assert str(event["UID"]) == f"{booking.reference}@rdv.example.org"
