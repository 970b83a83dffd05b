"""An office that gives appointments, and a browser on its way to one."""

import base64
import html
import json
import re

import altcha
import pytest
from django.core.cache import cache
from django.test import Client

from tests.appointments import world
from tests.appointments.draw_world import a_draw

OFFICE = "/rdv/{}/admission/"


class Visitor:
    """Somebody at the pages of a type. ``runs_scripts``: their browser does the proof of work by itself."""

    def __init__(self, type, *, language="fr"):
        self.type = type
        self.base = OFFICE.format(type.office.slug)
        self.browser = Client(headers={"Accept-Language": language})

    def get(self, page="", **query):
        return self.browser.get(f"{self.base}{page}", query)

    def post(self, page="", data=None, **more):
        return self.browser.post(f"{self.base}{page}", data or {}, **more)

    def accepts(self):
        return self.post(data={"accepted": "on"})

    def takes(self, slot):
        return self.post("creneaux/", {"plage": slot.pk})

    def proof(self):
        """What a browser sends once it has found the number."""
        page = self.get("controle/").content.decode()
        challenge = json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', page)[1]))
        return solved(challenge)

    def passes(self, proof=None):
        return self.post("controle/", {"proof": proof or self.proof()})

    def holds(self, slot):
        self.accepts()
        self.takes(slot)
        return self.passes()

    def gives(self, **changes):
        return self.post("coordonnees/", typed(**changes))

    def finishes(self):
        return self.post("valider/")

    def asks(self, slot, **changes):
        """From the conditions to the end."""
        self.holds(slot)
        self.gives(**changes)
        return self.finishes()


def solved(challenge):
    found = altcha.solve_challenge(challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"], 0)
    sent = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": found.number}
    return base64.b64encode(json.dumps(sent).encode()).decode()


def typed(**changes):
    return {
        "first_names": "Maria",
        "last_name": "Lopez",
        "birth_name": "",
        "birth_date_day": "12",
        "birth_date_month": "5",
        "birth_date_year": "1990",
        "email": "maria@example.org",
        "email_again": "maria@example.org",
        "phone": "06 12 34 56 78",
        **changes,
    }


@pytest.fixture
def agenda(db, monkeypatch):
    monkeypatch.setattr("guichet.core.bot_check.HASHES", 2000)  # the work is that of a second elsewhere
    return world.an_empty_agenda()


@pytest.fixture
def type(agenda):
    return world.a_type(
        agenda,
        texts={
            "purpose": {"fr": "Vous venez déposer une demande.", "en": "You come to file a request."},
            "address": {"fr": "2 rue Charles-de-Gaulle", "en": "2 rue Charles-de-Gaulle"},
            "rights_address": {"fr": "2 rue Charles-de-Gaulle, 42022 Saint-Étienne", "en": "2 rue Charles-de-Gaulle"},
        },
        eligibility=[{"fr": "Vous êtes européen.", "en": "You are European."}],
    )


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=2)


@pytest.fixture
def visitor(type):
    return Visitor(type)


# Draws --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def light_check(monkeypatch):
    monkeypatch.setattr("guichet.core.bot_check.HASHES", 2000)
    cache.clear()


@pytest.fixture
def draw(db):
    return a_draw()


@pytest.fixture
def somebody(draw):
    from tests.web_booking.participants import Participant  # which needs this file

    return Participant(draw)
