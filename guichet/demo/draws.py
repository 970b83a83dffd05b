"""Draws of an invented office: people register for one, another was drawn yesterday and anybody can replay it."""

import uuid
from datetime import date, datetime, time, timedelta

from guichet.appointments import actions, queries
from guichet.appointments.actions import AgendaRules, Details, DrawPlan, Hours
from guichet.appointments.draws import running
from guichet.appointments.keys import token_of_registration
from guichet.appointments.models import Agenda, AppointmentType, Draw
from guichet.appointments.releases import at_wall
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from guichet.demo.appointments import ADMISSION, RHONE
from guichet.offices.models import Office

SLUG = "admission-exceptionnelle"
BY_DRAW = {"rule": "draw", "days": 3, "at": "09:00"}
MORNINGS = tuple(Hours(weekday, time(9), time(12)) for weekday in range(5))
# Who took part in the draw of yesterday: more people than places.
PEOPLE = (
    *("Amara", "Bintou", "Carlos", "Daryna", "Emre", "Fatou", "Giorgi", "Hanh", "Ivana"),
    *("Jamal", "Kofi", "Lina", "Mirza", "Noor", "Olga", "Paulo", "Rania", "Samir"),
)


def make(office: Office) -> None:
    """An agenda that shares its places, one draw drawn yesterday, one open for a week."""
    rules = AgendaRules(
        slug=SLUG,
        name_fr="Admission exceptionnelle, par tirage",
        name_en="Exceptional admission, by a draw",
        slot_minutes=30,
        desks=1,
        release=BY_DRAW,
        hours=MORNINGS,
    )
    agenda = actions.save_agenda(office, rules, by=SYSTEM)
    texts = {**ADMISSION["texts"], "address": RHONE, "rights_address": RHONE}
    type = actions.save_type(office, SLUG, {**ADMISSION, "texts": texts}, [agenda], by=SYSTEM)
    _drawn_yesterday(agenda, type)
    today = clock.now().astimezone(agenda.zone).date()
    first = _monday_after(today + timedelta(days=14))
    _open(agenda, type, opens=clock.now(), closes=today + timedelta(days=7), first=first, last=first + timedelta(days=4))


def _open(agenda: Agenda, type: AppointmentType, *, opens: datetime, closes: date, first: date, last: date) -> Draw:
    """Registrations end in the evening, the draw is made the next morning, what is left opens three days later."""
    zone = agenda.zone
    plan = DrawPlan(
        first_day=first,
        last_day=last,
        opens_at=opens,
        closes_at=at_wall(closes, time(18), zone),
        draws_at=at_wall(closes + timedelta(days=1), time(10), zone),
        leftovers_at=at_wall(closes + timedelta(days=4), time(9), zone),
    )
    return actions.open_draw(agenda, type, plan, by=SYSTEM)


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _drawn_yesterday(agenda: Agenda, type: AppointmentType) -> None:
    """Its registrations ended the evening before: each step is made at its moment."""
    now = clock.stored_offset()
    today = clock.now().astimezone(agenda.zone).date()
    with clock.shifted(now - timedelta(days=9)):
        shared = _monday_after(today + timedelta(days=3))
        until = shared + timedelta(days=1)  # never two holidays
        past = _open(agenda, type, opens=clock.now(), closes=today - timedelta(days=2), first=shared, last=until)
        wishes = [slot.pk for slot in queries.slots_of_draw(past)]
        for number, name in enumerate(PEOPLE):
            person = Details(
                first_names=name,
                last_name="Tirage",
                birth_date=PartialDate(1980 + number, 1 + number % 12, 1),
                email=f"{name.lower()}.tirage@courriel.demo",
            )
            chosen = [wishes[(number * 5 + turn) % len(wishes)] for turn in range(3)]
            asked = actions.register_for_draw(past, person, chosen, request_key=uuid.uuid4(), proof_key=f"{past.pk}:{number}")
            actions.confirm_registration(token_of_registration(asked.request_key))
    with clock.shifted(now + (past.closes_at - clock.now()) + timedelta(minutes=1)):
        running.close(past.pk)
    with clock.shifted(now + (past.draws_at - clock.now()) + timedelta(minutes=1)):
        running.read_seeds()
        running.give_due()
