"""Scenes about days that close: ``python -m tests.races.closing_scenes <scene> …`` prints what it saw as one line of JSON."""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from guichet.appointments import actions, due
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.races.appointment_scenes import drifted, said
from tests.races.scenes import in_processes

BOOKED = ("to_confirm", "confirmed")
PEOPLE = 48


def close_while_people_act(turns: str) -> dict[str, Any]:
    """A day closes while those who hold its places give them up, finish their form, confirm, cancel, and others come."""
    outcomes = []
    for turn in range(int(turns)):
        agenda = world.an_agenda(slot_minutes=15, desks=8)
        type = world.a_type(agenda)
        day = clock.today() + timedelta(days=7)
        while not (slots := list(Slot.objects.filter(agenda=agenda, starts_at__date=day, released_at__lte=clock.now()))):
            day += timedelta(days=1)
        people = [_somebody(type, slots[number % len(slots)], f"{turn}-{number}") for number in range(PEOPLE)]
        acts = [lambda day=day, agenda=agenda: _close(agenda, day)]
        acts += [lambda part=part, people=people: _act_for(people[part::5]) for part in range(5)]
        acts += [lambda slots=slots, type=type, turn=turn: _come(type, slots, turn)]
        heard = in_processes(len(acts), lambda index, acts=acts: acts[index]())
        due.lapse_holds()
        gone = Booking.objects.filter(slot__agenda=agenda, slot__withdrawn_at__isnull=False)
        told = set(OutboxMessage.objects.filter(template="appointment_withdrawn").values_list("address", flat=True))
        outcomes.append(
            {
                "said": heard,
                "untold": [one.pk for one in gone.filter(state__in=BOOKED) if one.email not in told],
                "held": gone.filter(state="held").count(),
                "open": Slot.objects.filter(agenda=agenda, starts_at__date=day, withdrawn_at__isnull=True).count(),
            }
        )
    return {"outcomes": outcomes, "drifted": drifted()}


def _somebody(type: Any, slot: Slot, name: str) -> tuple[Booking, str]:
    return world.claim(type, slot, session=name), name


def _close(agenda: Any, day: Any) -> str:
    return said(lambda: actions.close_days(agenda.office, day, day, by=world.OFFICER, displace=True).removed > 0)


def _act_for(people: list[tuple[Booking, str]]) -> str:
    """Each does one thing or another; refusals are answers like any other."""
    for number, (held, session) in enumerate(reversed(people)):
        if number % 3 == 0:
            said(lambda held=held, session=session: actions.give_up(held, session_key=session))
            continue
        given = world.details(last_name=f"Diallo {session}", email=f"{session}@example.org")
        asked = said(lambda held=held, session=session, given=given: actions.give_details(held, given, session_key=session).pk)
        if asked.isdigit() and number % 3 == 1:
            said(lambda held=held: actions.confirm(world.token(held)))
        elif asked.isdigit():
            said(lambda held=held: actions.cancel(world.token(held)))
    return "acted"


def _come(type: Any, slots: list[Slot], turn: int) -> str:
    for number, slot in enumerate(reversed(slots)):
        said(lambda slot=slot, number=number: world.claim(type, slot, session=f"late {turn}-{number}"))
    return "came"


SCENES: dict[str, Callable[..., dict[str, Any]]] = {"close_while_people_act": close_while_people_act}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
