"""The week grid: choosing a slot. Looked at by many, and often: the part that refreshes itself answers 304 mostly."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Slot
from guichet.appointments.queries import RANK, Cell, Week
from guichet.core import clock
from guichet.core.identifiers import whole_number
from guichet.web.booking import already, kept, steps, together
from guichet.web.booking.choosing import nothing_free
from guichet.web.booking.identified import pool_of, unidentified, uninvited
from guichet.web.booking.wall import render
from guichet.web.booking.words import Moment, local, week_of

WEEK, SLOT, PART = "semaine", "plage", "vue"
GRID = "grille"  # the part of the page that refreshes itself
FARTHEST = timedelta(weeks=60)


@dataclass(frozen=True)
class Shown:
    """The grid as a page shows it: a week, the slot that is selected in it, and what to do about it."""

    week: Week
    rows: list[tuple[str, list[Any]]]
    by_day: list[tuple[date, str, list[Any]]]  # the day, the best state of its slots, its slots
    selected: Moment | None
    selected_state: str  # of the selected slot: free, full, closed; empty without one
    nearest: list[Moment]
    now: datetime  # on the clock of the office's wall
    elsewhere: bool  # the office's clock is not that of Paris
    url: str

    @property
    def last_day(self) -> date:
        return self.week.days[-1]


def monday_asked(request: HttpRequest, otherwise: date) -> date:
    """The Monday of ``?semaine=2026-W48``; another one when the address holds no week that could be shown."""
    match = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", request.GET.get(WEEK, ""))
    if match:
        try:
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:
            return otherwise
        if abs(monday - clock.today()) <= FARTHEST:
            return monday
    return otherwise


def _named(request: HttpRequest, type: AppointmentType) -> Slot | None:
    """The slot of an address that says no week: whoever lost it comes back to its week. One query."""
    slot_id = whole_number(request.GET.get(SLOT, "")) if WEEK not in request.GET else None
    return appointments.slot_of(type, slot_id) if slot_id is not None else None


def _monday_of(slot: Slot | None) -> date:
    """The Monday of a slot's week, of this week without one."""
    day = slot.starts_at.astimezone(slot.agenda.zone).date() if slot else clock.today()
    return day - timedelta(days=day.weekday())


def shown(
    request: HttpRequest, type: AppointmentType, week: Week, nearest: Sequence[Slot] = (), *, pool: str, party: int = 1
) -> Shown:
    """What the page of a week shows. At most three queries more."""
    zone = week.zone
    slot_id = whole_number(request.GET.get(SLOT, ""))
    cell = next((one for one in week.cells.values() if one.slot_id == slot_id), None)
    state, selected = (cell.state, Moment(cell.slot_id, cell.starts_at, cell.ends_at, cell.left)) if cell else ("", None)
    if slot_id is not None and cell is None:
        state = "closed"
    if state in ("full", "closed") and not nearest:
        nearest = appointments.nearest_free(type, selected.starts_at if selected else None, pool=pool, party=party)
    now = clock.now()
    return Shown(
        week=week,
        rows=[(f"{hour:%H:%M}", [(day, week.cell(day, hour)) for day in week.days]) for hour in week.rows],
        by_day=[(day, _state_of(cells), cells) for day, cells in week.by_day()],
        selected=selected,
        selected_state=state,
        nearest=[local(slot, zone) for slot in nearest],
        now=now.astimezone(zone),
        elsewhere=now.astimezone(zone).utcoffset() != now.astimezone(clock.PARIS).utcoffset(),
        url=request.path,
    )


def _state_of(cells: Sequence[Cell]) -> str:
    """Of a whole day: free when any of its slots is, else full, else closed."""
    return min((cell.state for cell in cells), key=RANK.__getitem__)


@require_http_methods(["GET", "HEAD", "POST"])
def slots(request: HttpRequest, office: str, type: str) -> HttpResponse:
    """The week grid; by POST, the slot that was selected is chosen."""
    found = steps.type_or_404(office, type)
    if request.method == "POST":
        return _choose(request, found)
    return show(request, found, "booking/slots.html")


