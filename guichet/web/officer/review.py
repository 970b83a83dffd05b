"""The review of one application: its sheet, and the acts made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guichet.accounts.models import Officer
from guichet.applications.models import Application
from guichet.core.errors import ActionRefused
from guichet.instruction import actions, papers, queries
from guichet.instruction.answers import ANSWERED_MEANWHILE
from guichet.instruction.errors import Invalid
from guichet.instruction.papers import GivenRound, Paper
from guichet.instruction.queries import ReviewSheet
from guichet.instruction.reasons import in_words
from guichet.web.design.forms import summary
from guichet.web.design.guards import OfficerRequest, officer_required
from guichet.web.design.sizes import size_in_words
from guichet.web.officer import convoking, words
from guichet.web.officer.forms import AssignForm, NoteForm, ReasonForm, VerdictForm
from guichet.web.officer.pages import must_hold, sheet_or_404, show, to_sheet, told

FORM_OF = {"add_note": "note_form", "reopen": "reopen_form"}  # by verb, the name that the page gives to its form
# What is offered first when no document is chosen in the address.
FIRST = (papers.TO_REVIEW, papers.REJECTED, papers.ACCEPTED)


@officer_required()
@require_safe
def review(request: OfficerRequest, number: str) -> HttpResponse:
    return draw(request, sheet_or_404(request, number))


def draw(
    request: OfficerRequest, sheet: ReviewSheet, *, chosen: Paper | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page of a sheet; ``forms`` hold what was typed and refused."""
    application = sheet.application
    chosen = chosen or choose(sheet, request.GET.get("piece", ""))
    colleagues = queries.colleagues(application) if "assign" in sheet.verbs else []
    context: dict[str, Any] = {
        "sheet": sheet,
        "application": application,
        "state": words.STATES[application.state],
        "state_badge": words.STATE_BADGES[application.state],
        "papers": [listed(paper, chosen) for paper in sheet.papers],
        "chosen": chosen and viewed(sheet, chosen),
        "previous": neighbour(sheet, chosen, -1),
        "following": neighbour(sheet, chosen, 1),
        "timeline": told_acts(sheet),
        "requests": [told_request(sheet, one) for one in sheet.requests],
        "decisions": [
            {"decision": one, "kind": words.DECISIONS[one.kind], "back": back_reason(one)} for one in sheet.decisions
        ],
        "official_documents": [{"document": one, "kind": words.DOCUMENTS[one.kind]} for one in sheet.official_documents],
        "appointments": convoking.lines_of(sheet),
        "may_decide": bool(sheet.verbs & {"decide", "propose"})
        or ("close_incomplete" in sheet.verbs and sheet.may_close_incomplete),
        "is_mine": sheet.assigned_to is not None and sheet.assigned_to.pk == request.officer.pk,
        "verdict_form": VerdictForm(initial=first_words(chosen)),
        "note_form": NoteForm(auto_id="note_%s"),
        "reopen_form": ReasonForm(auto_id="reopen_%s"),
        "assign_form": AssignForm(officers=colleagues, auto_id="assign_%s", initial={"to": _assigned(sheet)}),
        **forms,
        "error_lines": summary(*forms.values()),
    }
    return show(request, "officer/review.html", context, trail=[(reverse("officer:queue"), _("Dossiers"))], status=status)


def choose(sheet: ReviewSheet, anchor: str) -> Paper | None:
    """The document that the address names, else the first that waits for a word."""
    named = next((paper for paper in sheet.papers if paper.anchor == anchor), None)
    if named:
        return named
    for status in FIRST:
        found = next((paper for paper in sheet.papers if paper.status == status), None)
        if found:
            return found
    return next(iter(sheet.papers), None)


def first_words(paper: Paper | None) -> dict[str, str]:
    """What was said last of this document, to be corrected."""
    verdict = paper.latest.verdict if paper and paper.latest else None
    return {"reason": verdict.reason, "observation": verdict.observation} if verdict else {}


