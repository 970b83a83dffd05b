"""One buyer of places, a process of its own: ``python -m bench.claiming claim <from> <to> <seconds>`` (slot ids) prints JSON.

``prepare`` makes the agenda and its slots; ``sale`` buys until nothing is left; ``count`` says what was sold.
"""

import json
import os
import secrets
import statistics
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from guichet.appointments import actions
from guichet.appointments.errors import Full
from guichet.appointments.models import COUNTED, Agenda, AppointmentType, Booking, Slot
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.offices.models import Office

SPREAD, PLENTY, PLACES = 2000, 30_000, 960


def prepare() -> dict[str, Any]:
    """2,000 slots with more places than can be sold, one such slot, one slot that is full, 96 slots with ten places each."""
    office = Office.objects.order_by("code")[0]
    rules = actions.AgendaRules(
        "bench", "Bench", "Bench", slot_minutes=5, desks=1, release={"rule": "rolling", "days": 0, "at": "00:00"}, hours=()
    )
    agenda = actions.save_agenda(office, rules, by=SYSTEM)
    kind = actions.save_type(office, "bench", {"name_fr": "Bench", "name_en": "Bench"}, [agenda], by=SYSTEM)
    now = clock.now().replace(microsecond=0)
    capacities = [PLENTY] * (SPREAD + 1) + [1] + [10] * (PLACES // 10)
    Slot.objects.bulk_create(
        Slot(
            agenda=agenda,
            starts_at=now + timedelta(days=5, minutes=5 * index),
            ends_at=now + timedelta(days=5, minutes=5 * index + 5),
            capacity=capacity,
            released_at=now - timedelta(days=1),
        )
        for index, capacity in enumerate(capacities)
    )
    ids = list(Slot.objects.filter(agenda=agenda).order_by("starts_at").values_list("pk", flat=True))
    one(kind, ids[SPREAD + 1])
    return {
        "type": kind.pk,
        "spread": [ids[0], ids[SPREAD - 1]],
        "hot": [ids[SPREAD], ids[SPREAD]],
        "full": [ids[SPREAD + 1], ids[SPREAD + 1]],
        "sale": [ids[SPREAD + 2], ids[-1]],
    }


def one(kind: AppointmentType, slot_id: int) -> bool:
    """Somebody asks for a place: whether there was one."""
    who = str(uuid4())
    try:
        actions.claim(kind, slot_id, session_key=who, proof_key=who, request_key=uuid4())
    except Full:
        return False
    return True


def _started() -> tuple[AppointmentType, Agenda]:
    """Everybody is ready, then waits for a line."""
    kind = AppointmentType.objects.select_related("office").get(slug="bench")
    print("ready", flush=True)
    sys.stdin.readline()
    return kind, kind.agendas.get()


def claim(first: str, last: str, seconds: str) -> dict[str, Any]:
    kind, _agenda = _started()
    until = time.monotonic() + float(seconds)
    granted, times = 0, []
    began = time.monotonic()
    while began < until:
        granted += one(kind, int(first) + secrets.randbelow(int(last) - int(first) + 1))
        ended = time.monotonic()
        times.append(ended - began)
        began = ended
    hundredths = statistics.quantiles(times, n=100)
    return {"asked": len(times), "granted": granted, "p50": hundredths[49] * 1000, "p99": hundredths[98] * 1000}


def sale(first: str, last: str) -> dict[str, Any]:
    """Buys whatever is left, slot after slot in an order of its own, until all are full."""
    kind, _agenda = _started()
    wanted = list(range(int(first), int(last) + 1))
    secrets.SystemRandom().shuffle(wanted)
    granted = 0
    for slot_id in wanted:
        while one(kind, slot_id):
            granted += 1
    return {"granted": granted}


def count(first: str, last: str) -> dict[str, Any]:
    return {"sold": Booking.objects.filter(slot__gte=first, slot__lte=last, state__in=COUNTED).count()}


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    print(json.dumps({"prepare": prepare, "claim": claim, "sale": sale, "count": count}[verb](*arguments)))
