"""Buyers that write down each place that they were told they have: ``python -m tests.races.appointment_buyers <verb> …``."""

import json
import os
import sys
from typing import Any

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.db import DatabaseError

from guichet.appointments.models import AppointmentType, Booking, Slot
from tests.appointments import world
from tests.races.appointment_scenes import drifted


def prepare() -> dict[str, Any]:
    agenda = world.an_empty_agenda()
    return {"type": world.a_type(agenda).pk, "slot": world.a_slot(agenda, capacity=30_000).pk}


def buy(type_id: str, slot_id: str, log: str) -> None:
    """Buys until killed, or until the database is gone; each place is written down once it was shown, and not before."""
    kind, slot = AppointmentType.objects.select_related("office").get(pk=type_id), Slot.objects.get(pk=slot_id)
    told = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    print("ready", flush=True)
    while True:
        try:
            booking = world.claim(kind, slot)
        except DatabaseError:
            return
        os.write(told, f"{booking.pk}\n".encode())


def lost(log: str) -> dict[str, Any]:
    """The places that somebody was shown and that are not there."""
    with open(log, encoding="ascii") as lines:
        shown = {int(line) for line in lines if line.endswith("\n")}
    there = set(Booking.objects.values_list("pk", flat=True))
    return {"shown": len(shown), "lost": sorted(shown - there), "drifted": drifted()}


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "buy": buy, "lost": lost}[verb](*arguments)))