def show(
    request: HttpRequest,
    type: AppointmentType,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    pool: str | None = None,
    party: int | None = None,
) -> HttpResponse:
    """The grid of the week that is asked for, whole or the part that refreshes itself. ``pool``, ``party``: of a booking that
    moves."""
    language = get_language() or settings.LANGUAGE_CODE
    pool = pool or pool_of(request, type)
    if request.GET.get(PART) == GRID:
        return _part(request, type, language, pool, party or together.asked(request, type) or 1)
    people = party or together.asked(request, type) or together.chosen(request, type)
    first = appointments.first_free(type, pool=pool, party=people)
    monday = monday_asked(request, _monday_of(_named(request, type) or first))
    week = appointments.week(type, monday, pool=pool, language=language, party=people)
    held = kept.hold(request, type)
    zone = ZoneInfo(type.office.time_zone)
    whole = {
        "grid": shown(request, type, week, pool=pool, party=people),
        "party": people,
        "party_choices": together.choices(type) if party is None else (),
        "first": local(first, zone) if first else None,
        "previous_week": week_of(datetime.combine(monday - timedelta(days=7), datetime.min.time())),
        "next_week": week_of(datetime.combine(monday + timedelta(days=7), datetime.min.time())),
        "this_week": week_of(datetime.combine(monday, datetime.min.time())),
        "has_previous": monday > clock.now().astimezone(zone).date(),
        "held": held,
        "held_slot": local(held.slot, zone) if held else None,
        **({} if first else nothing_free(type, pool) | already.context_of(request, type)),
        **(context or {}),
    }
    return steps.page(request, template, type, steps.SLOTS, whole)


def _part(request: HttpRequest, type: AppointmentType, language: str, pool: str, party: int) -> HttpResponse:
    """The grid alone, for the page that is open: one query when nothing moved."""
    monday = monday_asked(request, clock.today())
    mark = f"{request.GET.get(SLOT, '')[:20]}-" if request.GET.get(SLOT, "").isdecimal() else ""
    etag = _tag(mark, appointments.week_etag(type, monday, pool=pool, language=language, party=party))
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        week = appointments.week(type, monday, pool=pool, language=language, party=party)
        context = {"grid": shown(request, type, week, pool=pool, party=party), "type": type, "party": party}
        response = render(request, "booking/parts/grid.html", context)
        etag = _tag(mark, week.etag)
    response["ETag"] = etag
    return response


def _tag(mark: str, etag: str) -> str:
    return f'"{mark.encode("ascii", "ignore").decode()}{etag.strip(chr(34))}"'


def _choose(request: HttpRequest, type: AppointmentType) -> HttpResponse:
    if uninvited(request, type):
        return redirect(steps.address("type", type))
    if not kept.way(request, type).get("accepted"):
        messages.info(request, _("Lisez d'abord les conditions : vous choisirez ensuite votre plage."))
        return redirect(steps.address("type", type))
    if unidentified(request, type):
        messages.info(request, _("Dites d'abord qui vous êtes : vous choisirez ensuite votre plage."))
        return redirect(steps.address("identity", type))
    slot = chosen_slot(request, type)
    if slot is None:
        messages.error(request, _("Choisissez une plage libre dans le tableau, puis continuez."))
        return redirect(f"{steps.address('slots', type)}{query_of_week(request)}")
    held, party = kept.hold(request, type), together.asked(request, type) or 1
    if held is not None and held.slot_id == slot.pk and together.chosen(request, type) == party:
        return redirect(steps.address("details", type))
    kept.choose(request, type, slot.pk, party)
    return redirect(steps.address("check", type))


def chosen_slot(request: HttpRequest, type: AppointmentType) -> Slot | None:
    """The slot that was sent, if it is one of the type's. One query."""
    slot_id = whole_number(request.POST.get(SLOT, ""))
    return appointments.slot_of(type, slot_id) if slot_id is not None else None


def query_of_week(request: HttpRequest) -> str:
    """The week, and how many people, that an address says."""
    week, party = request.GET.get(WEEK, ""), whole_number(request.GET.get(together.PARTY, ""))
    said = {WEEK: week} if re.fullmatch(r"[0-9]{4}-W[0-9]{2}", week) else {}
    said |= {together.PARTY: str(party)} if party else {}
    return f"?{urlencode(said)}" if said else ""


def back_to_grid(request: HttpRequest, type: AppointmentType, slot_id: int | None, nearest: Sequence[Slot]) -> HttpResponse:
    """To the grid of the week of a slot that is gone, which looks for the nearest free ones when it is looked at. No query:
    many are sent back at once when places are rare."""
    url = steps.address("slots", type)
    if nearest:
        week = week_of(nearest[0].starts_at.astimezone(ZoneInfo(type.office.time_zone)))
        return redirect(f"{url}?{WEEK}={week}" + (f"&{SLOT}={slot_id}" if slot_id else ""))
    return redirect(f"{url}?{SLOT}={slot_id}" if slot_id else url)
