"""Scenes about people who come together: ``python -m tests.races.family_scenes <scene> …``, as the others."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.db import connection

from guichet.appointments import actions, due, queries
from guichet.appointments.models import Booking, Slot
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.races.appointment_scenes import drifted, said, sold
from tests.races.scenes import in_processes


def row_of_slots(agenda: Any, count: int, capacity: int) -> list[Slot]:
    """Slots one after the other, whose numbers are in no order: hours and numbers must not be taken for each other."""
    return world.a_row(agenda, *[capacity] * count, order=[*range(1, count, 2), *range(0, count, 2)][::-1])


def hold(type: Any, slot: Slot, count: int, browser: str) -> Booking:
    return actions.claim_together(type, slot.pk, count, session_key=browser, proof_key=str(uuid4()), request_key=uuid4())


def ask(type: Any, slot: Slot, count: int, browser: str) -> Booking:
    first, *others = (world.details(last_name=f"{browser} {world.letters(number)}") for number in range(count))
    return actions.give_details(hold(type, slot, count, browser), first, session_key=browser, others=others)


def parties() -> list[int]:
    """How many rows each family has: all that were claimed, or the claim was not all or nothing."""
    found = Booking.objects.filter(party__isnull=False, state="held").values_list("party", flat=True)
    return sorted(Counter(found).values())


def over_the_same_row(count: str, rounds: str) -> dict[str, Any]:
    """Families of three and people alone, from everywhere in the same row of slots; each comes again elsewhere."""
    agenda = world.an_empty_agenda()
    type, slots = world.a_type(agenda, party_max=4), row_of_slots(agenda, 6, 3)

    def act(index: int) -> str:
        outcomes = []
        for turn in range(int(rounds)):
            slot, browser = slots[(index + 2 * turn) % 6], f"browser {index} {turn}"
            if index % 4 == 3:
                outcomes.append(said(lambda: world.claim(type, slot, session=browser).state))  # noqa: B023
            else:
                outcomes.append(said(lambda: hold(type, slot, 3, browser).state))  # noqa: B023
        return " ".join(outcomes)

    answers = in_processes(int(count), act)
    return {"said": answers, "parties": parties(), "drifted": drifted(), "alone": Booking.objects.filter(party=None).count()}


def last_places_unguarded(count: str) -> dict[str, Any]:
    """With the trigger and the check taken away nothing counts: families are sold the same places."""
    agenda = world.an_empty_agenda()
    type, slot = world.a_type(agenda, party_max=4), world.a_slot(agenda, capacity=3)
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER appointments_places_are_counted ON appointments_booking")
        cursor.execute("ALTER TABLE appointments_slot DROP CONSTRAINT a_slot_is_never_overbooked")
    answers = in_processes(int(count), lambda index: said(lambda: hold(type, slot, 3, f"browser {index}").state))
    return {"said": answers, **sold(slot)}


def shared_people(rounds: str) -> dict[str, Any]:
    """Two families that are the same people in another order say so at the same moment, over and over."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, party_max=4)
    outcomes = []
    for turn in range(int(rounds)):
        slots = [world.a_slot(agenda, capacity=4, starts_in=timedelta(days=5 + turn, hours=hour)) for hour in (0, 2)]
        people = [world.details(last_name=f"Turn{world.letters(turn)} {world.letters(number)}") for number in range(3)]
        held = [hold(type, slot, 3, f"browser {turn} {side}") for side, slot in enumerate(slots)]

        def act(index: int, turn: int = turn, people: Any = people, held: Any = held) -> str:
            first, *others = people if index == 0 else people[::-1]
            browser = f"browser {turn} {index}"
            return said(lambda: actions.give_details(held[index], first, session_key=browser, others=others).state)

        outcomes.append(sorted(in_processes(2, act)))
    return {"outcomes": outcomes, "mails": OutboxMessage.objects.count(), "drifted": drifted()}


def confirm_or_lapse(rounds: str) -> dict[str, Any]:
    """All are confirmed or all have lapsed, whoever comes first; one of them cancels alone at the same moment."""
    agenda = world.an_empty_agenda()
    type, slots = world.a_type(agenda, party_max=4), row_of_slots(agenda, 4, 20)
    outcomes = []
    for turn in range(int(rounds)):
        asked = ask(type, slots[turn % 4], 3, f"browser {turn}")
        tokens = [world.token(one) for one in queries.party_of(asked)]

        def act(index: int, tokens: list[str] = tokens) -> str:
            if index == 0:
                return said(lambda: actions.confirm(tokens[0]).state)
            if index == 1:
                return said(lambda: actions.cancel(tokens[1], alone=True).state)
            with clock.shifted(timedelta(minutes=2881)):
                return str(due.lapse_requests())

        answers = in_processes(4, act)
        outcomes.append({"said": answers, "states": [one.state for one in queries.party_of(asked)]})
    return {"outcomes": outcomes, "drifted": drifted()}


def exchange(turns: str) -> dict[str, Any]:
    """Families exchange their places, over and over, while others cancel and claim there."""
    agenda = world.an_empty_agenda()
    type = world.a_type(agenda, party_max=4)
    slots = row_of_slots(agenda, 8, 60)
    asked = [ask(type, slots[4 * (index % 2)], 3, f"browser {index}") for index in range(4)]

    def act(index: int) -> str:
        if index >= len(asked):
            for turn in range(int(turns)):
                held = hold(type, slots[turn % 8], 3, f"passer-by {index}")
                actions.give_up(held, session_key=f"passer-by {index}")
            return "passed"
        booking = asked[index]
        for turn in range(int(turns)):
            booking = actions.reschedule(booking, slots[4 * ((index + turn + 1) % 2)].pk)
        return f"moved {booking.moves}"

    return {"said": in_processes(6, act), "drifted": drifted(), "states": [queries.party_of(one)[2].moves for one in asked]}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene for scene in (over_the_same_row, last_places_unguarded, shared_people, confirm_or_lapse, exchange)
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
