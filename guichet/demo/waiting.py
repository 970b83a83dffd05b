"""A waiting list of an invented office, alive: nothing is free, people wait, and a place that somebody gave back is being
offered to OKAFOR Chinedu, whose mails anybody reads in the demonstration."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from guichet.appointments import actions, due, queries, rules
from guichet.appointments.actions import AgendaRules, Details, Hours
from guichet.appointments.models import Agenda, AppointmentType, Booking
from guichet.appointments.releases import at_wall
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from guichet.demo.appointments import RHONE, ROLLING
from guichet.demo.people import person
from guichet.offices.models import Office

SLUG = "duplicata"
BEGUN = timedelta(days=2)  # ago: the list has lived a little
FIRST = "7503134955"  # whose turn it is
# Those who come, as far ahead as slots are open, and those who wait after the first.
NAMES = ("Adeyemi", "Bakari", "Castro", "Dang", "Eklund", "Ferreira", "Grigoryan", "Hamidi", "Ismailov", "Jimenez")
WAITING = ("Kamara", "Lungu", "Moreau-Sall", "Novak")

DUPLICATE: dict[str, Any] = {
    "name_fr": "Titre perdu, volé ou abîmé : duplicata",
    "name_en": "Lost, stolen or damaged permit: duplicate",
    "texts": {
        "purpose": {
            "fr": "Votre carte est perdue, volée ou abîmée, et vous venez en demander une autre.",
            "en": "Your card is lost, stolen or damaged, and you come to ask for another one.",
        },
        "address": RHONE,
        "rights_address": RHONE,
    },
    "eligibility": [],
    "documents": [
        {"fr": "Déclaration de perte ou de vol, ou la carte abîmée", "en": "Report of loss or theft, or the damaged card"},
        {"fr": "Passeport, ou autre preuve de votre identité", "en": "Passport, or other proof of your identity"},
        {"fr": "Justificatif de domicile de moins de 6 mois", "en": "Proof of address less than 6 months old"},
    ],
    "identity": AppointmentType.Identity.NONE,
    "confirmation_minutes": 2880,
    "may_move": True,
}


def make(office: Office) -> None:
    """A small agenda that is full, its list, and one place on its way."""
    offset = clock.stored_offset()
    with clock.shifted(offset - BEGUN):
        agenda, type = _open(office)
        last = _fill(type)
        _wait(type)
        actions.cancel_by_officer(last, by=SYSTEM, reason="")  # who cannot come, after all
    with clock.shifted(offset + _moment_of_day(agenda) - clock.now()):
        due.give_places_back()


def _open(office: Office) -> tuple[Agenda, AppointmentType]:
    """One morning a week, four weeks ahead: the next slots open in some days, whatever the day the world is made."""
    weekday = (queries.today_of(office) + BEGUN + timedelta(days=3)).weekday()
    morning = Hours({5: 4, 6: 0}.get(weekday, weekday), time(9), time(10, 30))
    agenda_rules = AgendaRules(
        slug=SLUG, name_fr="Duplicatas", name_en="Duplicates", slot_minutes=30, desks=1, release=ROLLING, hours=(morning,)
    )
    agenda = actions.save_agenda(office, agenda_rules, by=SYSTEM)
    return agenda, actions.save_type(office, SLUG, DUPLICATE, [agenda], by=SYSTEM)


def _fill(type: AppointmentType) -> Booking:
    """Nothing stays free. The last one booked, which is the farthest."""
    booked: list[Booking] = []
    while slot := queries.first_free(type):
        given = _invented(NAMES[len(booked) % len(NAMES)], len(booked), email="")
        booked.append(actions.book_at_counter(SYSTEM, type, slot.pk, given, request_key=uuid.uuid4()))
    return booked[-1]


def _wait(type: AppointmentType) -> None:
    first = person(FIRST)
    actions.join_waiting_list(
        type,
        Details(
            first_names=first.first_names,
            last_name=first.birth_name,
            birth_date=first.birth_date(clock.today() + BEGUN),
            email=f"{first.birth_name.lower()}@courriel.demo",
        ),
    )
    for number, name in enumerate(WAITING):
        actions.join_waiting_list(type, _invented(name, 20 + number, email=f"{name.lower()}@courriel.demo"))


def _invented(name: str, number: int, *, email: str) -> Details:
    return Details(first_names="Sasha", last_name=name, birth_date=PartialDate(1970 + number, 1 + number % 12, 15), email=email)


def _moment_of_day(agenda: Agenda) -> datetime:
    """Now, or the evening before when the world is made at night: the offer can be answered for some hours yet."""
    now = clock.now()
    wall = now.astimezone(agenda.zone)
    if rules.OFFERS_FROM <= wall.time() < time(19, 30):
        return now
    evening = wall.date() if wall.time() >= time(19, 30) else wall.date() - timedelta(days=1)
    return at_wall(evening, time(19), agenda.zone)
