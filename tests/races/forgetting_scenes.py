"""Scenes about forgetting: ``python -m tests.races.forgetting_scenes <scene> …`` prints what it saw as one line of JSON."""

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

from guichet.appointments import actions, due, rules
from guichet.appointments.models import Booking, Slot
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from tests.appointments import world
from tests.fixtures import NOON
from tests.races.appointment_scenes import drifted, said
from tests.races.scenes import in_processes


def two_workers(count: str) -> dict[str, Any]:
    """Several workers forget the same days; an officer cancels who still waited for another date."""
    clock._offset.set(NOON - clock.of_the_machine())
    type = world.a_type(world.an_empty_agenda())
    slots = [world.a_slot(type.agendas.get(), capacity=2, starts_in=timedelta(days=5, hours=hour)) for hour in range(3)]
    there = [actions.confirm(world.token(world.ask(type, slot))) for slot in slots for _ in range(2)]
    for booking in there[:4]:
        actions.cancel_by_officer(booking, by=world.OFFICER, reason="Travaux.")
    Booking.objects.filter(state="returning").update(state="returned")
    Slot.objects.update(withdrawn_at=clock.now())

    def act(index: int) -> str:
        with clock.shifted(rules.FORGOTTEN_AFTER + timedelta(days=6)):
            if index == 0:
                return said(lambda: actions.cancel_by_officer(there[4], by=world.OFFICER, reason="Sans nouvelles.").state)
            return said(due.forget_what_is_over)

    answers = in_processes(int(count), act)
    with clock.shifted(rules.FORGOTTEN_AFTER + timedelta(days=6)):
        due.forget_what_is_over()
    left = Booking.objects.filter(forgotten_at__isnull=True)
    return {
        "said": answers,
        "left": [row.pk == there[5].pk for row in left],
        "open": Slot.objects.filter(forgotten_at__isnull=True).count(),
        "papers": OfficialDocument.objects.filter(forgotten_at__isnull=True).count(),
        "drifted": drifted(),
    }


SCENES: dict[str, Callable[..., dict[str, Any]]] = {"two_workers": two_workers}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
