"""The world of the claims, and a buyer of places: a process of its own that calls the action alone.

``python -m bench.claiming prepare <places>`` makes the agenda and its slots; ``… count <from> <to>`` says what was sold;
``… serve`` buys whenever a line tells it to (``bench.processes``).
"""

import os
import secrets
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from bench.processes import answer
from guichet.appointments import actions
from guichet.appointments.errors import Full
from guichet.appointments.models import COUNTED, Agenda, AppointmentType, Booking, Slot
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.offices.models import Office

SPREAD, PLENTY, EACH = 2000, 30_000, 10


def prepare(places: str) -> dict[str, Any]:
    """2,000 slots with more places than can be sold, one such slot, one slot that is full; and twice so many places to sell,
    ten in each slot: one sale for the action, one for the site."""
    each_sale = int(places) // EACH
    office = Office.objects.order_by("code")[0]
    rules = actions.AgendaRules(
        "bench", "Bench", "Bench", slot_minutes=5, desks=1, release={"rule": "rolling", "days": 0, "at": "00:00"}, hours=()
    )
    agenda = actions.save_agenda(office, rules, by=SYSTEM)
    kind = actions.save_type(office, "bench", {"name_fr": "Bench", "name_en": "Bench"}, [agenda], by=SYSTEM)
    ids = slots(agenda, [PLENTY] * (SPREAD + 1) + [1] + [EACH] * (2 * each_sale))
    one(kind, ids[SPREAD + 1])
    sale, site_sale = ids[SPREAD + 2 : SPREAD + 2 + each_sale], ids[SPREAD + 2 + each_sale :]
    return {
        "type": kind.pk,
        "spread": [ids[0], ids[SPREAD - 1]],
        "hot": [ids[SPREAD], ids[SPREAD]],
        "full": [ids[SPREAD + 1], ids[SPREAD + 1]],
        "sale": [sale[0], sale[-1]],
        "site_sale": [site_sale[0], site_sale[-1]],
    }


def slots(agenda: Agenda, capacities: list[int], *, days: int = 5) -> list[int]:
    """Slots of five minutes that follow each other, from so many days on. Their ids follow each other too."""
    begins = clock.now().replace(microsecond=0) + timedelta(days=days)
    Slot.objects.bulk_create(
        Slot(
            agenda=agenda,
            starts_at=begins + timedelta(minutes=5 * index),
            ends_at=begins + timedelta(minutes=5 * index + 5),
            capacity=capacity,
            released_at=begins - timedelta(days=days + 1),
        )
        for index, capacity in enumerate(capacities)
    )
    return list(Slot.objects.filter(agenda=agenda).order_by("starts_at").values_list("pk", flat=True))


def one(kind: AppointmentType, slot_id: int) -> bool:
    """Somebody asks for a place: whether there was one."""
    who = str(uuid4())
    try:
        actions.claim(kind, slot_id, session_key=who, proof_key=who, request_key=uuid4())
    except Full:
        return False
    return True


def claim(type_id: int, first: int, last: int, seconds: float) -> dict[str, Any]:
    """Asks for places by chance: how many were asked for and given, and the milliseconds that each took."""
    kind = AppointmentType.objects.select_related("office").get(pk=type_id)
    granted, times = 0, []
    began = time.perf_counter()
    until = began + seconds
    while began < until:
        granted += one(kind, first + secrets.randbelow(last - first + 1))
        ended = time.perf_counter()
        times.append((ended - began) * 1000)
        began = ended
    return {"granted": granted, "times": times}


def sale(type_id: int, first: int, last: int) -> dict[str, Any]:
    """Buys whatever is left, slot after slot in an order of its own, until all are full."""
    kind = AppointmentType.objects.select_related("office").get(pk=type_id)
    wanted = list(range(first, last + 1))
    secrets.SystemRandom().shuffle(wanted)
    granted = 0
    for slot_id in wanted:
        while one(kind, slot_id):
            granted += 1
    return {"granted": granted}


def count(first: str, last: str) -> dict[str, Any]:
    return {"sold": Booking.objects.filter(slot__gte=first, slot__lte=last, state__in=COUNTED).count()}


if __name__ == "__main__":
    answer({"prepare": prepare, "count": count}, {"claim": claim, "sale": sale}, sys.argv[1:])
