"""Offices, agendas and people for the tests of appointments."""

import itertools
import uuid
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guichet.appointments import actions
from guichet.appointments.actions import AgendaRules, Details, Hours
from guichet.appointments.models import Agenda, AppointmentType, Slot
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import Actor
from guichet.offices.models import Office

OFFICER = Actor("officer", "x")
ROLLING = {"rule": "rolling", "days": 20, "at": "00:00"}
WEEKDAYS = tuple(Hours(weekday, time(9), time(12)) for weekday in range(5))
serial = itertools.count(1)


def an_office(**changes):
    number = next(serial)
    fields = {
        "code": f"X{number % 1000:03}",
        "kind": "prefecture",
        "name": "Préfecture de la Loire (Saint-Étienne)",
        "slug": f"saint-etienne-{number}",
        "department": "42",
        "city": "Saint-Étienne",
        "city_insee": "42218",
        **changes,
    }
    return Office.objects.create(**fields)


def rules(**changes):
    fields = {
        "slug": "guichet",
        "name_fr": "Guichet",
        "name_en": "Desk",
        "slot_minutes": 30,
        "desks": 2,
        "release": ROLLING,
        "hours": WEEKDAYS,
        **changes,
    }
    return AgendaRules(**fields)


def an_agenda(office=None, **changes) -> Agenda:
    return actions.save_agenda(office or an_office(), rules(**changes), by=OFFICER)


def a_type(agenda, slug="admission", **changes) -> AppointmentType:
    fields = {
        "name_fr": "Admission exceptionnelle au séjour",
        "name_en": "Exceptional admission to residence",
        "documents": [{"fr": "Passeport", "en": "Passport"}],
        "texts": {"address": {"fr": "2 rue Charles-de-Gaulle", "en": "2 rue Charles-de-Gaulle"}},
        **changes,
    }
    return actions.save_type(agenda.office, slug, fields, [agenda], by=OFFICER)


def a_slot(agenda, *, capacity=1, starts_in=timedelta(days=5), pool="public", released_at=None, minutes=30) -> Slot:
    """A slot by itself, made by no rule: for what does not make slots again."""
    starts_at = (clock.now() + starts_in).replace(microsecond=0)
    return Slot.objects.create(
        agenda=agenda,
        pool=pool,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        capacity=capacity,
        released_at=released_at or clock.now() - timedelta(hours=1),
    )


def a_row(agenda, *capacities, days=5, minutes=30, order=None) -> list[Slot]:
    """Slots one after the other, with so many places; numbered in ``order`` of their places, else in order of hour."""
    begins = (clock.now() + timedelta(days=days)).replace(microsecond=0)
    made = {}
    for place in order or range(len(capacities)):
        slot = a_slot(agenda, capacity=capacities[place], starts_in=timedelta(days=days, minutes=minutes * place + 1))
        slot.starts_at = begins + timedelta(minutes=minutes * place)
        slot.ends_at = slot.starts_at + timedelta(minutes=minutes)
        slot.save(update_fields=["starts_at", "ends_at"])
        made[place] = slot
    return [made[place] for place in range(len(capacities))]


def an_empty_agenda(**changes) -> Agenda:
    """An agenda without hours: slots are put in by hand."""
    return an_agenda(hours=(), **changes)


def details(**changes) -> Details:
    number = next(serial)
    fields = {
        "first_names": "Maria",
        "last_name": f"Lopez{letters(number)}",
        "birth_date": PartialDate(1990, 5, 12),
        "email": f"maria{number}@example.org",
        "phone": "+33612345678",
        **changes,
    }
    return Details(**fields)


def letters(number):
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def claim(type, slot, *, session=None, **changes):
    fields = {
        "session_key": session or f"session-{uuid.uuid4()}",
        "proof_key": f"proof-{uuid.uuid4()}",
        "request_key": uuid.uuid4(),
        **changes,
    }
    return actions.claim(type, slot.pk, **fields)


def ask(type, slot, given=None, *, session=None):
    """Holds a place and gives the details."""
    session = session or f"session-{uuid.uuid4()}"
    held = claim(type, slot, session=session)
    return actions.give_details(held, given or details(), session_key=session)


def token(booking):
    from guichet.appointments import keys

    return keys.token_of(booking.pk, booking.request_key)


def wall(agenda, slot):
    return slot.starts_at.astimezone(ZoneInfo(agenda.timezone))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)
