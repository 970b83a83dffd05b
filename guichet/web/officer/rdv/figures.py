"""The figures of an office's days: a week, or four."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guichet.appointments import queries as appointments
from guichet.appointments.queries import DayFigures
from guichet.core.identifiers import is_code
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer.rdv import words
from guichet.web.officer.rdv.frame import FIGURES, FIGURES_ROLES, address, day_of, office_of, page

WEEKS = (1, 4)


@officer_required(*FIGURES_ROLES)
@require_safe
def figures(request: OfficerRequest) -> HttpResponse:
    """Day by day: places, appointments, absences, people without appointment, mean wait."""
    office = office_of(request, FIGURES)
    day = day_of(request, office)
    weeks = 4 if request.GET.get("semaines") == "4" else 1
    agenda = request.GET.get("agenda", "")
    agenda = agenda if is_code(agenda) else ""
    monday = day - timedelta(days=day.weekday())
    last = monday + timedelta(days=7 * weeks - 1)
    found = appointments.figures(office, monday, last, agenda)
    whole = appointments.together(figure for _day, figure in found)
    context: dict[str, Any] = {
        "rows": [_row(words.long_day(one), figure) for one, figure in found if _happened(figure)],
        "whole": _row("", whole),
        "first": monday,
        "last": last,
        "weeks": weeks,
        "agenda": agenda,
        "agendas": appointments.agendas_of(office),
        "day": day,
        "previous_url": address("rdv_figures", office, jour=monday - timedelta(days=7 * weeks), semaines=weeks, agenda=agenda),
        "next_url": address("rdv_figures", office, jour=monday + timedelta(days=7 * weeks), semaines=weeks, agenda=agenda),
    }
    return page(request, "officer/rdv/figures.html", office, context, here="rdv_figures")


def _happened(figure: DayFigures) -> bool:
    return any((figure.places, figure.booked, figure.cancelled, figure.walk_ins))


def _row(label: str, figure: DayFigures) -> dict[str, Any]:
    """A line of the table; ``bar``: widths of a hundred, of the places, for the eye alone."""
    most = max(figure.places, figure.booked, 1)
    honoured, missed = round(100 * figure.honoured / most), round(100 * figure.missed / most)
    expected = round(100 * (figure.booked - figure.honoured - figure.missed) / most)
    return {
        "label": label,
        "figures": figure,
        "wait": words.minutes(figure.mean_wait) if figure.mean_wait is not None else "",
        "bar": {"honoured": honoured, "missed": missed, "missed_at": honoured, "expected": expected, "at": honoured + missed},
    }
