"""Draws of the office of the contracts: people register for one, the other was drawn."""

from dataclasses import dataclass
from datetime import timedelta

from guichet.appointments.models import Draw
from guichet.core import clock
from guichet.offices.models import Office
from tests.appointments.draw_world import DRAW, a_draw, ids, register, run
from tests.appointments.world import a_type, an_agenda

SLUG = "tirage-au-sort"


@dataclass
class Draws:
    open: Draw
    drawn: Draw


def the_draws(office: Office) -> Draws:
    """One drawn a few days ago, one to come, on the same agenda."""
    agenda = an_agenda(office, slug=SLUG, release=DRAW, slot_minutes=60)
    type = a_type(agenda, SLUG, name_fr="Places tirées au sort", name_en="Places that are drawn")
    with clock.shifted(-timedelta(days=20)):
        drawn = a_draw(agenda=agenda, type=type)
        for _ in range(2):
            register(drawn, ids(drawn)[:2])
        run(drawn)
    current = a_draw(agenda=agenda, type=type)
    register(current, ids(current)[:2])
    return Draws(current, drawn)


def more(draws: Draws, serial: int) -> None:
    """One more who takes part."""
    register(draws.open, ids(draws.open)[:2])
