"""People who look at week grids: ``python -m bench.viewers serve`` sends what their pages send every ten seconds.

Time is compressed: a page waits for its turn, not for ten seconds; polls and claims come in the order of the simulated hour.
Each claim moves the version of a slot, and whoever looks at that week is given the new grid by the next poll.
"""

import os
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from django.contrib.sessions.models import Session

from bench import http
from bench.claiming import one
from bench.processes import answer
from bench.shoppers import CONNECTIONS, cookies, session_of
from bench.site import HOST
from guichet.appointments import actions
from guichet.appointments.models import AppointmentType, Slot
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.offices.models import Office
from guichet.web.booking import steps

EVERY, GIVE_OR_TAKE = 10.0, 2.0  # seconds between two polls of a page
HOURS = tuple(actions.Hours(weekday, time(9), time(16)) for weekday in range(5))


@dataclass
class Grid:
    """The week of one office that is looked at."""

    kind: AppointmentType
    address: str
    slots: list[int]


@dataclass
class Viewer:
    """A page that is open, and the grid it shows."""

    grid: Grid
    cookie: str
    etag: str = ""


def look(port: int, number: int, offices: int, seconds: float, claims_a_minute: float) -> dict[str, Any]:
    """So many pages open on the grids of some offices, in each of which so many places are taken a minute.

    The first ten simulated seconds open the pages; what the polls that follow are answered is told.
    """
    monday = clock.today() + timedelta(days=7 - clock.today().weekday())
    grids = [grid_of(office, monday.isocalendar()) for office in Office.objects.order_by("code")[:offices]]
    rows = [session_of({}) for _each in range(number)]
    Session.objects.bulk_create(rows, batch_size=500)
    viewers = [Viewer(random.choice(grids), cookies(row)) for row in rows]  # noqa: S311 - a simulation
    turns = timetable(viewers, EVERY + seconds, claims_a_minute * len(grids) / 60)
    polls: list[tuple[float, Viewer]] = []

    def requests() -> Iterator[bytes]:
        for at, viewer in turns:
            if viewer is None:
                grid = random.choice(grids)  # noqa: S311
                claims.submit(one, grid.kind, random.choice(grid.slots)).result()  # noqa: S311
            else:
                polls.append((at, viewer))
                known = {"If-None-Match": viewer.etag} if viewer.etag else {}
                yield http.request(
                    "GET", viewer.grid.address, host=f"{HOST}:{port}", headers={"Cookie": viewer.cookie, **known}
                )

    def seen(place: int, given: http.Answer) -> None:
        polls[place][1].etag = given.headers.get("etag", "")

    # Far fewer at once than there are pages: nobody polls again before the last poll was answered.
    with ThreadPoolExecutor(max_workers=1) as claims:  # Django reads no database in the thread of a loop
        answers, taken = http.send(port, requests(), connections=min(CONNECTIONS, number // 10), seen=seen)
    later = [given for (at, _viewer), given in zip(polls, answers, strict=True) if at >= EVERY]
    kinds = {status: [given.milliseconds for given in later if given.status == status] for status in (200, 304)}
    odd = len(later) - sum(map(len, kinds.values()))
    return {"polls": len(answers), "seconds": taken, "same": kinds[304], "changed": kinds[200], "odd": odd}


def grid_of(office: Office, week: tuple[int, int, int]) -> Grid:
    """An agenda of 140 slots a week, four desks each, opened long ago."""
    rolling = {"rule": "rolling", "days": 20, "at": "00:00"}
    agenda = actions.save_agenda(
        office,
        actions.AgendaRules("looked-at", "Looked at", "Looked at", slot_minutes=15, desks=4, release=rolling, hours=HOURS),
        by=SYSTEM,
    )
    kind = actions.save_type(office, "looked-at", {"name_fr": "Looked at", "name_en": "Looked at"}, [agenda], by=SYSTEM)
    monday = clock.paris_date(clock.now()).fromisocalendar(*week[:2], 1)
    shown = Slot.objects.filter(agenda=agenda, starts_at__date__gte=monday, starts_at__date__lt=monday + timedelta(days=7))
    address = f"{steps.address('slots', kind)}?semaine={week[0]}-W{week[1]:02}&vue=grille"
    return Grid(kind, address, list(shown.values_list("pk", flat=True)))


def timetable(viewers: list[Viewer], until: float, claims_a_second: float) -> list[tuple[float, Viewer | None]]:
    """Who polls when, and when a place is taken (None), in simulated seconds, in order."""
    turns: list[tuple[float, Viewer | None]] = []
    for viewer in viewers:
        at = random.uniform(0, EVERY)  # noqa: S311
        while at < until:
            turns.append((at, viewer))
            at += random.uniform(EVERY - GIVE_OR_TAKE, EVERY + GIVE_OR_TAKE)  # noqa: S311
    at = random.expovariate(claims_a_second)
    while at < until:
        turns.append((at, None))
        at += random.expovariate(claims_a_second)
    return sorted(turns, key=lambda turn: turn[0])


if __name__ == "__main__":
    answer({}, {"look": look}, sys.argv[1:])
