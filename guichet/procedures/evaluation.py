"""What a definition says of given answers on a given day. Pure: no database, no clock.

A hidden answer is unknown to every rule and left out of what is deposited. Everything is computed once, when first asked.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from guichet.procedures import tables, telling
from guichet.procedures.definition import (
    CASES_SECTION,
    STATEMENTS_SECTION,
    CaseDocument,
    Definition,
    DocumentRequirement,
    EligibilityRule,
    Field,
    Grants,
    Section,
    StatementVariant,
    Text,
)
from guichet.procedures.durations import Duration
from guichet.procedures.expressions import UNKNOWN, Node, Unknown, Value
from guichet.procedures.findings import DocumentGroup, Finding, Requirement
from guichet.procedures.missing import Missing, whats_missing
from guichet.procedures.program import Program, compile_definition
from guichet.procedures.values import value_in_rules

__all__ = ["Answers", "DocumentGroup", "Evaluation", "Finding", "Requirement", "fact_in_words"]

Answers = Mapping[str, Any]  # {section: {field: value}}, a list of rows for a section that repeats


class Evaluation:
    """``registry`` gives what registries know, by source («agdref.birth_date»): it wins over what was typed."""

    def __init__(
        self, definition: Definition, answers: Answers, today: date, *, registry: Mapping[str, Any] | None = None
    ) -> None:
        self.definition = definition
        self.answers = answers
        self.today = today
        self.registry = {source: value for source, value in (registry or {}).items() if value not in (None, "")}
        self.program: Program = _program(definition)
        self._facts: dict[str, Value] = {}
        self._shown: dict[tuple[str, str, int | None], Value] = {}

    # What expressions read (see expressions.tree.Environment)

    def answer(self, section: str, field: str, row: int | None) -> Value:
        """The value that rules see: unknown when unanswered or hidden."""
        question = self.definition.field(section, field)
        if question is None or self._show_field(section, field, row) is not True:
            return UNKNOWN
        return value_in_rules(question, self.raw(section, field, row))

    def fact(self, name: str) -> Value:
        if name not in self._facts:
            self._facts[name] = self._compute("fact", name)
        return self._facts[name]

    def row_count(self, section: str) -> int | Unknown:
        shown = self._show_section(section)
        if shown is UNKNOWN:
            return UNKNOWN
        return len(self.rows(section)) if shown else 0

    def threshold(self, name: str) -> int | Unknown:
        table = tables.tables().get(name)
        value = table.on(self.today) if table else None
        return UNKNOWN if value is None else value

    def _compute(self, *key: str, row: int | None = None) -> Value:
        node: Node | None = self.program.nodes.get(key)
        if node is None:
            return UNKNOWN
        return node.value(self, {} if row is None else {"row": row})

    # Answers

    def rows(self, section: str) -> list[Mapping[str, Any]]:
        """The rows of a section that repeats."""
        found = self.answers.get(section)
        return list(found) if isinstance(found, list | tuple) else []

    def raw(self, section: str, field: str, row: int | None = None) -> Any:
        """The stored value, hidden or not; None when there is none. What a registry knows wins."""
        question = self.definition.field(section, field)
        if question and question.source and question.source in self.registry:
            return self.registry[question.source]
        held = self.answers.get(section)
        if row is not None and isinstance(held, list | tuple):
            held = held[row] if 0 <= row < len(held) else None
        value = held.get(field) if isinstance(held, Mapping) else None
        return None if value in ("", [], {}) else value

    def is_read_only(self, section: str, field: str) -> bool:
        """A registry answered this question: it is shown, and frozen."""
        question = self.definition.field(section, field)
        return bool(question and question.source and question.source in self.registry)

    # Facts

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Every fact as JSON data: a yes/no, a number (cents for money), a text, a day as text; None when unknown."""
        return {name: _json(self.fact(name)) for name in self.definition.facts}

    # What is shown

    def _show_section(self, section: str) -> Value:
        key = (section, "", None)
        if key not in self._shown:
            found = self.definition.section(section)
            self._shown[key] = found is not None and (True if found.show is None else self._compute("show", section))
        return self._shown[key]

    def _show_field(self, section: str, field: str, row: int | None) -> Value:
        key = (section, field, row)
        if key not in self._shown:
            shown = self._show_section(section)
            if shown is True and ("show", section, field) in self.program.nodes:
                shown = self._compute("show", section, field, row=row)
            self._shown[key] = shown
        return self._shown[key]

    def visible_sections(self, step_id: str) -> list[Section]:
        """The sections of a step that are asked now, in order."""
        step = self.definition.step(step_id)
        return [section for section in step.sections if self._show_section(section.id) is True] if step else []

    def visible_fields(self, section_id: str, row: int | None = None) -> list[Field]:
        """The questions of a section (of one of its rows) that are asked now, in order."""
        section = self.definition.section(section_id)
        if section is None:
            return []
        return [field for field in section.fields if self.is_visible(section_id, field.id, row)]

    def is_visible(self, section: str, field: str, row: int | None = None) -> bool:
        return self._show_field(section, field, row) is True

    def is_required(self, section: str, field: str, row: int | None = None) -> bool:
        """Whether an answer must be given: never for a hidden question."""
        question = self.definition.field(section, field)
        if question is None or not self.is_visible(section, field, row):
            return False
        if isinstance(question.required, bool):
            return question.required
        return self._compute("required", section, field, row=row) is True

    def bounds(self, section: str, field: str, row: int | None = None) -> tuple[Value, Value]:
        """The least and the greatest value accepted; UNKNOWN where there is no bound, or none yet."""
        question = self.definition.field(section, field)
        if question is None:
            return UNKNOWN, UNKNOWN
        return (
            question.min if isinstance(question.min, int) else self._compute("min", section, field, row=row),
            question.max if isinstance(question.max, int) else self._compute("max", section, field, row=row),
        )

    # Eligibility

    def blocks(self) -> list[Finding]:
        """The rules that refuse the deposit."""
        return self._findings("block")

    def warnings(self) -> list[Finding]:
        """What the person must know before going on; nothing is refused."""
        return self._findings("warn")

    def _findings(self, level: str) -> list[Finding]:
        return [
            self.finding(rule)
            for rule in self.definition.eligibility
            if rule.level == level and self._compute("rule", rule.id) is True
        ]

    def undecided_rules(self) -> list[EligibilityRule]:
        """The blocking rules that cannot be decided yet."""
        return [
            rule for rule in self.definition.eligibility if rule.level == "block" and self._compute("rule", rule.id) is UNKNOWN
        ]

    def finding(self, rule: EligibilityRule) -> Finding:
        section, _, field = rule.field.partition(".")
        step = self.definition.step_of(section)
        return Finding(
            rule.id,
            rule.level,
            step.id if step else "",
            section,
            field,
            telling.told(rule.message, self),
            telling.told(rule.way_forward, self) if rule.way_forward else None,
            rule.legal_basis,
        )

    # Sworn statements

    def statement_variant(self) -> StatementVariant | None:
        """The statements to swear; None as long as the answers do not tell, or when there are none."""
        return next(
            (variant for variant in self.definition.sworn_statements if self._compute("variant", variant.id) is True), None
        )

    def statements(self) -> list[tuple[str, Text, bool]]:
        """The statements to swear now: (item, text, whether it is ticked)."""
        variant = self.statement_variant()
        ticked = self.answers.get(STATEMENTS_SECTION) or {}
        return [
            (item, self.definition.statement_items[item], ticked.get(item) is True)
            for item in (variant.items if variant else ())
        ]

    # What is granted

    def grants(self) -> Grants | None:
        """The permit that a favourable decision gives; None as long as the answers do not tell, or when it gives none."""
        return next(
            (each for place, each in enumerate(self.definition.grants) if self._compute("grants", str(place)) is True), None
        )

    def granted_until(self, first_day: date) -> date | None:
        """The last day of the permit given from this day; None when none is given."""
        for place, each in enumerate(self.definition.grants):
            if self._compute("grants", str(place)) is True:
                last = Duration.parse(each.lasts).after(first_day) - timedelta(days=1)
                bound = self._compute("no_later_than", str(place))
                return max(first_day, min(last, bound)) if isinstance(bound, date) else last
        return None

    def silence_refuses_on(self, complete_on: date) -> date | None:
        """The day after which silence is a refusal, for a file complete on this day (CESEDA R432-1, R432-2); None as long as
        the answers do not tell."""
        for place, term in enumerate(self.definition.silence_refuses):
            if self._compute("silence", str(place)) is True:
                return Duration.parse(term.after).after(complete_on)
        return None

    # Totals

    def total(self, section_id: str) -> int | None:
        """The sum shown under the rows of a section, of the answers given so far; None where no total is asked."""
        section = self.definition.section(section_id)
        if section is None or section.total is None:
            return None
        added = (self.answer(section_id, section.total.of, row) for row in range(len(self.rows(section_id))))
        return sum(value for value in added if isinstance(value, int))

    # Documents

    def document_groups(self, step_id: str | None = None) -> list[DocumentGroup]:
        """The documents asked now, in the order of the definition; one group per row where the section repeats."""
        if step_id is not None and self.definition.documents_step is not self.definition.step(step_id):
            return []
        return list(self._groups)

    def requirements(self, step_id: str | None = None) -> list[Requirement]:
        """Every document asked now, those of the chosen cases included."""
        return [requirement for group in self.document_groups(step_id) for requirement in group.requirements]

    def undecided_documents(self) -> list[DocumentRequirement]:
        """The documents of which the answers do not tell yet whether they are asked."""
        return [
            document
            for document in self.definition.documents
            if any(self._document_asked(document, row) is UNKNOWN for row in self._document_rows(document))
        ]

    def ruled_out_documents(self) -> frozenset[str]:
        """The documents that these answers, however few, already say will not be asked."""
        return frozenset(
            document.id
            for document in self.definition.documents
            if (self._show_section(document.section) if self._repeats(document) else self._document_asked(document, None))
            is False
        )

    def settled_documents(self) -> frozenset[str]:
        """The documents that these answers, however few, already say will be asked."""
        return frozenset(each.id for each in self.definition.documents if self._document_asked(each, None) is True)

    def _repeats(self, document: DocumentRequirement) -> bool:
        section = self.definition.section(document.section)
        return section is not None and section.repeat is not None

    @cached_property
    def _groups(self) -> tuple[DocumentGroup, ...]:
        return tuple(
            self._group(document, row)
            for document in self.definition.documents
            for row in self._document_rows(document)
            if self._document_asked(document, row) is True
        )

    def _document_rows(self, document: DocumentRequirement) -> list[int | None]:
        return list(range(len(self.rows(document.section)))) if self._repeats(document) else [None]

    def _document_asked(self, document: DocumentRequirement, row: int | None) -> Value:
        shown = self._show_section(document.section)
        if shown is not True or document.when is None:
            return shown
        return self._compute("when", document.id, row=row)

    def _group(self, document: DocumentRequirement, row: int | None) -> DocumentGroup:
        chosen = None
        asked: tuple[Requirement, ...]
        if document.cases:
            chosen = document.case(str((self.answers.get(CASES_SECTION) or {}).get(document.id, "")))
            items = chosen.documents if chosen else ()
            asked = tuple(self._requirement(document, item, chosen.id if chosen else "", row) for item in items)
        else:
            asked = (self._requirement(document, document, "", row),)
        return DocumentGroup(
            document.id, document.section, row or 0, document.label, document.help, document.cases, chosen, asked
        )

    def _requirement(
        self, document: DocumentRequirement, item: DocumentRequirement | CaseDocument, case: str, row: int | None
    ) -> Requirement:
        key = ("document_required", document.id, item.id) if case else ("document_required", document.id)
        needed = item.required if isinstance(item.required, bool) else self._compute(*key, row=row) is True
        return Requirement(
            id=f"{document.id}__{item.id}" if case else document.id,
            section=document.section,
            row=row or 0,
            case=case,
            label=item.label,
            help=item.help,
            kinds=item.any_of,
            required=needed,
            max_files=item.max_files,
            newer_than=item.newer_than,
        )

    # Deposit

    def missing(self, documents_given: Mapping[tuple[str, int], int]) -> list[Missing]:
        """Everything that keeps from depositing, in the order of the steps; ``documents_given`` counts files."""
        return whats_missing(self, documents_given)

    def deposited_answers(self) -> dict[str, Any]:
        """The answers without what is hidden or no longer asked: what is deposited."""
        kept: dict[str, Any] = {}
        for step in self.definition.steps:
            for section in self.visible_sections(step.id):
                if section.repeat:
                    kept[section.id] = [self._visible_answers(section, row) for row in range(len(self.rows(section.id)))]
                else:
                    kept[section.id] = self._visible_answers(section, None)
        if self.definition.sworn_statements:
            kept[STATEMENTS_SECTION] = {item: True for item, _, ticked in self.statements() if ticked}
        cases = {group.id: group.chosen.id for group in self.document_groups() if group.chosen}
        if cases:
            kept[CASES_SECTION] = cases
        return kept

    def _visible_answers(self, section: Section, row: int | None) -> dict[str, Any]:
        values = {field.id: self.raw(section.id, field.id, row) for field in self.visible_fields(section.id, row)}
        return {field: value for field, value in values.items() if value is not None}


def _program(definition: Definition) -> Program:
    """Compiled once per definition, and kept with it."""
    kept: Program | None = definition.__dict__.get("_program")
    if kept is None:
        kept = compile_definition(definition)
        definition.__dict__["_program"] = kept
    return kept


def fact_in_words(definition: Definition, name: str, value: Any) -> str:
    """A fact kept as JSON data, in the active language."""
    return telling.fact_in_words(_program(definition), name, value)


def _json(value: Value) -> Any:
    if value is UNKNOWN:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.days
    return sorted(value) if isinstance(value, frozenset) else value
