"""An invented agenda far from Paris: at La Réunion slots are told at the hours of the island, two or three ahead of Paris."""

from datetime import time
from typing import Any

from guichet.appointments import actions
from guichet.appointments.actions import AgendaRules, Hours
from guichet.core.events import SYSTEM
from guichet.demo.appointments import ROLLING, Words
from guichet.demo.waiting import DUPLICATE
from guichet.offices.models import Office

SLUG = "duplicata"
REUNION: Words = {
    "fr": "6 rue des Messageries, 97400 Saint-Denis",
    "en": "6 rue des Messageries, 97400 Saint-Denis",
}
# The day begins early there.
HOURS = tuple(Hours(weekday, time(7, 30), time(11, 30)) for weekday in range(5))


def make(office: Office) -> None:
    """Places on every working day of the coming four weeks."""
    rules = AgendaRules(
        slug=SLUG, name_fr="Duplicatas", name_en="Duplicates", slot_minutes=30, desks=2, release=ROLLING, hours=HOURS
    )
    agenda = actions.save_agenda(office, rules, by=SYSTEM)
    texts: dict[str, Any] = {**DUPLICATE["texts"], "address": REUNION, "rights_address": REUNION}
    actions.save_type(office, SLUG, {**DUPLICATE, "texts": texts}, [agenda], by=SYSTEM)
