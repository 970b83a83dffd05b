"""Scenes about the waiting list: ``python -m tests.races.waiting_scenes <scene> …`` prints what it saw as one line of JSON."""

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

from guichet.appointments import actions, due, keys
from guichet.appointments.models import AppointmentType, Booking, Offer, Slot, WaitingEntry
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.fixtures import NOON
from tests.races.appointment_scenes import drifted, said
from tests.races.scenes import in_processes


class Desk:
    """An office with full slots, whose people leave."""

    def __init__(self, capacity: int = 1) -> None:
        clock._offset.set(NOON - clock.of_the_machine())  # by day, whenever the test runs
        self.type: AppointmentType = world.a_type(world.an_empty_agenda())
        self.agenda = self.type.agendas.get()
        self.slot: Slot = world.a_slot(self.agenda, capacity=capacity)
        self.there = [world.ask(self.type, self.slot) for _ in range(capacity)]

    def waits(self) -> WaitingEntry:
        return actions.join_waiting_list(self.type, world.details())

    def frees(self, booking: Booking) -> None:
        """The person leaves; the moment of the place has come, and no worker has been."""
        actions.cancel(world.token(booking))
        Booking.objects.filter(state="returning").update(returns_at=clock.now())


def token(entry: WaitingEntry) -> str:
    return keys.token_of_entry(entry.key)


def state_of(entry: WaitingEntry) -> str:
    return str(WaitingEntry.objects.get(pk=entry.pk).state)


def two_workers(count: str) -> dict[str, Any]:
    """Several workers offer the same places to the same people."""
    desk = Desk(capacity=3)
    entries = [desk.waits() for _ in range(5)]
    for booking in desk.there:
        desk.frees(booking)
    handled = in_processes(int(count), lambda index: said(due.give_places_back))
    return {
        "handled": handled,
        "entries": [state_of(entry) for entry in entries],
        "offers": Offer.objects.filter(state="open").count(),
        "mails": OutboxMessage.objects.filter(template="waiting_offer").count(),
        "drifted": drifted(),
    }


def accept_twice(count: str) -> dict[str, Any]:
    desk = Desk()
    entry = desk.waits()
    desk.frees(desk.there[0])
    due.give_places_back()
    offer = Offer.objects.get()
    answers = in_processes(int(count), lambda index: said(lambda: actions.accept_offer(token(entry), offer.pk).state))
    return {
        "said": answers,
        "mails": OutboxMessage.objects.filter(template="appointment_confirmed").count(),
        "entry": state_of(entry),
        "drifted": drifted(),
    }


def accept_or_expire(count: str) -> dict[str, Any]:
    """The person accepts at the last moment; for the workers, whose clock is a little ahead, the time is over."""
    outcomes = []
    for _again in range(int(count)):
        desk = Desk()
        entry = desk.waits()
        desk.frees(desk.there[0])
        due.give_places_back()
        offer = Offer.objects.get(entry=entry)

        def act(index: int, entry: WaitingEntry = entry, offer: Offer = offer) -> str:
            if index == 0:
                return said(lambda: actions.accept_offer(token(entry), offer.pk).state)
            with clock.shifted(timedelta(hours=4, minutes=1)):
                return str(due.end_offers())

        answers = in_processes(3, act)
        mails = OutboxMessage.objects.filter(intent__startswith=f"waiting:{entry.pk}:")
        outcomes.append(
            {
                "accept": answers[0],
                "ended": sum(int(answer) for answer in answers[1:]),
                "offer": Offer.objects.get(pk=offer.pk).state,
                "entry": state_of(entry),
                "mails": sorted(mail.template for mail in mails),
            }
        )
    return {"outcomes": outcomes, "drifted": drifted()}


def offer_or_book(count: str) -> dict[str, Any]:
    """Whose turn it is books another slot at the moment the worker offers them a place."""
    outcomes = []
    for _again in range(int(count)):
        desk, given = Desk(), world.details()
        entry = actions.join_waiting_list(desk.type, given)
        desk.frees(desk.there[0])
        other = world.a_slot(desk.agenda, starts_in=timedelta(days=6))
        held = world.claim(desk.type, other, session=f"browser {other.pk}")

        def act(index: int, given: Any = given, held: Booking = held, other: Slot = other) -> str:
            if index == 0:
                return said(lambda: actions.give_details(held, given, session_key=f"browser {other.pk}").state)
            return str(due.give_places_back())

        answers = in_processes(3, act)
        due.give_places_back()
        due.close_waiting()
        active = Booking.objects.filter(person_key=entry.person_key, state__in=["to_confirm", "offered"])
        outcomes.append({"said": answers[0], "active": [one.state for one in active], "entry": state_of(entry)})
    return {"outcomes": outcomes, "drifted": drifted()}


def leave_or_offer(count: str) -> dict[str, Any]:
    """Somebody leaves the list, or accepts, at the moment the worker offers them a place."""
    outcomes = []
    for _again in range(int(count)):
        desk = Desk()
        entry = desk.waits()
        desk.frees(desk.there[0])

        def act(index: int, entry: WaitingEntry = entry) -> str:
            if index == 0:
                return said(lambda: actions.leave_waiting_list(token(entry)).state)
            return str(due.give_places_back())

        answers = in_processes(3, act)
        open_offers = Offer.objects.filter(entry=entry, state="open").count()
        outcomes.append({"said": answers[0], "entry": state_of(entry), "open": open_offers})
    return {"outcomes": outcomes, "drifted": drifted()}


def join_at_once(count: str) -> dict[str, Any]:
    desk = Desk()
    given = world.details()
    answers = in_processes(int(count), lambda index: said(lambda: actions.join_waiting_list(desk.type, given).pk))
    return {"said": answers, "entries": WaitingEntry.objects.count(), "mails": _joined()}


def attempt_at_once(count: str) -> dict[str, Any]:
    desk = Desk()
    given = world.details()
    answers = in_processes(int(count), lambda index: said(lambda: actions.record_attempt(desk.type, given).document))
    return {"said": answers, "mails": OutboxMessage.objects.filter(template="attempt_recorded").count()}


def _joined() -> int:
    return OutboxMessage.objects.filter(template="waiting_joined").count()


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene
    for scene in (
        two_workers,
        accept_twice,
        accept_or_expire,
        offer_or_book,
        leave_or_offer,
        join_at_once,
        attempt_at_once,
    )
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
