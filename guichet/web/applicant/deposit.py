"""The recap: everything to read once more, what is missing, observations, and the deposit, which is final."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guichet.applications import actions, queries
from guichet.applications.errors import NotEligible, NotReady, SentBack
from guichet.applications.models import Answer, Application
from guichet.core.dates import day_in_words
from guichet.core.identifiers import legible
from guichet.offices.errors import UnknownCommune
from guichet.offices.queries import commune, office_for
from guichet.procedures import values
from guichet.procedures.definition import CASES_SECTION, STATEMENTS_SECTION, Definition, Section, Step
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.missing import Missing
from guichet.web.applicant import conflicts, pieces
from guichet.web.applicant.pages import StepPage, anchor_of, change_views, step_url
from guichet.web.design import language
from guichet.web.design.guards import ApplicantRequest

OBSERVATIONS = "observations"
LONGEST = 4000


@dataclass(frozen=True)
class Line:
    """One answer as it is read; ``url`` leads to where it is changed, empty for what the registry answered."""

    label: str
    value: str
    url: str
    is_unfinished: bool = False


@dataclass
class Part:
    """A section of the recap (a row of it, where it repeats)."""

    id: str
    title: str
    url: str
    lines: list[Line] = field(default_factory=list)


@dataclass
class StepRecap:
    step: Step
    number: int
    url: str
    parts: list[Part] = field(default_factory=list)
    chapters: list[pieces.Chapter] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


def page(request: ApplicantRequest, application: Application, definition: Definition, asked: Step) -> HttpResponse:
    if request.method != "POST":
        return _draw(request, application, definition, asked)
    text = legible(str(request.POST.get(OBSERVATIONS) or ""))
    verb = str(request.POST.get("action") or "deposit")
    if len(text) > LONGEST:
        return _draw(request, application, definition, asked, written=text, too_long=True)
    if verb == "deposit" and not language.is_switch(request):
        return _deposit(request, application, definition, asked, text)
    _keep(application, request, text)
    if language.is_switch(request):
        return redirect(step_url(application, asked.id))
    if verb == "abandon":
        return redirect("applicant:abandon", application.pk)
    if verb == "previous":
        before = definition.steps[max(0, definition.steps.index(asked) - 1)]
        actions.move_to_step(application, before.id)
        return redirect(step_url(application, before.id))
    until = day_in_words(application.kept_until) if application.kept_until else ""
    messages.success(
        request,
        _("Tout ce que vous avez écrit est enregistré. Vous pouvez reprendre cette demande jusqu'au %(date)s.")
        % {"date": until},
    )
    return redirect("applicant:applications")


def _keep(application: Application, request: ApplicantRequest, text: str) -> None:
    """Keeps the observations as last written in this page."""
    stored = queries.answers(application).get((OBSERVATIONS, 0))
    revision = stored.revision if stored else 0
    actions.save_section(application, OBSERVATIONS, 0, {"text": text.strip() or None}, {}, revision, request.user)


def _deposit(
    request: ApplicantRequest, application: Application, definition: Definition, asked: Step, text: str
) -> HttpResponse:
    try:
        deposited = actions.deposit(application, request.user, text)
    except SentBack as refusal:
        application.refresh_from_db()
        changes = change_views(application, definition, refusal.changes)
        return _draw(request, application, definition, asked, changes=changes, status=409)
    except NotReady as refusal:
        # What the deposit alone finds out (a photo that has served meanwhile, a commune that is not known) is listed too.
        application.refresh_from_db()
        return _draw(request, application, definition, asked, refused=True, missing=refusal.missing, status=409)
    except NotEligible:  # the page says why: it reads the same definition
        application.refresh_from_db()
        return _draw(request, application, definition, asked, refused=True, status=409)
    return redirect("applicant:confirmation", deposited.number)


def _draw(
    request: ApplicantRequest,
    application: Application,
    definition: Definition,
    asked: Step,
    *,
    changes: list[Any] | None = None,
    refused: bool = False,
    missing: list[Missing] | None = None,
    written: str | None = None,
    too_long: bool = False,
    status: int = 200,
) -> HttpResponse:
    answers = list(application.answers.all())
    evaluation = queries.evaluation(application, rows=answers)
    if changes is None:
        changes = change_views(application, definition, queries.changes(application, evaluation))
    step_page = StepPage(application, definition, asked, changes=changes)
    documents = queries.documents(application)
    chapters = pieces.chapters(application, definition, evaluation, documents, {})
    if missing is None:
        missing = [*evaluation.missing(pieces.counts(documents)), *queries.unfinished(application, evaluation)]
    blocks = evaluation.blocks()
    stored = next((str(answer.payload.get("text", "")) for answer in answers if answer.section == OBSERVATIONS), "")
    copy = queries.ephoto(application)
    lines = [{"anchor": "", "url": missing_url(application, definition, each), "message": each.message} for each in missing]
    return render(
        request,
        "applicant/recap.html",
        {
            "page": step_page,
            "recaps": _recaps(application, definition, evaluation, answers, chapters),
            "missing": lines,
            "blocks": blocks,
            "warnings": evaluation.warnings(),
            "ephoto": copy if copy and copy.photo_key else None,
            "observations": stored if written is None else written,
            "longest": LONGEST,
            "too_long": too_long,
            "refused": refused,
            "office": _office(definition, evaluation),
            "error_lines": [{"anchor": OBSERVATIONS, "message": _("Raccourcissez vos observations.")}] if too_long else [],
        },
        status=status,
    )


def missing_url(application: Application, definition: Definition, each: Missing) -> str:
    """Where what is missing is given."""
    requirement = each.requirement
    row = each.row or 0
    if requirement:
        anchor = f"piece-{pieces.key_of(requirement, row)}"
    elif each.section == CASES_SECTION:
        anchor = f"group-{pieces.key_of(each.field, row)}"
    elif each.section == STATEMENTS_SECTION:
        anchor = f"statement-{each.field}" if each.field else "attestations"
    else:
        asked = definition.field(each.section, each.field)
        anchor = "ephoto" if asked and asked.type == "ephoto" else anchor_of(definition, each.section, each.row, each.field)
    return f"{step_url(application, each.step)}#{anchor}"


def _recaps(
    application: Application,
    definition: Definition,
    evaluation: Evaluation,
    answers: list[Answer],
    chapters: list[pieces.Chapter],
) -> list[StepRecap]:
    typed = {(answer.section, answer.row): answer.typed for answer in answers}
    found = []
    for number, step in enumerate(definition.steps, start=1):
        if step.kind not in {"form", "documents"}:
            continue
        recap = StepRecap(step, number, step_url(application, step.id))
        for section in evaluation.visible_sections(step.id):
            recap.parts += _parts(application, definition, evaluation, section, typed)
        if step.kind == "documents":
            recap.chapters = chapters
        if step.sworn_statements:
            recap.statements = [str(text) for _item, text, ticked in evaluation.statements() if ticked]
        recap.parts = [part for part in recap.parts if part.lines]
        found.append(recap)
    return found


def _parts(
    application: Application,
    definition: Definition,
    evaluation: Evaluation,
    section: Section,
    typed: dict[tuple[str, int], dict[str, Any]],
) -> list[Part]:
    step = definition.step_of(section.id)
    base = step_url(application, step.id) if step else ""
    rows: list[int | None] = list(range(len(evaluation.rows(section.id)))) if section.repeat else [None]
    parts = []
    for row in rows:
        title = f"{section.repeat.row_title or section.title} {(row or 0) + 1}" if section.repeat else str(section.title)
        part = Part(f"{section.id}-{row or 0}", title, f"{base}#section-{section.id}")
        for asked in evaluation.visible_fields(section.id, row):
            if asked.type == "ephoto":
                continue
            value = evaluation.raw(section.id, asked.id, row)
            unfinished = asked.id in typed.get((section.id, row or 0), {})
            words = values.display(asked, value)
            if unfinished:
                words = conflicts.in_boxes(typed[section.id, row or 0][asked.id])
            locked = evaluation.is_read_only(section.id, asked.id)
            url = "" if locked else f"{base}#{anchor_of(definition, section.id, row, asked.id)}"
            part.lines.append(Line(str(asked.label), words, url, unfinished))
        parts.append(part)
    return parts


def _office(definition: Definition, evaluation: Evaluation) -> str:
    """The office that will examine, as the address says; empty as long as it does not."""
    asked = definition.office_address
    address = evaluation.raw(asked.section, asked.id) if asked else None
    code = address.get("insee_code") if isinstance(address, dict) else ""
    if not code or commune(code) is None:
        return ""
    try:
        return office_for(code).name
    except UnknownCommune:
        return ""
