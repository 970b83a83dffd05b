"""Moving a draft to the version of its procedure that is in force: what is kept, what is new, what falls.

A new version never changes a draft behind a person's back: the move is offered with what it changes, and made only when they
accept it. What the new version still asks is kept, answers and files alike; what it no longer asks is erased.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guichet.accounts.models import Account
from guichet.applications import drafting, evaluating, moves, seen
from guichet.applications.errors import NotTheVersionShown
from guichet.applications.models import Answer, Application, EPhotoCopy, SupportingDocument
from guichet.core import clock, events
from guichet.procedures import queries as procedures
from guichet.procedures.definition import (
    CASES_SECTION,
    CHECKED_SECTION,
    STATEMENTS_SECTION,
    Definition,
    Field,
    Section,
    Text,
)
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.parsing import parse
from guichet.procedures.queries import definition_of
from guichet.procedures.values import InvalidAnswer

Rows = dict[tuple[str, int], Answer]


@dataclass(frozen=True)
class VersionMove:
    """What moving a draft to another version does, in the words of its definitions, in the order of the form."""

    to: PublishedProcedure
    revision: int  # of the draft that was looked at
    new_questions: tuple[Text, ...]
    new_documents: tuple[Text, ...]
    reworded: tuple[Text, ...]  # kept: the same question in other words
    asked_again: tuple[Text, ...]  # answered, but the answer does not fit the question as it is now
    dropped_answers: tuple[Text, ...]  # answered and no longer asked: erased
    dropped_documents: tuple[Text, ...]  # given and no longer asked: erased
    statements_change: bool  # the sworn statements are to be ticked anew
    kept_answers: int
    kept_files: int

    @property
    def changes_nothing(self) -> bool:
        """Nothing that the person has to look at again."""
        told = (self.new_questions, self.new_documents, self.reworded, self.asked_again)
        return not (any(told) or self.dropped_answers or self.dropped_documents or self.statements_change)


@dataclass
class _Carried:
    """The answers as the new version takes them, and the questions whose answer it does not."""

    rows: Rows = field(default_factory=dict)
    asked_again: list[Text] = field(default_factory=list)
    dropped: list[Text] = field(default_factory=list)
    files: list[SupportingDocument] = field(default_factory=list)
    lost_files: list[SupportingDocument] = field(default_factory=list)


def newer_versions(drafts: Collection[Application]) -> dict[UUID, PublishedProcedure]:
    """The version in force, by draft, for the drafts that are of another one. One query, none without drafts."""
    in_force = {one.slug: one for one in procedures.all_current()} if drafts else {}
    found = ((draft, in_force.get(draft.procedure.slug)) for draft in drafts)
    return {draft.pk: newer for draft, newer in found if newer is not None and newer.pk != draft.procedure_id}


def newer_version(draft: Application) -> PublishedProcedure | None:
    """The version in force, when the draft is of another one. One query."""
    current = procedures.current(draft.procedure.slug)
    return current if current is not None and current.pk != draft.procedure_id else None


def what_changes(draft: Application, to: PublishedProcedure) -> VersionMove:
    """What moving the draft to this version would do. Changes nothing. Three queries."""
    old, new = definition_of(draft.procedure), definition_of(to)
    rows = list(draft.answers.all())
    before = evaluating.evaluate(draft, rows=rows)
    asked, sworn = seen.what_is_asked(before), _statements(before)
    carried = _carry(old, new, rows, evaluating.live_documents(draft))  # the rows are no longer as stored
    after = _evaluation(draft, new, carried.rows.values())
    will_ask = seen.what_is_asked(after)
    questions = set(will_ask["questions"]) - set(asked["questions"])
    documents = {each.rpartition("/")[0] for each in set(will_ask["documents"]) - set(asked["documents"])}
    return VersionMove(
        to=to,
        revision=draft.revision,
        new_questions=tuple(each.label for each in _fields(new) if f"{each.section}.{each.id}" in questions),
        new_documents=_documents(new, documents),
        reworded=_reworded(old, new, carried.rows.values()),
        asked_again=tuple(carried.asked_again),
        dropped_answers=tuple(carried.dropped),
        dropped_documents=_documents(old, {document.requirement for document in carried.lost_files}),
        statements_change=sworn != _statements(after),
        kept_answers=sum(len(_given(row)) for row in carried.rows.values() if row.section in _sections(new)),
        kept_files=len(carried.files),
    )


def move_to_version(application: Application, to: PublishedProcedure, revision: int, by: Account) -> Application:
    """Moves a draft to the version in force of its procedure. Moving twice is no error.

    ``revision`` is the one whose changes were shown: a draft saved since, or a version that is no longer the one in force,
    raises ``NotTheVersionShown``. Also ``NotYours``, ``NotADraft``.
    """
    with drafting.draft_held(application, by) as draft:
        if draft.procedure_id != to.pk:
            current = procedures.current(draft.procedure.slug)
            if current is None or current.pk != to.pk or draft.revision != revision:
                raise NotTheVersionShown
            _move(draft, to, by)
    drafting.show(application, draft)
    return application


def _move(draft: Application, to: PublishedProcedure, by: Account) -> None:
    old, new = definition_of(draft.procedure), definition_of(to)
    left = draft.procedure.version
    stored = list(draft.answers.all())
    carried = _carry(old, new, stored, evaluating.live_documents(draft))
    _take_what_is_known(draft, new, carried.rows)
    for row in stored:
        if (row.section, row.row) not in carried.rows:
            row.delete()
    for row in carried.rows.values():
        draft.revision += 1
        row.revision, row.saved_at = draft.revision, clock.now()
        row.save()
    drafting.discard(document.file for document in carried.lost_files)
    SupportingDocument.objects.filter(pk__in=[document.pk for document in carried.lost_files]).delete()
    if next(evaluating.fields_of_type(new, "ephoto"), None) is None:
        for copy in EPhotoCopy.objects.filter(application=draft):
            drafting.discard_photo(copy)
    draft.procedure = to
    if new.step(draft.current_step) is None:
        draft.current_step = new.steps[0].id
    draft.updated_at = clock.now()
    draft.kept_until = drafting.kept_until(clock.today())
    draft.seen = drafting.asked_of(draft)
    draft.save(update_fields=["procedure", "current_step", "revision", "updated_at", "kept_until", "seen"])
    events.record("moved_to_version", moves.subject_of(draft), drafting.actor_of(by), left=left, version=to.version)


def _take_what_is_known(draft: Application, new: Definition, rows: Rows) -> None:
    """What is known of the person fills in the questions that were never asked, as when a draft begins."""
    for section, payload in evaluating.known_of(draft.person, new).items():
        row = rows.setdefault((section, 0), Answer(application=draft, section=section, row=0))
        row.payload = {**payload, **row.payload}


# What the new version takes ------------------------------------------------------------------------------------------


def _carry(old: Definition, new: Definition, rows: Iterable[Answer], files: Iterable[SupportingDocument]) -> _Carried:
    """The rows are changed in memory only."""
    carried = _Carried()
    for row in sorted(rows, key=lambda each: (each.section, each.row)):
        if row.section in evaluating.BESIDE_THE_SECTIONS:
            row.payload = _beside(old, new, row)
            if row.payload:
                carried.rows[row.section, row.row] = row
        else:
            _carry_row(old, new, row, carried)
    for document in files:
        (carried.files if _still_asked(new, document, carried.rows) else carried.lost_files).append(document)
    return carried


def _beside(old: Definition, new: Definition, row: Answer) -> dict[str, Any]:
    """What is kept of the answers that belong to no section: ticks only where the words are the same."""
    if row.section == STATEMENTS_SECTION:
        same = {item for item, text in new.statement_items.items() if old.statement_items.get(item) == text}
        return {item: ticked for item, ticked in row.payload.items() if item in same}
    if row.section == CASES_SECTION:
        return {
            name: case
            for name, case in row.payload.items()
            if (document := new.document(name)) is not None and document.case(str(case)) is not None
        }
    return {} if row.section == CHECKED_SECTION else dict(row.payload)


def _carry_row(old: Definition, new: Definition, row: Answer, carried: _Carried) -> None:
    section = new.section(row.section)
    fits = section is not None and _takes(section, old.section(row.section), row.row)
    payload, typed = {}, {}
    for name, value in {**row.typed, **row.payload}.items():
        before = old.field(row.section, name)
        after = new.field(row.section, name) if fits else None
        if after is None:
            if before is not None and name in row.payload:
                carried.dropped.append(before.label)
        elif name in row.typed and name not in row.payload:
            typed[name] = value
        elif before is not None and _answers(before, after, value):
            payload[name] = value
        else:
            carried.asked_again.append(after.label)
    if fits:
        row.payload, row.typed = payload, typed
        carried.rows[row.section, row.row] = row


def _takes(new: Section, old: Section | None, row: int) -> bool:
    """Whether a section has room for this row, shaped as it was."""
    if old is None or (old.repeat is None) != (new.repeat is None):
        return False
    return new.repeat is None or row < new.repeat.max


def _answers(before: Field, after: Field, value: Any) -> bool:
    """Whether a stored value still answers the question. Bounds are looked at when the step is saved, as ever."""
    if before.type != after.type:
        return False
    try:
        parse(after, value)
    except InvalidAnswer:
        return False
    return True


def _still_asked(new: Definition, file: SupportingDocument, rows: Mapping[tuple[str, int], Answer]) -> bool:
    """Whether some answer may ask for the document that a file was given for."""
    document = new.document(file.requirement.partition("__")[0])
    if document is None or new.requirement_label(file.requirement) is None:
        return False
    return file.row == 0 or (document.section, file.row) in rows


# In words ------------------------------------------------------------------------------------------------------------


def _evaluation(draft: Application, definition: Definition, rows: Iterable[Answer]) -> Evaluation:
    answers = evaluating.answers_in(definition, rows)
    return Evaluation(definition, answers, clock.today(), registry=evaluating.registry_of(draft.person))


def _fields(definition: Definition) -> Iterable[Field]:
    return (each for section in definition.sections for each in section.fields)


def _sections(definition: Definition) -> set[str]:
    return {section.id for section in definition.sections}


def _given(row: Answer) -> list[str]:
    return [name for name, value in row.payload.items() if value is not None]


def _documents(definition: Definition, requirements: set[str]) -> tuple[Text, ...]:
    """Their labels, in the order of the form."""
    order = [
        name
        for document in definition.documents
        for name in (document.id, *(f"{document.id}__{item.id}" for case in document.cases for item in case.documents))
    ]
    labels = (definition.requirement_label(name) for name in order if name in requirements)
    return tuple(label for label in labels if label is not None)


def _reworded(old: Definition, new: Definition, rows: Iterable[Answer]) -> tuple[Text, ...]:
    found: dict[tuple[str, str], Text] = {}
    for row in rows:
        for name in _given(row):
            before, after = old.field(row.section, name), new.field(row.section, name)
            if before is not None and after is not None and before.label != after.label:
                found[row.section, name] = after.label
    return tuple(each.label for each in _fields(new) if (each.section, each.id) in found)


def _statements(evaluation: Evaluation) -> list[Text]:
    variant = evaluation.statement_variant()
    return [evaluation.definition.statement_items[item] for item in variant.items] if variant else []
