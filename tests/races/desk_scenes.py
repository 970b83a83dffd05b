"""Scenes about the queue: ``python -m tests.races.desk_scenes <scene> …`` prints what it saw as one line of JSON."""

import json
import os
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.db import connection, transaction

from guichet.appointments import actions
from guichet.appointments.desk import visits
from guichet.appointments.models import Booking, Visit
from guichet.core import clock
from tests.appointments import world
from tests.races.appointment_scenes import said
from tests.races.scenes import in_processes

BY = world.OFFICER


def number(office: Any) -> Visit:
    return actions.take_number(office, BY, request_key=uuid.uuid4())


def next_person(count: str, people: str) -> dict[str, Any]:
    """Officers at as many desks call the next person at the same moment."""
    office = world.an_office()
    for _ in range(int(people)):
        number(office)
    heard = in_processes(int(count), lambda index: said(lambda: actions.call_next(office, f"{index}", BY).ticket))
    called = Visit.objects.filter(stage="called")
    return {"said": heard, "called": called.count(), "calls": sum(called.values_list("calls", flat=True))}


def next_person_unguarded(count: str) -> dict[str, Any]:
    """The same as one would write it first: read who is next, then write the call."""
    office = world.an_office()
    for _ in range(int(count)):
        number(office)

    def act(index: int) -> str:
        with transaction.atomic():
            first = visits.waiting(office).first()
            assert first is not None
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.2)")
            Visit.objects.filter(pk=first.pk).update(stage="called", desk=str(index), called_at=clock.now())
            return first.ticket

    return {"said": in_processes(int(count), act)}


def same_desk(count: str) -> dict[str, Any]:
    """The button of one desk pressed many times at once, and several officers who say they sit there."""
    office = world.an_office()
    for _ in range(int(count)):
        number(office)
    heard = in_processes(int(count), lambda _index: said(lambda: actions.call_next(office, "3", BY).ticket))
    return {"said": heard, "called": Visit.objects.filter(stage="called").count()}


def same_person(count: str) -> dict[str, Any]:
    """One person called out of turn by several officers."""
    visit = number(world.an_office())
    heard = in_processes(int(count), lambda index: said(lambda: actions.call(visit, f"{index}", BY).ticket))
    visit.refresh_from_db()
    return {"said": heard, "stage": visit.stage, "calls": visit.calls}


def numbers(count: str) -> dict[str, Any]:
    """Numbers given at several counters at the same moment; each form is sent twice."""
    office = world.an_office()
    keys = [uuid.uuid4() for _ in range(int(count) // 2)]

    def act(index: int) -> str:
        return said(lambda: actions.take_number(office, BY, request_key=keys[index // 2]).ticket)

    return {"said": in_processes(int(count), act), "visits": Visit.objects.count()}


def arrivals(count: str) -> dict[str, Any]:
    """One reference scanned at several counters at once."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, confirmation_minutes=0)
    slot = world.a_slot(agenda, starts_in=timedelta(seconds=20))
    booking = actions.book_at_counter(BY, type, slot.pk, world.details(email=""), request_key=uuid.uuid4())
    heard = in_processes(int(count), lambda _index: said(lambda: actions.check_in(booking, agenda.office, BY).pk))
    return {"said": heard, "visits": Visit.objects.count(), "state": Booking.objects.get().state}


def alike(_count: str = "2") -> dict[str, Any]:
    """Two people whose references end alike arrive at the same moment."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, confirmation_minutes=0)
    slot = world.a_slot(agenda, starts_in=timedelta(seconds=20), capacity=2)
    pair = [actions.book_at_counter(BY, type, slot.pk, world.details(email=""), request_key=uuid.uuid4()) for _ in range(2)]
    Booking.objects.filter(pk=pair[1].pk).update(reference=f"RDV-2345-{pair[0].reference[-4:]}")
    heard = in_processes(2, lambda index: said(lambda: actions.check_in(pair[index], agenda.office, BY).stage))
    return {"said": heard, "tickets": sorted(Visit.objects.values_list("ticket", flat=True))}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene for scene in (next_person, next_person_unguarded, same_desk, same_person, numbers, arrivals, alike)
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
