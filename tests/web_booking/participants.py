"""People at the pages of a draw."""

import html
import json
import re

from django.test import Client

from tests.typography import keyboard
from tests.web_booking.conftest import solved, typed


class Participant:
    """Somebody at the pages of a draw."""

    def __init__(self, draw, language="fr"):
        self.draw = draw
        self.base = f"/rdv/{draw.type.office.slug}/{draw.type.slug}/tirage/{draw.slug}/"
        self.browser = Client(headers={"Accept-Language": language})

    def get(self, page="", **query):
        return self.browser.get(f"{self.base}{page}", query)

    def text(self, page=""):
        return keyboard(self.get(page).content.decode())

    def post(self, page="", data=None):
        return self.browser.post(f"{self.base}{page}", data or {})

    def wishes(self, *wishes, accepted=True):
        data = {f"wish_{number}": wish for number, wish in enumerate(wishes, start=1)}
        return self.post("inscription/", data | ({"accepted": "on"} if accepted else {}))

    def passes(self):
        page = self.get("controle/").content.decode()
        challenge = json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', page)[1]))
        return self.post("controle/", {"proof": solved(challenge)})

    def registers(self, *wishes, **changes):
        self.wishes(*wishes)
        self.post("coordonnees/", typed(**changes))
        return self.passes()
