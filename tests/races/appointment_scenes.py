"""Scenes about appointments: ``python -m tests.races.appointment_scenes <scene> …`` prints what it saw as one line of JSON."""

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.db import connection
from django.db.models import Count, Q

from guichet.appointments import actions, due
from guichet.appointments.agendas import making
from guichet.appointments.models import COUNTED, Agenda, Booking, OpeningHours, Slot
from guichet.core import clock
from guichet.core.errors import ActionRefused
from guichet.core.events import SYSTEM
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.races.scenes import in_processes


def said(act: Callable[[], object]) -> str:
    """What an act returned, or the name of what refused it."""
    try:
        return str(act())
    except ActionRefused as refused:
        return type(refused).__name__


def sold(slot: Slot) -> dict[str, int]:
    """What the slot says, and what its bookings say."""
    row = Slot.objects.get(pk=slot.pk)
    return {"capacity": row.capacity, "taken": row.taken, "counted": row.bookings.filter(state__in=COUNTED).count()}


def drifted() -> list[int]:
    """The slots whose count is not that of their bookings, or goes beyond their capacity."""
    counted = Slot.objects.annotate(counted=Count("bookings", filter=Q(bookings__state__in=COUNTED)))
    return [slot.pk for slot in counted if slot.counted != slot.taken or slot.taken > slot.capacity]


def claims(count: int, slot: Slot, type: Any) -> list[str]:
    return in_processes(count, lambda index: said(lambda: world.claim(type, slot, session=f"browser {index}").state))


def last_place(count: str, places: str) -> dict[str, Any]:
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda), world.a_slot(agenda, capacity=int(places))
    return {"said": claims(int(count), slot, type), **sold(slot)}


def last_place_unguarded(count: str, places: str) -> dict[str, Any]:
    """The same with the trigger and the check taken away: nothing counts any more."""
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda), world.a_slot(agenda, capacity=int(places))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER appointments_places_are_counted ON appointments_booking")
        cursor.execute("ALTER TABLE appointments_slot DROP CONSTRAINT a_slot_is_never_overbooked")
    return {"said": claims(int(count), slot, type), **sold(slot)}


def same_invitation(count: str) -> dict[str, Any]:
    """One invitation in several browsers, on different slots."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, identity="invitation", confirmation_minutes=0)
    slots = [world.a_slot(agenda, starts_in=timedelta(days=5, hours=index)) for index in range(int(count))]
    guest = actions.Guest(key="k" * 64, last_name="Haidari", birth_date="1999", email="mariam@example.org")
    invitation = actions.invite(type, ("application", "1"), guest, by=SYSTEM)

    def act(index: int) -> str:
        return said(lambda: world.claim(type, slots[index], session=f"browser {index}", invitation=invitation).state)

    heard = in_processes(int(count), act)
    return {"said": heard, "taken": sum(sold(slot)["taken"] for slot in slots), "drifted": drifted()}


def invited_at_once(count: str) -> dict[str, Any]:
    """Several who call the same person for the same thing at the same moment."""
    type = world.a_type(world.an_empty_agenda(), identity="invitation")
    guest = actions.Guest(key="k" * 64, last_name="Haidari", email="mariam@example.org")

    def act(index: int) -> str:
        return said(lambda: actions.invite(type, ("application", "1"), guest, by=SYSTEM, again=True).pk)

    heard = in_processes(int(count), act)
    return {"said": heard, "mails": OutboxMessage.objects.filter(template="appointment_invitation").count()}


def called_off_or_finished(turns: str) -> dict[str, Any]:
    """An invitation is called off while its person finishes the form: whoever comes first, nobody keeps the appointment."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, identity="invitation", confirmation_minutes=0)
    outcomes = []
    for turn in range(int(turns)):
        guest = actions.Guest(key=f"{turn:064}", last_name="Haidari", birth_date="1999", email="mariam@example.org")
        invitation = actions.invite(type, ("application", str(turn)), guest, by=SYSTEM)
        slot = world.a_slot(agenda, starts_in=timedelta(days=5, hours=turn))
        held = world.claim(type, slot, session="browser", invitation=invitation)

        def finish(held: Booking = held) -> object:
            return actions.give_details(held, world.details(), session_key="browser").state

        def call_off(invitation: Any = invitation) -> object:
            return actions.withdraw_invitation(invitation, by=SYSTEM).pk

        heard = in_processes(2, lambda index, pair=(finish, call_off): said(pair[index]))
        outcomes.append({"said": heard, "state": Booking.objects.get(pk=held.pk).state})
    return {"outcomes": outcomes, "drifted": drifted()}


def same_person(count: str) -> dict[str, Any]:
    """One student in several browsers."""
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda, identity="student"), world.a_slot(agenda, capacity=50)

    def act(index: int) -> str:
        return said(lambda: world.claim(type, slot, session=f"browser {index}", person_key="k" * 64).state)

    return {"said": in_processes(int(count), act), **sold(slot)}


def same_details(count: str) -> dict[str, Any]:
    """One person holds a place in several browsers, then says everywhere who it is."""
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda), world.a_slot(agenda, capacity=50)
    given = world.details()
    held = [world.claim(type, slot, session=f"browser {index}") for index in range(int(count))]

    def act(index: int) -> str:
        return said(lambda: actions.give_details(held[index], given, session_key=f"browser {index}").state)

    answers = in_processes(int(count), act)
    return {"said": answers, "mails": OutboxMessage.objects.count(), "drifted": drifted()}


