"""What the pages of a step show, computed once: the templates only lay it out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guichet.applications.errors import Change
from guichet.applications.models import Application
from guichet.procedures import values
from guichet.procedures.definition import Definition, Section, Step
from guichet.procedures.evaluation import Evaluation, Finding
from guichet.web.applicant import forms
from guichet.web.applicant.filling import Filling, Row
from guichet.web.design.forms import ErrorLine


@dataclass(frozen=True)
class Known:
    """A registry's answer, as it is read."""

    label: str
    value: str


@dataclass
class RowView:
    key: str
    number: int
    revision: int
    title: str
    form: forms.RowForm
    shown: str
    known: list[Known] = field(default_factory=list)
    known_since: date | None = None
    removable: bool = False


@dataclass
class SectionView:
    id: str
    title: str
    help: str
    rows: list[RowView]
    repeats: bool
    depends: bool
    add_label: str = ""
    total: tuple[str, str] | None = None  # its label, and the sum in words
    warnings: list[Finding] = field(default_factory=list)  # about the total, shown beside it


@dataclass(frozen=True)
class StatementView:
    id: str
    text: str
    ticked: bool


@dataclass(frozen=True)
class StatementsView:
    variant: str
    revision: int
    items: list[StatementView]
    error: str


@dataclass(frozen=True)
class ChangeView:
    message: "str | Promise"
    url: str


@dataclass
class StepPage:
    """One step of a draft."""

    application: Application
    definition: Definition
    step: Step
    changes: list[ChangeView] = field(default_factory=list)
    sections: list[SectionView] = field(default_factory=list)
    statements: StatementsView | None = None
    warnings: list[Finding] = field(default_factory=list)

    @property
    def title(self) -> str:
        return str(self.definition.title)

    @property
    def url(self) -> str:
        return step_url(self.application, self.step.id)

    @property
    def number(self) -> int:
        return self.definition.steps.index(self.step) + 1

    @property
    def total(self) -> int:
        return len(self.definition.steps)

    @property
    def next_title(self) -> str:
        following = self.definition.steps[self.number :]
        return str(following[0].title) if following else ""

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def kept_until(self) -> date | None:
        return self.application.kept_until

    @property
    def person_name(self) -> str:
        return self.application.person.display_name

    @property
    def trail(self) -> list[dict[str, str]]:
        return trail("applicant:applications")

    @property
    def has_observations(self) -> bool:
        return any(step.kind == "recap" for step in self.definition.steps)

    @property
    def rows(self) -> list[RowView]:
        return [row for section in self.sections for row in section.rows]

    @property
    def error_lines(self) -> list[ErrorLine]:
        lines = [line for row in self.rows for line in row.form.error_lines]
        if self.statements and self.statements.error:
            first = next((item for item in self.statements.items if not item.ticked), self.statements.items[0])
            lines.append(ErrorLine(f"statement-{first.id}", self.statements.error))
        return lines


def trail(route: str) -> list[dict[str, str]]:
    """The page above this one, for the breadcrumb."""
    labels = {"applicant:applications": _("Mes demandes"), "applicant:notifications": _("Mes notifications")}
    return [{"url": reverse(route), "label": labels[route]}]


def step_url(application: Application, step: str) -> str:
    return reverse("applicant:draft", args=[application.pk, step])


def anchor_of(definition: Definition, section: str, row: int | None, field_id: str) -> str:
    """Where a question is in its step's page."""
    asked = definition.field(section, field_id)
    if asked is None:
        return f"section-{section}"
    name = f"id_{forms.name_of(section, row or 0, field_id)}"
    return f"{name}_day" if asked.type == "date" else f"{name}_0" if asked.type in {"yes_no", "choices"} else name


def form_page(filling: Filling, searched: Mapping[str, Any] | None = None) -> StepPage:
    """The page of a step that asks questions. ``searched`` holds the suggestions of an address, by the name of its question."""
    page = StepPage(filling.application, filling.definition, filling.step)
    page.changes = change_views(filling.application, filling.definition, filling.changes)
    evaluation, expressions = filling.evaluation(), _deciding_expressions(filling.definition)
    for section in evaluation.visible_sections(filling.step.id):
        rows = [_row_view(filling, row, evaluation, searched or {}) for row in filling.rows_of(section)]
        page.sections.append(_section_view(section, rows, expressions))
        if section.total:
            page.sections[-1].total = total_of(section, evaluation)
    if filling.step.sworn_statements:
        page.statements = _statements_view(filling, evaluation)
    for warning in warnings_of(filling.step, evaluation):
        beside = next((view for view in page.sections if view.id == warning.section and view.total), None)
        (beside or page).warnings.append(warning)
    return page


