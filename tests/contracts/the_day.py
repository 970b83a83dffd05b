"""A day at the office of the contracts: somebody came for an appointment, another is expected, a third has a number."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from guichet.appointments import actions
from guichet.appointments.actions import AgendaRules, Details
from guichet.appointments.models import AppointmentType, Booking, Slot, Visit
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from guichet.offices.models import Office

SLUG = "au-guichet"


@dataclass
class Day:
    """``visit`` waits and has a booking; ``expected`` is to come, ``later`` in two days; ``free`` may be taken at the
    counter."""

    visit: Visit
    expected: Booking
    later: Booking
    free: Slot


def a_day(office: Office) -> Day:
    """An agenda without rules: its slots are put in by hand, and nobody else books them."""
    rules = AgendaRules(
        slug=SLUG,
        name_fr="Au guichet",
        name_en="At the desk",
        slot_minutes=15,
        desks=40,
        release={"rule": "rolling", "days": 1, "at": "00:00"},
        hours=(),
    )
    agenda = actions.save_agenda(office, rules, by=SYSTEM)
    fields = {"name_fr": "Au guichet", "name_en": "At the desk", "confirmation_minutes": 0}
    type = actions.save_type(office, SLUG, fields, [agenda], by=SYSTEM)
    slot, free = (a_slot(agenda, starts_in) for starts_in in (timedelta(seconds=5), timedelta(days=2)))
    actions.take_number(office, SYSTEM, request_key=uuid.uuid4(), needs=("priority",))
    came, expected = booked(type, slot, 0), booked(type, slot, 1)
    return Day(actions.check_in(came, office, SYSTEM), expected, booked(type, free, 25), free)


def a_slot(agenda, starts_in) -> Slot:
    starts_at = clock.now() + starts_in
    return Slot.objects.create(
        agenda=agenda, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=15), capacity=40, released_at=clock.now()
    )


def booked(type: AppointmentType, slot: Slot, serial: int) -> Booking:
    given = Details(
        last_name=f"Attendu{chr(ord('a') + serial)}",
        first_names="Ana",
        birth_date=PartialDate(1990, 1, 1),
        email="",
        needs={"interpreter": "dari"},
    )
    return actions.book_at_counter(SYSTEM, type, slot.pk, given, request_key=uuid.uuid4())


def more(day: Day, serial: int) -> None:
    """One more who waits, one more who is called, one more number."""
    office, type, slot = day.visit.office, day.expected.type, day.expected.slot
    Slot.objects.filter(pk=slot.pk).update(starts_at=clock.now() + timedelta(minutes=1))  # may still be taken
    waits, called = booked(type, slot, serial), booked(type, slot, serial + 30)
    for booking in (waits, called):
        actions.check_in(booking, office, SYSTEM)
    actions.call(called.visit, str(serial), SYSTEM)
    actions.take_number(office, SYSTEM, request_key=uuid.uuid4())
