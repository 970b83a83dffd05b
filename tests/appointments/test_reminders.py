"""Reminders: three days before and the day before, by day on the office's wall, once each, of the appointment as it is now."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from guichet.appointments import actions, due, releases
from guichet.appointments.bookings import reminding
from guichet.appointments.models import Booking
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 30)


# The rule ------------------------------------------------------------------------------------------------------------------


def said(now):
    return {(each.reminder.days, each.day, each.taken_before) for each in reminding.due(now)}


def test_by_day_those_of_tomorrow_and_of_three_days_on():
    today = datetime(2026, 11, 27, 10, tzinfo=PARIS)
    assert said(today) == {
        (3, MONDAY, date(2026, 11, 27)),
        (3, date(2026, 11, 29), date(2026, 11, 26)),  # made up for: it was due yesterday
        (1, date(2026, 11, 28), date(2026, 11, 27)),
    }


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)))
def test_never_at_night_and_never_of_today(moment):
    found = reminding.due(moment.replace(tzinfo=PARIS))
    assert bool(found) == (time(9) <= moment.time() < time(20))
    assert all(moment.date() < each.day and each.taken_before <= moment.date() for each in found)


# Who has them --------------------------------------------------------------------------------------------------------------


class Office:
    """An office whose wall says what it says, with one appointment at ten on a Monday, taken a week before.

    The machine's own time is moved: a patched ``clock.now`` would leave the defaults of models, which hold the function itself,
    at another time than what is reckoned.
    """

    def __init__(self, machine, zone):
        self.machine, self.zone = machine, ZoneInfo(zone)
        self.at(MONDAY - timedelta(days=10), time(10))
        self.agenda = world.an_empty_agenda(office=world.an_office(time_zone=zone))
        self.type = world.a_type(self.agenda, confirmation_minutes=0, documents=[{"fr": "Passeport", "en": "Passport"}])

    def at(self, day, hour):
        self.machine.move_to(releases.at_wall(day, hour, self.zone).astimezone(UTC))

    def slot(self, day, hour=time(10)):
        return world.a_slot(self.agenda, starts_in=releases.at_wall(day, hour, self.zone) - clock.now())

    def sends(self):
        due.remind()
        return OutboxMessage.objects.filter(template="appointment_reminder").count()


@pytest.fixture
def machine(db):
    with time_machine.travel(world.utc(2026, 11, 20), tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(machine):
    return Office(machine, "Europe/Paris")


@pytest.fixture
def booking(office):
    return world.ask(office.type, office.slot(MONDAY), world.details(first_names="Maria"))


def test_two_reminders_each_once(office, booking):
    sent = []
    for days in (4, 3, 2, 1, 0):
        for hour in (time(3), time(9), time(14), time(19, 59), time(21)):
            office.at(MONDAY - timedelta(days=days), hour)
            sent.append(office.sends())
    assert sent == [0] * 5 + [0, 1, 1, 1, 1] + [1] * 5 + [1, 2, 2, 2, 2] + [2] * 5
    first, last = OutboxMessage.objects.filter(template="appointment_reminder").order_by("created_at")
    assert (first.created_at, last.created_at) == tuple(
        releases.at_wall(MONDAY - timedelta(days=days), time(9), office.zone) for days in (3, 1)
    )
    assert first.subject == "Votre rendez-vous approche" and last.subject == "Votre rendez-vous est demain"
    for message in (first, last):
        assert "- Passeport" in message.body and f"/rdv/demande/{world.token(booking)}/" in message.body
        assert "quelqu'un d'autre aura la place" in message.body.replace("’", "'")


def test_a_worker_that_was_down_makes_up_for_it_until_the_day_before_and_no_later(office, booking):
    office.at(MONDAY - timedelta(days=2), time(15))
    assert office.sends() == 1
    Booking.objects.update(reminders=0)
    office.at(MONDAY - timedelta(days=1), time(15))
    assert office.sends() == 2, "the last one only: both on one day would say the same"
    office.at(MONDAY, time(9))
    assert office.sends() == 2


def test_who_has_just_taken_it_is_not_reminded(office):
    office.at(MONDAY - timedelta(days=3), time(9, 30))
    world.ask(office.type, office.slot(MONDAY))
    office.at(MONDAY - timedelta(days=3), time(12))
    assert office.sends() == 0
    office.at(MONDAY - timedelta(days=1), time(12))
    assert office.sends() == 1, "but is on the day before"


def test_moved_it_is_reminded_of_its_new_day_cancelled_of_none(office, booking):
    office.at(MONDAY - timedelta(days=3), time(10))
    assert office.sends() == 1
    later = MONDAY + timedelta(days=7)
    actions.reschedule(booking, office.slot(later).pk)
    office.at(MONDAY - timedelta(days=1), time(10))
    assert office.sends() == 1
    office.at(later - timedelta(days=3), time(10))
    assert office.sends() == 2
    actions.cancel(world.token(booking))
    office.at(later - timedelta(days=1), time(10))
    assert office.sends() == 2


def test_one_that_waits_for_its_confirmation_or_whose_slot_was_withdrawn_is_not_reminded(office, booking):
    unanswered = world.a_type(office.agenda, "a-confirmer", confirmation_minutes=20160)
    world.ask(unanswered, office.slot(MONDAY, time(11)))
    booking.slot.withdrawn_at = clock.now()
    booking.slot.save(update_fields=["withdrawn_at"])
    office.at(MONDAY - timedelta(days=1), time(10))
    assert office.sends() == 0


def test_day_and_night_are_those_of_the_office(machine):
    office = Office(machine, "America/Guadeloupe")
    world.ask(office.type, office.slot(MONDAY, time(8)))
    office.at(MONDAY - timedelta(days=1), time(8, 30))  # half past one in the afternoon in Paris
    assert office.sends() == 0
    office.at(MONDAY - timedelta(days=1), time(9))
    assert office.sends() == 1


def test_no_more_than_a_batch_at_a_time_and_all_in_the_end(office, monkeypatch):
    monkeypatch.setattr(due, "BATCH", 2)
    slot = office.slot(MONDAY)
    type(slot).objects.filter(pk=slot.pk).update(capacity=5)
    for _each in range(5):
        world.ask(office.type, slot)
    office.at(MONDAY - timedelta(days=1), time(10))
    assert [office.sends() for _round in range(4)] == [2, 4, 5, 5]
