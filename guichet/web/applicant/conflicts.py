"""Two windows saved the same part: both versions side by side, and the person chooses, answer by answer. Nothing is lost."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guichet.procedures import values
from guichet.procedures.definition import Field
from guichet.web.applicant import forms
from guichet.web.applicant.filling import Conflict, Filling, Row
from guichet.web.applicant.pages import StepPage
from guichet.web.design.guards import ApplicantRequest

NOT_REPEATED = {"csrfmiddlewaretoken", "action"}


@dataclass(frozen=True)
class Difference:
    """One question with its two answers, as they are read."""

    name: str
    label: str
    place: str
    mine: str
    theirs: str


def page(request: ApplicantRequest, filling: Filling, found: list[Conflict]) -> HttpResponse:
    """The page sends again what this window had, under the revisions just read, and which of the two stands."""
    differences = [
        Difference(
            name=forms.name_of(conflict.row.section.id, conflict.row.number, asked.id),
            label=str(asked.label),
            place=_place(conflict.row),
            mine=_in_words(asked, conflict.row),
            theirs=_in_words(asked, Row(conflict.row.section, conflict.row.number, conflict.current)),
        )
        for conflict in found
        for asked in conflict.differing()
    ]
    current = {f"{row.key}-revision": str(row.revision) for row in filling.rows}
    current |= {f"{conflict.row.key}-revision": str(conflict.current.revision) for conflict in found}
    current["statements-revision"] = str(filling.statements_revision)
    repeated = [
        (name, current.get(name, value))
        for name, values_sent in request.POST.lists()
        if name not in NOT_REPEATED and not name.startswith("keep-")
        for value in values_sent
    ]
    context = {
        "page": StepPage(filling.application, filling.definition, filling.step),
        "differences": differences,
        "repeated": repeated,
        "action": request.POST.get("action") or "continue",
    }
    return render(request, "applicant/conflict.html", context, status=409)


def _place(row: Row) -> str:
    repeat = row.section.repeat
    return f"{repeat.row_title or row.section.title} {row.number + 1}" if repeat else str(row.section.title)


def _in_words(asked: Field, row: Row) -> str:
    if asked.id in row.kept_typed:
        return in_boxes(row.kept_typed[asked.id])
    value = row.payload.get(asked.id)
    return values.display(asked, value) if value is not None else _("(sans réponse)")


def in_boxes(raw: forms.Raw) -> str:
    """What was typed and is not valid, as one line."""
    if isinstance(raw, dict):
        parts = ("day", "month", "year", "house_number", "street", "complement", "postal_code", "city")
        words = [str(raw[part]) for part in parts if raw.get(part)]
        return " ".join(words) or str(raw.get("text", ""))
    return ", ".join(raw) if isinstance(raw, list) else str(raw)