def total_of(section: Section, evaluation: Evaluation) -> tuple[str, str]:
    """The sum under the rows of a section, with its label. ``section`` has a total."""
    assert section.total
    amount, summed = evaluation.total(section.id) or 0, section.field(section.total.of)
    words = values.display_money(amount, cents=True) if summed and summed.type == "money" else str(amount)
    return str(section.total.label), words


def warnings_of(step: Step, evaluation: Evaluation) -> list[Finding]:
    """The warnings that concern the questions of a step."""
    return [finding for finding in evaluation.warnings() if finding.step == step.id]


def _deciding_expressions(definition: Definition) -> list[str]:
    """What decides which questions show, as written: facts, and the conditions of sections and questions."""
    found = [fact.expression for fact in definition.facts.values()]
    for section in definition.sections:
        found += [section.show or "", *(asked.show or "" for asked in section.fields)]
    return found


def _section_view(section: Section, rows: list[RowView], expressions: list[str]) -> SectionView:
    return SectionView(
        id=section.id,
        title=str(section.title),
        help=str(section.help or ""),
        rows=rows,
        repeats=section.repeat is not None,
        depends=any(f"{section.id}." in expression for expression in expressions),
        add_label=_add_label(section, len(rows)),
    )


def _add_label(section: Section, count: int) -> str:
    if section.repeat is None or count >= section.repeat.max:
        return ""
    return _("Ajouter : %(title)s") % {"title": str(section.repeat.row_title or section.title).lower()}


def _row_view(filling: Filling, row: Row, evaluation: Evaluation, searched: Mapping[str, Any]) -> RowView:
    shown = filling.fields_of(row, evaluation)
    questions = [
        forms.question_for(
            asked,
            required=evaluation.is_required(row.section.id, asked.id, row.index),
            suggestions=searched.get(forms.name_of(row.section.id, row.number, asked.id)),
        )
        for asked in shown
        if asked.type != "ephoto"
    ]
    repeat = row.section.repeat
    title = f"{repeat.row_title or row.section.title} {row.number + 1}" if repeat else str(row.section.title)
    person = filling.application.person
    return RowView(
        key=row.key,
        number=row.number,
        revision=row.revision,
        title=title,
        form=forms.RowForm(
            row.section, row.number, questions, _offered(filling, row, questions), row.errors, title if repeat else ""
        ),
        shown=" ".join(question.definition.id for question in questions),
        known=_known(row, evaluation),
        known_since=person.frozen_at.date() if person.frozen_at and not _of_a_permit(row) else None,
        removable=repeat is not None and len(filling.rows_of(row.section)) > repeat.min,
    )


def _of_a_permit(row: Row) -> bool:
    """Whether what is known here is the permit held, read at another time than the person's identity."""
    return any(asked.id in row.locked and str(asked.source).startswith("permit.") for asked in row.section.fields)


def _offered(filling: Filling, row: Row, questions: list[forms.Question]) -> dict[str, Any]:
    """What the boxes hold; the account's own address is offered where an e-mail was never answered."""
    raw = row.raw
    never_saved = not row.sent and (row.answer is None or not row.answer.payload)
    for question in questions:
        asked = question.definition
        if never_saved and asked.type == "email" and asked.autocomplete == "email" and not raw.get(asked.id):
            raw[asked.id] = filling.application.filed_by.email
    return raw


def _known(row: Row, evaluation: Evaluation) -> list[Known]:
    """What the registry answered, as it is read."""
    shown = [asked for asked in evaluation.visible_fields(row.section.id, row.index) if asked.id in row.locked]
    return [
        Known(str(asked.label), values.display(asked, evaluation.raw(row.section.id, asked.id, row.index))) for asked in shown
    ]


def _statements_view(filling: Filling, evaluation: Evaluation) -> StatementsView | None:
    variant = evaluation.statement_variant()
    if variant is None:
        return None
    ticked = {**filling.ticked, **filling.ticked_sent}
    items = [
        StatementView(item, str(filling.definition.statement_items[item]), bool(ticked.get(item))) for item in variant.items
    ]
    return StatementsView(variant.id, filling.statements_revision, items, filling.statements_error)


def change_views(application: Application, definition: Definition, changes: Iterable[Change]) -> list[ChangeView]:
    """What changed overnight, each leading to where it is seen."""
    recap = next((step.id for step in definition.steps if step.kind == "recap"), "")
    return [
        ChangeView(
            change.message,
            step_url(application, change.step or recap) + ("#attestations" if change.kind == "statements" else ""),
        )
        for change in changes
    ]
