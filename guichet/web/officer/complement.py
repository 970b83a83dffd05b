"""Asking for documents: the list built from the rejected ones, the page as the person will read it, then sending."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guichet.core.errors import ActionRefused
from guichet.instruction import actions, queries, terms
from guichet.instruction.actions import AskedItem
from guichet.instruction.papers import Paper
from guichet.instruction.queries import ReviewSheet
from guichet.instruction.reasons import in_words
from guichet.web.design.forms import ErrorLine, summary
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.officer import words
from guichet.web.officer.forms import AskForm, ExtraForm, MessageForm
from guichet.web.officer.pages import must_hold, sheet_or_404, show, to_sheet, told

BLANK_EXTRAS = 2
MOST_EXTRAS = 10


@dataclass
class Builder:
    """The forms of one page: one for each document of the list, some for documents never asked, one message."""

    asked: list[tuple[Paper, AskForm]]
    extras: list[ExtraForm]
    message: MessageForm

    @property
    def forms(self) -> list[Any]:
        return [*(form for _, form in self.asked), *self.extras, self.message]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])  # every form, so that every error shows at once

    def items(self) -> list[AskedItem]:
        found = [
            AskedItem(paper.requirement, paper.row, "", form.cleaned_data["reason"], form.cleaned_data["observation"])
            for paper, form in self.asked
            if form.cleaned_data["ask"]
        ]
        found += [
            AskedItem(label=form.cleaned_data["label"], observation=form.cleaned_data["observation"])
            for form in self.extras
            if form.cleaned_data["label"]
        ]
        return found


def build(sheet: ReviewSheet, data: Any = None) -> Builder:
    """The forms, filled from what was sent, or from the officer's own verdicts."""
    proposed = {(item.requirement, item.row): item for item in sheet.proposed_items}
    asked = []
    for paper in sheet.papers:
        item = proposed.get(paper.key)
        initial = {"ask": True, "reason": item.reason, "observation": item.observation} if item else {}
        asked.append((paper, AskForm(data, prefix=paper.anchor, initial=initial)))
    count = BLANK_EXTRAS
    if data is not None:
        count = min(max(_number(data.get("extras", "")), BLANK_EXTRAS) + (data.get("action") == "more"), MOST_EXTRAS)
    extras = [ExtraForm(data, prefix=f"extra{place}") for place in range(1, count + 1)]
    return Builder(asked, extras, MessageForm(data))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


@officer_required()
@require_http_methods(["GET", "HEAD", "POST"])
def complement(request: OfficerRequest, number: str) -> HttpResponse:
    sheet = sheet_or_404(request, number)
    must_hold(request, "request_complement", sheet)
    if "request_complement" not in sheet.verbs:
        messages.info(request, _("Un complément se demande pendant l'examen du dossier."))
        return to_sheet(number)
    if request.method != "POST":
        return _page(request, sheet, build(sheet))
    builder = build(sheet, request.POST)
    wanted = request.POST.get("action", "preview")
    if wanted not in ("preview", "send") or not builder.is_valid():
        return _page(request, sheet, builder, errors=wanted in ("preview", "send"))
    try:
        if wanted == "preview":
            checked = queries.checked_items(sheet.papers, builder.items())
            return _preview(request, sheet, builder, checked)
        actions.request_complement(sheet.application, request.officer, builder.items(), builder.message.cleaned_data["message"])
    except actions.Invalid as refusal:
        return _page(request, sheet, builder, errors=True, also=[ErrorLine("documents", refusal.message)])
    except ActionRefused as refusal:
        told(request, refusal)
        return to_sheet(number)
    messages.success(request, _("La demande de complément est envoyée. La personne est prévenue par courriel."))
    return to_sheet(number, "complements")


def _page(
    request: OfficerRequest, sheet: ReviewSheet, builder: Builder, *, errors: bool = False, also: list[ErrorLine] | None = None
) -> HttpResponse:
    wanted = {(item.requirement, item.row) for item in sheet.proposed_items}
    proposed = [(paper, form) for paper, form in builder.asked if paper.key in wanted]
    others = [(paper, form) for paper, form in builder.asked if paper.key not in wanted]
    touched = builder.message.is_bound and any(form.errors or form["ask"].value() for _paper, form in others)
    context = {
        "sheet": sheet,
        "application": sheet.application,
        "proposed": [_line(paper, form) for paper, form in proposed],
        "others": [_line(paper, form) for paper, form in others],
        "others_open": touched or not proposed,
        "extras": builder.extras,
        "may_add": len(builder.extras) < MOST_EXTRAS,
        "message_form": builder.message,
        "error_lines": summary(*builder.forms, also or []) if errors else [],
    }
    return show(request, "officer/complement.html", context, trail=_trail(sheet))


def _line(paper: Paper, form: AskForm) -> dict[str, Any]:
    return {"paper": paper, "form": form, "status": words.PAPERS[paper.status], "badge": words.PAPER_BADGES[paper.status]}


def _preview(request: OfficerRequest, sheet: ReviewSheet, builder: Builder, checked: list[AskedItem]) -> HttpResponse:
    """What the person will read, and everything typed again as hidden values."""
    labels = {paper.key: paper.label for paper in sheet.papers}
    context = {
        "sheet": sheet,
        "application": sheet.application,
        "items": [
            {
                "label": labels.get((item.requirement, item.row), item.label),
                "reason": in_words(item.reason),
                "observation": item.observation,
                "is_extra": item.is_extra,
            }
            for item in checked
        ],
        "message": builder.message.cleaned_data["message"],
        "days": terms.COMPLEMENT_DAYS,
        "typed": typed(request),
    }
    return show(request, "officer/complement_preview.html", context, trail=_trail(sheet))


def typed(request: OfficerRequest) -> list[tuple[str, str]]:
    """What was sent, to be sent again by the next page: everything but the button and the token."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in ("action", "csrfmiddlewaretoken", "_language")
        for value in values
    ]


def _trail(sheet: ReviewSheet) -> list[tuple[str, Any]]:
    number = str(sheet.application.number)
    return [
        (reverse("officer:queue"), _("Dossiers")),
        (reverse("officer:review", args=[number]), _("Dossier %(number)s") % {"number": number}),
    ]
