"""Draws for the tests: an agenda that shares its places, people with wishes, and the worker's rounds."""

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from guichet.appointments import actions
from guichet.appointments.agendas.public_holidays import is_holiday
from guichet.appointments.draws import running, taking_part
from guichet.appointments.keys import token_of_registration
from guichet.appointments.models import Draw
from guichet.core import clock
from guichet.registries.beacon.port import moment_of, round_at
from tests.appointments.world import OFFICER, a_type, an_agenda, details

DRAW = {"rule": "draw", "days": 2, "at": "09:00"}


def a_plan(**changes):
    """Opens now, closes in two days, is drawn an hour later; shares a week of five days that begins in ten days or later."""
    now = clock.now().replace(microsecond=0)
    closes = now + timedelta(days=2)
    first = (now + timedelta(days=10)).date()
    first += timedelta(days=(7 - first.weekday()) % 7)  # a Monday
    while any(is_holiday(first + timedelta(days=day), "42") for day in range(5)):
        first += timedelta(days=7)
    drawn = moment_of(round_at(closes + timedelta(hours=1)))
    fields = {
        "first_day": first,
        "last_day": first + timedelta(days=4),
        "opens_at": now,
        "closes_at": closes,
        "draws_at": drawn,
        "leftovers_at": drawn + timedelta(days=2),
        **changes,
    }
    return actions.DrawPlan(**fields)


def a_draw(*, desks=1, slot_minutes=60, agenda=None, type=None, plan=None, **changes) -> Draw:
    """Five mornings of three slots of one place each."""
    agenda = agenda or an_agenda(release=DRAW, desks=desks, slot_minutes=slot_minutes)
    return actions.open_draw(agenda, type or a_type(agenda, **changes), plan or a_plan(), by=OFFICER)


def ids(draw):
    return list(taking_part.slots_of(draw).values_list("pk", flat=True))


def enter(draw, wishes, given=None, **changes):
    """Registers; the mail is not answered yet."""
    fields = {"request_key": uuid.uuid4(), "proof_key": f"proof-{uuid.uuid4()}", **changes}
    return actions.register_for_draw(draw, given or details(), wishes, **fields)


def register(draw, wishes, given=None, **changes):
    """Registers, and answers the mail."""
    return actions.confirm_registration(token(enter(draw, wishes, given, **changes)))


def token(registration):
    return token_of_registration(registration.request_key)


@contextmanager
def after(moment):
    """The clock, just after a moment; also where it is moved already."""
    with clock.shifted(moment - datetime.now(UTC) + timedelta(seconds=1)):
        yield


def close(draw):
    with after(draw.closes_at):
        assert running.close_due() == 1
    draw.refresh_from_db()


def run(draw):
    """From the deadline to the outcome."""
    if draw.state == Draw.State.OPEN:
        close(draw)
    with after(draw.draws_at):
        assert running.read_seeds() == 1
        while running.give_due():
            pass
    draw.refresh_from_db()
    assert draw.state == Draw.State.DRAWN


def results(draw):
    """{code: (result, place)}"""
    return {row.public_id: (row.result, row.place) for row in draw.registrations.order_by("rank")}
