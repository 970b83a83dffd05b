"""Who is expected at an invented office in the coming days, so that its list is not empty: booked at the counter, no mail."""

import uuid
from datetime import timedelta

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.actions import Details
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from guichet.offices.models import Office

PEOPLE = (
    ("ABDALLAH", "Nour", ""),
    ("BENALI", "Yasmine", ""),
    ("CHOWDHURY", "Rafiq", "bengali"),
    ("DIOP", "Aminata", ""),
    ("ESTRADA", "Luis Miguel", ""),
    ("FARAHANI", "Shirin", "dari"),
    ("GUZMÁN PEÑA", "Rosa", ""),
    ("HADDAD", "Elias", ""),
    ("IVANENKO", "Oksana", "ukrainien"),
    ("JEONG", "Ha-eun", ""),
    ("KONÉ", "Ibrahim", ""),
    ("LIMA", "Joana", ""),
)
EVERY = 3  # slots: some stay free
DAYS = 7


def make(office: Office, slug: str) -> None:
    """One person every third slot of the week to come, beginning with the next one."""
    type = appointments.type_of(office.slug, slug)
    assert type is not None
    today = appointments.today_of(office)
    monday = today - timedelta(days=today.weekday())
    days = [*appointments.counter_week(type, monday), *appointments.counter_week(type, monday + timedelta(days=7))]
    free = [slot for day, slots in days if day < today + timedelta(days=DAYS) for slot in slots if slot.starts_at > clock.now()]
    for serial, (slot, (last_name, first_names, spoken)) in enumerate(zip(free[::EVERY], PEOPLE, strict=False)):
        given = Details(
            last_name=last_name,
            first_names=first_names,
            birth_date=PartialDate(1985 + serial, 1 + serial, 10 + serial),
            email="",
            phone=f"+336399800{10 + serial}",  # of the numbers that France keeps for fiction
            needs={"interpreter": spoken} if spoken else {},
        )
        actions.book_at_counter(SYSTEM, type, slot.slot_id, given, request_key=uuid.uuid4())
