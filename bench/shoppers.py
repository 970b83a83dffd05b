"""People who have chosen a slot and passed the bot check: ``python -m bench.shoppers serve`` sends what their browsers send.

Their sessions and their solved checks are made beforehand; each sends one form, as one does, and is led to the details of who
comes, or back to the grid.
"""

import base64
import json
import os
import secrets
import sys
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

import altcha
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from bench import http
from bench.processes import answer
from bench.site import HOST
from guichet.appointments.models import AppointmentType
from guichet.core import bot_check
from guichet.web.booking import kept, steps

CONNECTIONS = 32  # open at once: workers are never out of work


def visit(port: int, type_id: int, wanted: list[int]) -> dict[str, Any]:
    """One shopper for each slot that is wanted."""
    kind = AppointmentType.objects.select_related("office").get(pk=type_id)
    details = steps.address("details", kind)
    answers, seconds = http.send(port, shoppers(port, kind, wanted), connections=CONNECTIONS)
    granted = sum(one.status == 302 and one.headers["location"] == details for one in answers)
    refused = sum(one.status == 302 for one in answers) - granted
    return {"granted": granted, "refused": refused, "seconds": seconds, **http.summary(answers)}


def by_chance(port: int, type_id: int, first: int, last: int, number: int) -> dict[str, Any]:
    """So many shoppers, each for one of some slots."""
    return visit(port, type_id, [first + secrets.randbelow(last - first + 1) for _each in range(number)])


def sale(port: int, type_id: int, first: int, last: int, each: int) -> dict[str, Any]:
    """So many shoppers for each of some slots, in any order."""
    wanted = [slot_id for slot_id in range(first, last + 1) for _each in range(each)]
    secrets.SystemRandom().shuffle(wanted)
    return visit(port, type_id, wanted)


def shoppers(port: int, kind: AppointmentType, wanted: list[int]) -> list[bytes]:
    """Their sessions are in the database; what each sends."""
    rows, requests = [], []
    for slot_id in wanted:
        request = HttpRequest()
        request.method, request.session = "POST", {}  # type: ignore[assignment]
        kept.keep(request, kind, accepted=True)
        kept.choose(request, kind, slot_id)
        kept.browser(request)
        row = session_of(dict(request.session))
        rows.append(row)
        token = secrets.token_hex(16)
        requests.append(
            http.request(
                "POST",
                steps.address("check", kind),
                host=f"{HOST}:{port}",
                headers={"Cookie": cookies(row, csrftoken=token)},
                body=urlencode({"csrfmiddlewaretoken": token, "proof": solved()}),
            )
        )
    Session.objects.bulk_create(rows, batch_size=500)
    return requests


def session_of(data: dict[str, Any]) -> Session:
    kept_as = SessionStore().encode(data)
    return Session(session_key=secrets.token_hex(16), session_data=kept_as, expire_date=timezone.now() + timedelta(hours=1))


def cookies(row: Session, **others: str) -> str:
    sent = {settings.SESSION_COOKIE_NAME: row.session_key, settings.LANGUAGE_COOKIE_NAME: "fr", **others}
    return "; ".join(f"{name}={value}" for name, value in sent.items())


def solved() -> str:
    """A bot check that was passed. A short one: the search is the browser's work, not the site's."""
    with patch.object(bot_check, "HASHES", 20):
        given = bot_check.challenge()
    found = altcha.solve_challenge(given["challenge"], given["salt"], given["algorithm"], given["maxNumber"], 0)
    sent = {name: given[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": found.number}
    return base64.b64encode(json.dumps(sent).encode()).decode()


if __name__ == "__main__":
    answer({}, {"by_chance": by_chance, "sale": sale}, sys.argv[1:])
