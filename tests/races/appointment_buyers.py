"""People who write down each thing that they were told is done: ``python -m tests.races.appointment_buyers <verb> …``."""

import itertools
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.db import DatabaseError

from guichet.appointments import actions
from guichet.appointments.models import AppointmentType, Booking, Slot
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.races.appointment_scenes import drifted

STAGES = ["held", "to_confirm", "confirmed", "cancelled"]  # in the order in which one booking goes through them
MAILS = {"to_confirm": "appointment_asked", "confirmed": "appointment_confirmed", "cancelled": "appointment_cancelled"}


def prepare() -> dict[str, Any]:
    agenda = world.an_empty_agenda()
    return {"type": world.a_type(agenda).pk, "slot": world.a_slot(agenda, capacity=30_000).pk}


def buy(type_id: str, slot_id: str, log: str) -> None:
    """Books until killed, or until the database is gone; each act is written down once its outcome was shown, not before."""
    kind, slot = AppointmentType.objects.select_related("office").get(pk=type_id), Slot.objects.get(pk=slot_id)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    print("ready", flush=True)
    for turn in itertools.count():
        session = str(uuid4())
        acts: tuple[Callable[[Booking], Booking], ...] = (
            lambda _none, session=session: world.claim(kind, slot, session=session),
            lambda held, session=session: actions.give_details(
                held, world.details(last_name=world.letters(uuid4().int)), session_key=session
            ),
            lambda asked: actions.confirm(world.token(asked)),
            lambda confirmed: actions.cancel(world.token(confirmed)),
        )
        booking = Booking()
        for act in acts[: 1 + turn % len(acts)]:  # some stop at each stage
            try:
                booking = act(booking)
            except DatabaseError:
                return
            os.write(told, f"{booking.pk} {booking.state}\n".encode())


def lost(log: str) -> dict[str, Any]:
    """What somebody was shown and is not so: of each booking the last that was shown, or what followed it unseen. ``mails``:
    the bookings without the one message of each thing that was shown."""
    shown: dict[int, list[str]] = {}
    with open(log, encoding="ascii") as lines:
        for line in lines:
            if line.endswith("\n"):
                pk, state = line.split()
                shown.setdefault(int(pk), []).append(state)
    there = dict(Booking.objects.values_list("pk", "state"))
    gone = [pk for pk, states in shown.items() if there.get(pk) not in STAGES[STAGES.index(states[-1]) :]]
    written = Counter(
        (int(intent.split(":")[1]), template)
        for intent, template in OutboxMessage.objects.filter(intent__startswith="appointment:").values_list(
            "intent", "template"
        )
    )
    unwritten = [
        pk for pk, states in shown.items() if any(written[pk, MAILS[state]] != 1 for state in states if state in MAILS)
    ]
    acts = Counter(state for states in shown.values() for state in states)
    return {"shown": acts.total(), "acts": acts, "lost": sorted(gone), "mails": sorted(unwritten), "drifted": drifted()}


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "buy": buy, "lost": lost}[verb](*arguments)))
