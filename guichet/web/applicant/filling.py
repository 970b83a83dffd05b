"""A step being filled in: what is stored, what was just sent over it, what the definition says of both.

Nothing typed is ever dropped: what is valid becomes an answer, what is not is kept as typed, and both are saved whatever the
button. Which questions show and which must be answered is asked of ``procedures.evaluation`` alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.accounts.models import Account
from guichet.applications import actions, queries
from guichet.applications.errors import Change, RevisionConflict, UnknownPlace
from guichet.applications.models import Answer, Application
from guichet.core import clock
from guichet.core.identifiers import whole_number
from guichet.procedures import values
from guichet.procedures.definition import CASES_SECTION, STATEMENTS_SECTION, Definition, Field, Section, Step
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.values import InvalidAnswer
from guichet.web.applicant import forms
from guichet.web.applicant.forms import Raw
from guichet.web.applicant.places import located

THEIRS = "theirs"  # of a conflict: the stored answer was chosen


@dataclass
class Row:
    """One row of a section: stored answer under what was sent."""

    section: Section
    number: int
    answer: Answer | None = None
    locked: frozenset[str] = frozenset()
    sent: bool = False
    revision: int = 0  # the one that the page had read
    cleaned: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Raw] = field(default_factory=dict)
    errors: dict[str, "str | Promise"] = field(default_factory=dict)

    @property
    def index(self) -> int | None:
        """How the evaluation names the row: by its place, or not at all where the section does not repeat."""
        return self.number if self.section.repeat else None

    @property
    def key(self) -> str:
        return forms.prefix_of(self.section.id, self.number)

    @property
    def payload(self) -> dict[str, Any]:
        """The answers as saving would leave them."""
        merged = dict(self.answer.payload) if self.answer else {}
        merged.update(self.cleaned)
        return {name: value for name, value in merged.items() if value is not None and name not in self.typed}

    @property
    def raw(self) -> dict[str, Raw]:
        """What the boxes hold: what was typed where it is not valid, else the answer."""
        kept = {**(self.answer.typed if self.answer else {}), **self.typed}
        kept = {name: raw for name, raw in kept.items() if name not in self.cleaned}
        boxes = {name: forms.boxes_of(asked, self.payload[name]) for name, asked in self._fields() if name in self.payload}
        return {name: forms.shown_raw(asked, {**boxes, **kept}.get(name, "")) for name, asked in self._fields()}

    @property
    def kept_typed(self) -> dict[str, Raw]:
        """What is kept as typed and not valid yet."""
        before = {name: raw for name, raw in (self.answer.typed if self.answer else {}).items() if name not in self.cleaned}
        return {**before, **self.typed}

    def _fields(self) -> Iterator[tuple[str, Field]]:
        return ((asked.id, asked) for asked in self.section.fields)


class Filling:
    """One step of a draft, ready to be read, checked, saved and drawn."""

    def __init__(self, application: Application, definition: Definition, step: Step) -> None:
        self.application, self.definition, self.step = application, definition, step
        self.today = clock.today()
        self.answers = list(application.answers.all())
        self.rows = list(self._stored_rows())
        self.statements = next((answer for answer in self.answers if answer.section == STATEMENTS_SECTION), None)
        self.statements_revision = self.statements.revision if self.statements else 0
        self.ticked: dict[str, bool] = dict(self.statements.payload) if self.statements else {}
        self.ticked_sent: dict[str, bool | None] = {}
        self.cases = next((answer for answer in self.answers if answer.section == CASES_SECTION), None)
        self.cases_sent: dict[str, str] = {}
        self.statements_error = ""
        self.changes: list[Change] = []  # what the passing of time changed since the draft was last saved

    def _stored_rows(self) -> Iterator[Row]:
        by_section: dict[str, list[Answer]] = {}
        for answer in self.answers:
            by_section.setdefault(answer.section, []).append(answer)
        for section in self.step.sections:
            locked = queries.locked_fields(self.application, section.id)
            stored = sorted(by_section.get(section.id, []), key=lambda answer: answer.row)
            if section.repeat:
                to_come: list[Answer | None] = [None] * max(0, section.repeat.min - len(stored))
                for number, kept in enumerate([*stored, *to_come]):
                    yield Row(section, number, kept, revision=kept.revision if kept else 0)
            else:
                only = stored[0] if stored else None
                yield Row(section, 0, only, locked, revision=only.revision if only else 0)

    # What the definition says ---------------------------------------------------------------------------------------

    def evaluation(self) -> Evaluation:
        """The definition's word on the answers as saving would leave them."""
        rows = {(answer.section, answer.row): answer for answer in self.answers}
        for row in self.rows:
            rows[row.section.id, row.number] = Answer(section=row.section.id, row=row.number, payload=row.payload)
        if self.ticked_sent:
            payload = {item: True for item, ticked in {**self.ticked, **self.ticked_sent}.items() if ticked}
            rows[STATEMENTS_SECTION, 0] = Answer(section=STATEMENTS_SECTION, row=0, payload=payload)
        if self.cases_sent:
            cases = {**(self.cases.payload if self.cases else {}), **self.cases_sent}
            rows[CASES_SECTION, 0] = Answer(section=CASES_SECTION, row=0, payload=cases)
        return queries.evaluation(self.application, self.today, rows=rows.values())

    def rows_of(self, section: Section) -> list[Row]:
        return [row for row in self.rows if row.section.id == section.id]

    def fields_of(self, row: Row, evaluation: Evaluation) -> list[Field]:
        """The questions shown in a row, what the registry answered left out."""
        return [asked for asked in evaluation.visible_fields(row.section.id, row.index) if asked.id not in row.locked]

    # What was sent --------------------------------------------------------------------------------------------------

    def take(self, data: QueryDict) -> None:
        """Reads what the page sent: each question that was on it, whether it still shows or not."""
        known = {row.key: row for row in self.rows}
        for section in self.step.sections:
            for number in range(section.repeat.max if section.repeat else 1):
                key = forms.prefix_of(section.id, number)
                if f"{key}-shown" not in data:
                    continue
                row = known.get(key)
                if row is None:
                    row = Row(section, number)
                    self.rows.append(row)
                self._take_row(row, data)
        if "statements-shown" in data:
            self.statements_revision = _revision(data, "statements-revision")
            ticked = set(data.getlist("statements"))
            self.ticked_sent = {item: True if item in ticked else None for item in data.getlist("statements-shown")}
        for document in self.definition.documents:
            case = document.case(str(data.get(f"case-{document.id}") or ""))
            if self.step.kind == "documents" and case is not None:
                self.cases_sent[document.id] = case.id

    def _take_row(self, row: Row, data: QueryDict) -> None:
        row.sent, row.revision = True, _revision(data, f"{row.key}-revision")
        shown = str(data[f"{row.key}-shown"]).split()
        for asked in row.section.fields:
            name = f"{row.key}-{asked.id}"
            if asked.id not in shown or asked.id in row.locked or data.get(f"keep-{name}") == THEIRS:
                continue
            self._take_field(row, asked, forms.read(asked, data, name))

    def _take_field(self, row: Row, asked: Field, raw: Raw) -> None:
        row.errors.pop(asked.id, None)
        row.typed.pop(asked.id, None)
        if forms.is_blank(raw):
            row.cleaned[asked.id] = None
            return
        given = located(raw) if asked.type == "address" else raw
        try:
            row.cleaned[asked.id] = values.clean(asked, given, evaluation=self.evaluation(), row=row.index)
        except InvalidAnswer as refusal:
            row.cleaned.pop(asked.id, None)
            row.typed[asked.id] = raw
            row.errors[asked.id] = refusal.message

    def check(self) -> bool:
        """Looks for what keeps the step from being left: answers missing or not valid, statements not ticked."""
        evaluation = self.evaluation()
        visible = {section.id for section in evaluation.visible_sections(self.step.id)}
        for row in self.rows:
            if row.section.id not in visible:
                row.errors.clear()
                continue
            shown = {asked.id for asked in self.fields_of(row, evaluation)}
            row.errors = {name: message for name, message in row.errors.items() if name in shown}
            self._check_row(row, evaluation)
        if self.step.sworn_statements and self._unticked(evaluation):
            self.statements_error = str(_("Cochez chaque attestation : la demande ne peut pas être déposée sans elles."))
        return not self.statements_error and not any(row.errors for row in self.rows)

    def _check_row(self, row: Row, evaluation: Evaluation) -> None:
        kept, payload = row.kept_typed, row.payload
        for asked in self.fields_of(row, evaluation):
            if asked.id in row.errors or asked.type == "ephoto":
                continue
            if asked.id in kept:
                row.errors[asked.id] = self.refusal(row, asked, kept[asked.id], evaluation)
            elif asked.id in payload:
                wrong = values.check(asked, payload[asked.id], evaluation=evaluation, row=row.index)
                if wrong:
                    row.errors[asked.id] = wrong
            elif evaluation.is_required(row.section.id, asked.id, row.index):
                row.errors[asked.id] = missing_message(asked)

    def refusal(self, row: Row, asked: Field, raw: Raw, evaluation: Evaluation) -> "str | Promise":
        """Why something kept as typed is not an answer; empty when it has become one."""
        if asked.type == "address" and not forms.address_written(raw):
            return _("Cherchez votre adresse et choisissez-la dans les propositions, ou écrivez-la vous-même.")
        try:
            values.clean(asked, located(raw) if asked.type == "address" else raw, evaluation=evaluation, row=row.index)
        except InvalidAnswer as refusal:
            return refusal.message
        return _("Vérifiez cette réponse, puis enregistrez-la.")

    def forgive(self, name: str) -> None:
        """Says nothing wrong of the question of this name: the page is helping to answer it."""
        for row in self.rows:
            row.errors = {
                asked: message
                for asked, message in row.errors.items()
                if forms.name_of(row.section.id, row.number, asked) != name
            }

    def show_kept_errors(self) -> None:
        """On a page asked anew: what was kept and is not valid says why."""
        evaluation = self.evaluation()
        for row in self.rows:
            for asked in self.fields_of(row, evaluation):
                if asked.id in row.kept_typed:
                    row.errors[asked.id] = self.refusal(row, asked, row.kept_typed[asked.id], evaluation)

    def _unticked(self, evaluation: Evaluation) -> list[str]:
        variant = evaluation.statement_variant()
        ticked = {**self.ticked, **self.ticked_sent}
        return [item for item in variant.items if not ticked.get(item)] if variant else []

    # Saving ---------------------------------------------------------------------------------------------------------

    def save(self, account: Account) -> list["Conflict"]:
        """Saves every row that was sent; those saved elsewhere meanwhile are given back as conflicts, the others are safe."""
        conflicts = []
        for row in self.rows:
            if not row.sent or not (row.cleaned or row.typed or row.answer is None):
                continue
            try:
                row.answer = actions.save_section(
                    self.application, row.section.id, row.number, row.cleaned, row.typed, row.revision, account
                )
                row.revision = row.answer.revision
            except RevisionConflict as conflict:
                conflicts.append(Conflict(row, conflict.current))
            except UnknownPlace:
                # The row was removed from another window: what was typed here becomes a row of its own again.
                self._save_again(row, account)
        if self.ticked_sent:
            self.statements = self._save_beside(STATEMENTS_SECTION, self.ticked_sent, self.statements_revision, account)
            self.statements_revision = self.statements.revision
        if self.cases_sent:
            revision = self.cases.revision if self.cases else 0
            self.cases = self._save_beside(CASES_SECTION, self.cases_sent, revision, account)
        return conflicts

    def _save_again(self, row: Row, account: Account) -> None:
        added = actions.add_row(self.application, row.section.id, account)
        row.answer = actions.save_section(
            self.application, row.section.id, added.row, row.cleaned, row.typed, added.revision, account
        )
        row.number, row.revision = row.answer.row, row.answer.revision

    def _save_beside(self, section: str, values_sent: Mapping[str, Any], revision: int, account: Account) -> Answer:
        """Boxes ticked and cases chosen: each stands alone and was on the page as sent, so the person's last word stands."""
        try:
            return actions.save_section(self.application, section, 0, values_sent, {}, revision, account)
        except RevisionConflict as conflict:
            return actions.save_section(self.application, section, 0, values_sent, {}, conflict.current.revision, account)


@dataclass
class Conflict:
    """A row saved elsewhere since the page was read: what was sent, and what is stored."""

    row: Row
    current: Answer

    def differing(self) -> list[Field]:
        """The questions whose two versions differ."""
        stored = Row(self.row.section, self.row.number, self.current)
        mine, theirs = self.row.raw, stored.raw
        sent = {**self.row.cleaned, **self.row.typed}
        return [asked for asked in self.row.section.fields if asked.id in sent and mine[asked.id] != theirs[asked.id]]


def missing_message(asked: Field) -> str:
    label = str(asked.label).rstrip(" \u00a0\u202f?:.")
    if asked.type in {"yes_no", "choice", "choices", "country", "nationality"}:
        return str(_("Choisissez une réponse : %(label)s")) % {"label": label}
    return str(_("À remplir : %(label)s")) % {"label": label}


def _revision(data: Mapping[str, Any], name: str) -> int:
    return whole_number(str(data.get(name) or "0")) or 0
