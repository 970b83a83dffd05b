"""The file for calendars: one event from beginning to end, moved by its sequence, taken out by its cancelling."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from guichet.appointments import actions, queries
from guichet.appointments.bookings import finding
from guichet.appointments.bookings.calendar_file import calendar_file
from guichet.appointments.lifecycle import Role
from guichet.appointments.models import Closure, Slot
from guichet.core import storage
from guichet.messaging.models import OutboxMessage
from tests.appointments import households, world
from tests.typography import keyboard

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


# What the office does -------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_agenda(db):
    return world.an_agenda()


def every(booking):
    """(template, method, sequence, beginning) of the files that were mailed, in their order."""
    found = []
    for message in OutboxMessage.objects.filter(address=booking.email).order_by("created_at", "pk"):
        for each in message.attachments:
            if each["name"].endswith(".ics"):
                calendar = Calendar.from_ical(storage.read(each["key"]))
                event = calendar.walk("VEVENT")[0]
                found.append((message.template, str(calendar["METHOD"]), int(event["SEQUENCE"]), event["DTSTART"].dt))
    return found


def close_day_of(slot):
    day = slot.starts_at.astimezone(slot.agenda.zone).date()
    actions.close_days(slot.agenda.office, day, day, by=world.OFFICER, displace=True)
    return Closure.objects.get(first_day=day)


def said(template):
    return keyboard(OutboxMessage.objects.filter(template=template).latest("created_at").body)


def assert_rising(files):
    numbers = [sequence for _template, _method, sequence, _at in files]
    assert numbers == sorted(set(numbers)), numbers


def test_a_day_that_the_office_closes_is_taken_out_of_calendars_and_put_back_when_it_opens(open_agenda, movable_clock):
    type = world.a_type(open_agenda, confirmation_minutes=0)
    booking = world.ask(type, queries.first_free(type))
    for _again in range(2):
        movable_clock.move(minutes=1)
        closure = close_day_of(booking.slot)
        movable_clock.move(minutes=1)
        actions.reopen_days(closure, by=world.OFFICER)
    files = every(booking)
    assert [(template, method) for template, method, _sequence, _at in files] == [
        ("appointment_confirmed", "PUBLISH"),
        *[("appointment_withdrawn", "CANCEL"), ("appointment_restored", "PUBLISH")] * 2,
    ]
    assert_rising(files)
    assert len({at for *_rest, at in files}) == 1
    assert "retire ce rendez-vous de votre agenda" in said("appointment_withdrawn")
    assert "remet ce rendez-vous dans votre agenda" in said("appointment_restored")


def test_whoever_chooses_another_day_has_it_in_their_calendar_again(open_agenda, movable_clock):
    type = world.a_type(open_agenda, confirmation_minutes=0)
    booking = world.ask(type, queries.first_free(type))
    close_day_of(booking.slot)
    movable_clock.move(minutes=1)
    actions.reschedule(queries.booking_of(booking.pk), queries.first_free(type).pk)
    movable_clock.move(minutes=1)
    downloaded = Calendar.from_ical(calendar_file(queries.booking_of(booking.pk))).walk("VEVENT")[0]
    actions.cancel_by_officer(queries.booking_of(booking.pk), by=world.OFFICER, reason="Grève.")
    files = every(booking)
    assert [method for _template, method, *_rest in files] == ["PUBLISH", "CANCEL", "PUBLISH", "CANCEL"]
    assert_rising(files)
    assert int(downloaded["SEQUENCE"]) == files[2][2], "what is downloaded is what was mailed last"


def test_an_officer_who_moves_or_cancels_says_so_to_calendars_too(agenda, booking):
    later = world.a_slot(agenda, starts_in=timedelta(days=9))
    actions.reschedule(booking, later.pk, by=world.OFFICER, role=Role.OFFICER)
    actions.cancel_by_officer(queries.booking_of(booking.pk), by=world.OFFICER, reason="Grève.")
    files = every(booking)
    assert [method for _template, method, *_rest in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert_rising(files)


def test_what_was_never_confirmed_is_taken_out_of_no_calendar(open_agenda):
    type = world.a_type(open_agenda)
    booking = world.ask(type, queries.first_free(type))
    actions.reopen_days(close_day_of(booking.slot), by=world.OFFICER)
    assert every(booking) == []
    assert not [one for one in ("withdrawn", "restored") if "votre agenda" in said(f"appointment_{one}")]
    assert {mail.template for mail in OutboxMessage.objects.all()} >= {"appointment_withdrawn", "appointment_restored"}


def test_a_family_is_one_event_that_goes_and_comes_back_whole(open_agenda, movable_clock):
    type = world.a_type(open_agenda, confirmation_minutes=0, party_max=3)
    booking = households.ask(type, queries.first_free(type, party=3), 3)
    closure = close_day_of(booking.slot)
    movable_clock.move(minutes=1)
    actions.reopen_days(closure, by=world.OFFICER)
    files = every(booking)
    assert [method for _template, method, *_rest in files] == ["PUBLISH", "CANCEL", "PUBLISH"]
    assert_rising(files)
    back, _method, _kind = sent("appointment_restored")
    taken, _method, _kind = sent("appointment_confirmed")
    assert (back["UID"], back["DTSTART"].dt, back["DTEND"].dt) == (taken["UID"], taken["DTSTART"].dt, taken["DTEND"].dt)


def test_when_one_of_a_family_gives_up_the_others_keep_the_event_and_its_hours(open_agenda):
    type = world.a_type(open_agenda, confirmation_minutes=0, party_max=3)
    slots = list(finding.bookable(type)[:2])
    Slot.objects.filter(pk__in=[slot.pk for slot in slots]).update(capacity=1)
    booking = households.ask(type, slots[0], 2)
    second = queries.party_of(booking)[1]
    actions.cancel(world.token(second), alone=True)
    files = every(booking)
    assert [method for _template, method, *_rest in files] == ["PUBLISH", "PUBLISH"]
    assert_rising(files)
    left, _method, _kind = sent("appointment_cancelled")
    assert left["DTEND"].dt == booking.ends_at_local < second.ends_at_local