def neighbour(sheet: ReviewSheet, chosen: Paper | None, step: int) -> Paper | None:
    if chosen is None:
        return None
    place = [paper.key for paper in sheet.papers].index(chosen.key) + step
    return sheet.papers[place] if 0 <= place < len(sheet.papers) else None


def listed(paper: Paper, chosen: Paper | None) -> dict[str, Any]:
    return {
        "paper": paper,
        "status": words.PAPERS[paper.status],
        "badge": words.PAPER_BADGES[paper.status],
        "is_chosen": chosen is not None and paper.key == chosen.key,
    }


@dataclass(frozen=True)
class ViewedRound:
    """One round of a document: its title, its files as the viewer wants them, how it was answered, the word on it."""

    title: str
    files: list[dict[str, Any]]
    given: GivenRound
    reason: str  # why it was rejected


def viewed(sheet: ReviewSheet, paper: Paper) -> dict[str, Any]:
    """A document with every round, newest last: old and new side by side."""
    return {
        **listed(paper, paper),
        "rounds": [viewed_round(sheet, given) for given in paper.rounds],
        "can_judge": "give_verdict" in sheet.verbs and paper.latest is not None and paper.waiting is None,
        "asked_reason": in_words(paper.waiting.reason) if paper.waiting else "",
    }


def viewed_round(sheet: ReviewSheet, given: GivenRound) -> ViewedRound:
    title = _("Fourni au dépôt") if given.round == 0 else _("Réponse au complément n° %(round)d") % {"round": given.round}
    number = sheet.application.number
    files = [
        {
            "name": document.file.name,
            "size": size_in_words(document.file.size),
            "download_url": reverse("officer:document", args=[number, document.pk]),
            "pages": [
                reverse("officer:document_page", args=[number, document.pk, page]) for page in range(1, document.file.pages + 1)
            ],
        }
        for document in given.files
    ]
    return ViewedRound(title, files, given, in_words(given.verdict.reason) if given.verdict else "")


def told_acts(sheet: ReviewSheet) -> list[dict[str, Any]]:
    """The timeline, newest first: what happened last is what one looks for."""
    labels = {paper.key: paper.label for paper in sheet.papers}
    entries = []
    for entry in reversed(sheet.timeline):
        title, text = words.act(entry.kind, entry.data, lambda requirement, row: labels.get((requirement, row), requirement))
        entries.append({"at": entry.at, "title": title, "text": text, "by": words.who(entry.actor_kind, entry.who)})
    return entries


def told_request(sheet: ReviewSheet, request: Any) -> dict[str, Any]:
    labels = {paper.key: paper.label for paper in sheet.papers}
    items = [
        {"item": item, "label": labels.get((item.requirement, item.row), item.label), "reason": in_words(item.reason)}
        for item in request.items.all()
    ]
    return {
        "request": request,
        "items": items,
        "reminders": sum(reminder.kind != reminder.Kind.TERM_PASSED for reminder in request.reminders.all()),
    }


def back_reason(decision: Any) -> str:
    reason = decision.sent_back_reason
    return str(words.ANSWERED_MEANWHILE) if reason == ANSWERED_MEANWHILE else reason


def _assigned(sheet: ReviewSheet) -> str:
    return str(sheet.assigned_to.pk) if sheet.assigned_to else ""


# Acts: each is a POST that leads back to the sheet