def same_form(count: str) -> dict[str, Any]:
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda), world.a_slot(agenda)
    key: UUID = uuid4()

    def act(index: int) -> str:
        return said(lambda: world.claim(type, slot, session="one browser", proof_key="one proof", request_key=key).pk)

    return {"said": in_processes(int(count), act), **sold(slot)}


def confirm_or_lapse(count: str) -> dict[str, Any]:
    """The person confirms at the last moment; for the worker, whose clock is a little ahead, the time is over."""
    outcomes = []
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda), world.a_slot(agenda, capacity=50)
    for _again in range(int(count)):
        asked = world.ask(type, slot)
        raw = world.token(asked)

        def act(index: int, raw: str = raw) -> str:
            if index == 0:
                return said(lambda: actions.confirm(raw).state)
            with clock.shifted(timedelta(minutes=2881)):
                return str(due.lapse_requests())

        answers = in_processes(3, act)
        mails = OutboxMessage.objects.filter(intent__startswith=f"appointment:{asked.pk}:").exclude(intent__endswith="asked:0")
        outcomes.append(
            {
                "confirm": answers[0],
                "state": Booking.objects.get(pk=asked.pk).state,
                "mails": [mail.template for mail in mails.order_by("created_at")],
                "lapses": sum(int(answer) for answer in answers[1:]),
            }
        )
    return {"outcomes": outcomes, "drifted": drifted()}


def cancel_and_claim(count: str) -> dict[str, Any]:
    """Somebody cancels a full slot while others try to take it. Near enough, the place is free at once."""
    outcomes = []
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, confirmation_minutes=0)
    for _again in range(int(count)):
        slot = world.a_slot(agenda, starts_in=timedelta(minutes=25, seconds=len(outcomes)))
        held = world.claim(type, slot, session=f"leaving {slot.pk}")

        def act(index: int, slot: Slot = slot, held: Booking = held) -> str:
            if index == 0:
                actions.give_up(held, session_key=f"leaving {slot.pk}")
                return "left"
            return said(lambda: world.claim(type, slot, session=f"browser {slot.pk}-{index}").state)

        outcomes.append({"said": in_processes(5, act), **sold(slot)})
    return {"outcomes": outcomes}


def exchange(count: str) -> dict[str, Any]:
    """Two pairs of people exchange their slots, over and over."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda)
    one, other = world.a_slot(agenda, capacity=100), world.a_slot(agenda, capacity=100, starts_in=timedelta(days=6))
    asked = [world.ask(type, slot) for slot in (one, other, one, other)]

    def act(index: int) -> str:
        booking, here = asked[index], index % 2
        for turn in range(int(count)):
            target = (one, other)[(here + turn + 1) % 2]
            booking = actions.reschedule(booking, target.pk)
        return f"moved {booking.moves}"

    return {
        "said": in_processes(len(asked), act),
        "drifted": drifted(),
        "places": Booking.objects.filter(state="returning").count(),
    }


def regenerate_and_claim(count: str) -> dict[str, Any]:
    """The hours of an agenda go while people book them."""
    outcomes = []
    for _again in range(int(count)):
        agenda = world.an_agenda(slot_minutes=180)
        type = world.a_type(agenda)
        slots = list(Slot.objects.filter(agenda=agenda, released_at__lte=clock.now()).order_by("-starts_at")[:4])
        OpeningHours.objects.filter(agenda=agenda).delete()

        def act(index: int, agenda: Agenda = agenda, type: Any = type, slots: list[Slot] = slots) -> str:
            if index == 0:
                return f"made {making.make(agenda) > 0}"
            return said(lambda: world.claim(type, slots[index % 4], session=f"browser {agenda.pk}-{index}").state)

        answers = in_processes(6, act)
        left = Slot.objects.filter(agenda=agenda)
        outcomes.append(
            {
                "said": answers,
                "held": Booking.objects.filter(slot__agenda=agenda, state="held").count(),
                "open": left.filter(withdrawn_at__isnull=True, kept_since__isnull=True).count(),
            }
        )
    return {"outcomes": outcomes, "drifted": drifted()}


def cut_and_claim(count: str) -> dict[str, Any]:
    """Desks are closed while people book: the capacity stops at what is taken."""
    outcomes = []
    for _again in range(int(count)):
        agenda = world.an_agenda(desks=5, slot_minutes=180)
        type = world.a_type(agenda)
        slot = Slot.objects.filter(agenda=agenda, released_at__lte=clock.now()).order_by("-starts_at").first()
        assert slot
        Agenda.objects.filter(pk=agenda.pk).update(desks=1)

        def act(index: int, agenda: Agenda = agenda, type: Any = type, slot: Slot = slot) -> str:
            if index == 0:
                return f"made {making.make(agenda) > 0}"
            return said(lambda: world.claim(type, slot, session=f"browser {agenda.pk}-{index}").state)

        outcomes.append({"said": in_processes(5, act), **sold(slot)})
    return {"outcomes": outcomes, "drifted": drifted()}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene
    for scene in (
        last_place,
        last_place_unguarded,
        same_invitation,
        invited_at_once,
        called_off_or_finished,
        same_person,
        same_details,
        same_form,
        confirm_or_lapse,
        cancel_and_claim,
        exchange,
        regenerate_and_claim,
        cut_and_claim,
    )
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
