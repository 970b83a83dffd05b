"""Reads of draws. The caller has already checked that who asks may see them."""

import json
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from guichet.appointments.draws.drawing import Result
from guichet.appointments.draws.taking_part import is_registration_code, slots_of
from guichet.appointments.models import AppointmentType, Draw, DrawFile, DrawRegistration, Slot
from guichet.core import clock
from guichet.core.identifiers import hash_token
from guichet.offices.models import Office

WHOLE = ("agenda", "type__office")
LONGEST_LINE = 600  # characters, of a published outcome
SHOWN_AFTER = timedelta(days=366)  # a draw stays in the list of its type


def draw_of(office_slug: str, type_slug: str, slug: str) -> Draw | None:
    """A draw by the words of its address; its type may have closed since. One query."""
    found = Draw.objects.select_related(*WHOLE).filter(type__office__slug=office_slug, type__slug=type_slug, slug=slug)
    return found.first()


def draws_of_type(type: AppointmentType) -> list[Draw]:
    """The draws of a type, the latest first. One query."""
    since = clock.now() - SHOWN_AFTER
    return list(Draw.objects.select_related(*WHOLE).filter(type=type, draws_at__gte=since)[:50])


def draws_of_office(office: Office) -> list[Draw]:
    """The draws of an office, the latest first, each with ``registered`` and ``asked``: how many take part, and how many asked
    to, confirmed or not. One query."""
    return _counted(Draw.objects.filter(type__office=office), 100)


def draw_of_office(office: Office, pk: int) -> Draw | None:
    """One draw of an office, with ``registered`` and ``asked``. One query."""
    return next(iter(_counted(Draw.objects.filter(type__office=office, pk=pk), 1)), None)


def _counted(found: "QuerySet[Draw]", most: int) -> list[Draw]:
    confirmed = Count("registrations", filter=Q(registrations__confirmed_at__isnull=False))
    draws: list[Draw] = list(found.select_related(*WHOLE).annotate(asked=Count("registrations"), confirmed=confirmed)[:most])
    for draw in draws:  # what the list says stays, once those people are forgotten
        draw.registered = draw.counts.get("registrations", draw.confirmed)  # type: ignore[attr-defined]
    return draws


def current_draw(type: AppointmentType) -> Draw | None:
    """The draw that people can register for now (the one that ends first), else the next one to come, else the one whose
    outcome is awaited. One query."""
    now = clock.now()
    waiting = Q(state=Draw.State.OPEN, closes_at__gt=now) | Q(state=Draw.State.CLOSED)
    found = Draw.objects.select_related(*WHOLE).filter(waiting, type=type)

    def turn(draw: Draw) -> tuple[int, datetime]:
        if draw.state == Draw.State.CLOSED:
            return 2, draw.draws_at
        return (0, draw.closes_at) if draw.opens_at <= now else (1, draw.opens_at)

    return min(found, key=turn, default=None)


def slots_of_draw(draw: Draw) -> list[Slot]:
    """The slots that a draw shares, by hour. One query."""
    return list(slots_of(draw))


def draw_file(draw: Draw, kind: str) -> DrawFile | None:
    """A published file, once it is published."""
    return DrawFile.objects.filter(draw=draw, kind=kind).first()


def draw_files(draw: Draw) -> dict[str, str]:
    """The kinds of the files that are published, each with its SHA-256. One query, without the files themselves."""
    return dict(DrawFile.objects.filter(draw=draw).values_list("kind", "sha256"))


def result_of_code(draw: Draw, typed: str) -> Result | None:
    """What the published outcome says of a code, however it was typed; None before it is published, or of an unknown code."""
    letters = "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())
    code = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    if not is_registration_code(code):
        return None
    # One line a person, whose first member is the code. The database looks for it: a large outcome does not travel.
    begins = StrIndex("text", Value(f'\n{{"id":"{code}",'))
    outcome = DrawFile.objects.filter(draw=draw, kind=DrawFile.Kind.OUTCOME).annotate(begins=begins).filter(begins__gt=0)
    line = outcome.annotate(line=Substr("text", F("begins") + 1, LONGEST_LINE)).values_list("line", flat=True).first()
    if line is None:
        return None
    row = json.loads(line.partition("\n")[0])
    return Result(row["rank"], row["id"], row["result"], row["slot"])


def registration_by_token(raw: str) -> DrawRegistration | None:
    """The registration of a mailed link."""
    rows = DrawRegistration.objects.select_related("draw__agenda", "draw__type__office", "booking")
    return rows.filter(token_hash=hash_token(raw)).first() if raw else None