def act(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An act is posted. Its address read by GET (a reload after an error, another language) leads to the sheet."""

    @wraps(view)
    def acted(request: OfficerRequest, number: str) -> HttpResponse:
        if request.method == "POST":
            return view(request, number)
        sheet_or_404(request, number)
        query = request.META.get("QUERY_STRING", "")
        address = reverse("officer:review", args=[number])
        return redirect(f"{address}?{query}" if query else address)

    return require_http_methods(["GET", "HEAD", "POST"])(acted)


@officer_required()
@act
def take_up(request: OfficerRequest, number: str) -> HttpResponse:
    sheet = sheet_or_404(request, number)
    must_hold(request, "take_up", sheet)
    try:
        actions.take_up(sheet.application, request.officer)
        messages.success(request, _("Le dossier vous est confié. La personne voit que son examen a commencé."))
    except ActionRefused as refusal:
        told(request, refusal)
    return to_sheet(number)


@officer_required()
@act
def assign(request: OfficerRequest, number: str) -> HttpResponse:
    """Gives the application to a colleague, or takes it over oneself with ``me``."""
    sheet = sheet_or_404(request, number)
    take_over = "me" in request.POST
    must_hold(request, "take_over" if take_over else "assign", sheet)
    form = AssignForm(request.POST, officers=queries.colleagues(sheet.application), auto_id="assign_%s")
    if not take_over and not form.is_valid():
        return draw(request, sheet, assign_form=form)
    try:
        actions.assign(sheet.application, request.officer, request.officer if take_over else form.officer)
        messages.success(request, _("C'est enregistré : le dossier a changé de main."))
    except ActionRefused as refusal:
        told(request, refusal)
    return to_sheet(number)


@officer_required()
@act
def verdict(request: OfficerRequest, number: str) -> HttpResponse:
    """A word on a document; then the next one that waits for a word."""
    sheet = sheet_or_404(request, number)
    must_hold(request, "give_verdict", sheet)
    chosen = next((paper for paper in sheet.papers if paper.anchor == request.POST.get("piece", "")), None)
    form = VerdictForm(request.POST)
    if chosen is None:
        return to_sheet(number, "pieces")
    if not form.is_valid():
        return draw(request, sheet, chosen=chosen, verdict_form=form)
    try:
        actions.give_verdict(
            sheet.application,
            request.officer,
            chosen.requirement,
            chosen.row,
            request.POST.get("word", ""),
            form.cleaned_data["reason"],
            form.cleaned_data["observation"],
        )
    except Invalid as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, str(refusal.message))
        return draw(request, sheet, chosen=chosen, verdict_form=form)
    except ActionRefused as refusal:
        told(request, refusal)
        return to_sheet(number)
    messages.success(request, _("« %(document)s » : c'est enregistré.") % {"document": chosen.label})
    after = next_to_judge(sheet, chosen)
    address = reverse("officer:review", args=[number])
    return redirect(f"{address}?piece={(after or chosen).anchor}#pieces")


def next_to_judge(sheet: ReviewSheet, judged: Paper) -> Paper | None:
    """The next document without a word, in a circle."""
    place = [paper.key for paper in sheet.papers].index(judged.key)
    circle = [*sheet.papers[place + 1 :], *sheet.papers[:place]]
    return next((paper for paper in circle if paper.status == papers.TO_REVIEW), None)


@officer_required()
@act
def note(request: OfficerRequest, number: str) -> HttpResponse:
    sheet = sheet_or_404(request, number)
    form = NoteForm(request.POST, auto_id="note_%s")
    return _written(request, sheet, "add_note", form, actions.add_note, _("La note est enregistrée."), anchor="notes")


@officer_required()
@act
def reopen(request: OfficerRequest, number: str) -> HttpResponse:
    sheet = sheet_or_404(request, number)
    form = ReasonForm(request.POST, auto_id="reopen_%s")
    return _written(request, sheet, "reopen", form, actions.reopen, _("Le dossier est rouvert, et la personne en est avertie."))


def _written(
    request: OfficerRequest,
    sheet: ReviewSheet,
    verb: str,
    form: NoteForm | ReasonForm,
    do: Callable[[Application, Officer, str], object],
    done: str,
    anchor: str = "",
) -> HttpResponse:
    """An act that takes one text: its form, what it does, what is said when it is done."""
    must_hold(request, verb, sheet)
    if not form.is_valid():
        refused: dict[str, Any] = {FORM_OF[verb]: form}
        return draw(request, sheet, **refused)
    (text,) = form.cleaned_data.values()
    try:
        do(sheet.application, request.officer, text)
        messages.success(request, done)
    except ActionRefused as refusal:
        told(request, refusal)
    return to_sheet(str(sheet.application.number), anchor)
