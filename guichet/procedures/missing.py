"""What keeps an application from being deposited: each thing with its place and a sentence that says what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guichet.procedures import values
from guichet.procedures.definition import CASES_SECTION, STATEMENTS_SECTION, Section, Step

if TYPE_CHECKING:
    from guichet.procedures.evaluation import Evaluation


@dataclass(frozen=True)
class Missing:
    """``section`` is ``sworn_statements`` or ``document_cases`` for a statement or a case; ``requirement`` names the
    document when a file is missing. ``field`` is then the item, the document, or the same requirement."""

    step: str
    section: str
    row: int
    field: str
    message: str
    requirement: str = ""


def whats_missing(evaluation: "Evaluation", given: Mapping[tuple[str, int], int]) -> list[Missing]:
    """In the order of the steps: answers, statements, documents; then what the rules cannot decide."""
    found: list[Missing] = []
    for step in evaluation.definition.steps:
        for section in evaluation.visible_sections(step.id):
            found.extend(_answers(evaluation, step, section))
        if step.sworn_statements:
            found.extend(_statements(evaluation, step))
        if step.kind == "documents":
            found.extend(_documents(evaluation, step, given))
    return found or list(_undecided(evaluation))


def _answers(evaluation: "Evaluation", step: Step, section: Section) -> Iterator[Missing]:
    rows: list[int | None] = [None]
    if section.repeat:
        count = len(evaluation.rows(section.id))
        rows = list(range(count))
        if count < section.repeat.min:
            message = ngettext(
                "Ajoutez au moins une ligne à la rubrique « %(title)s ».",
                "Ajoutez au moins %(count)d lignes à la rubrique « %(title)s ».",
                section.repeat.min,
            ) % {"count": section.repeat.min, "title": section.title}
            yield Missing(step.id, section.id, count, "", message)
    for row in rows:
        for field in evaluation.visible_fields(section.id, row):
            value = evaluation.raw(section.id, field.id, row)
            if value is None:
                if evaluation.is_required(section.id, field.id, row):
                    message = _("Répondez à « %(label)s ».") % {"label": field.label}
                    yield Missing(step.id, section.id, row or 0, field.id, message)
                continue
            if not evaluation.is_read_only(section.id, field.id):
                wrong = values.check(field, value, evaluation=evaluation, row=row)
                if wrong:
                    yield Missing(step.id, section.id, row or 0, field.id, wrong)


def _statements(evaluation: "Evaluation", step: Step) -> Iterator[Missing]:
    for item, text, ticked in evaluation.statements():
        if not ticked:
            message = _("Cochez l'attestation « %(text)s ».") % {"text": str(text).rstrip(".")}
            yield Missing(step.id, STATEMENTS_SECTION, 0, item, message)


def _documents(evaluation: "Evaluation", step: Step, given: Mapping[tuple[str, int], int]) -> Iterator[Missing]:
    for group in evaluation.document_groups(step.id):
        if group.cases and group.chosen is None:
            message = _("Indiquez votre situation pour « %(label)s ».") % {"label": group.label}
            yield Missing(step.id, CASES_SECTION, group.row, group.id, message)
        for asked in group.requirements:
            count = given.get((asked.id, asked.row), 0)
            if asked.required and not count:
                message = _("Joignez le document « %(label)s ».") % {"label": asked.label}
                yield Missing(step.id, asked.section, asked.row, asked.id, message, asked.id)
            elif count > asked.max_files:
                message = ngettext(
                    "Gardez un seul fichier pour « %(label)s ».",
                    "Gardez au plus %(count)d fichiers pour « %(label)s ».",
                    asked.max_files,
                ) % {"count": asked.max_files, "label": asked.label}
                yield Missing(step.id, asked.section, asked.row, asked.id, message, asked.id)


def _undecided(evaluation: "Evaluation") -> Iterator[Missing]:
    """Unknown refuses a deposit. The checks at load make sure that complete answers decide everything; this is the net."""
    for rule in evaluation.undecided_rules():
        at = evaluation.finding(rule)
        yield Missing(
            at.step,
            at.section,
            0,
            at.field,
            _("Complétez cette réponse : elle permet de savoir si la démarche vous est ouverte."),
        )
    for document in evaluation.undecided_documents():
        step = evaluation.definition.step_of(document.section)
        message = _("Complétez cette rubrique : elle permet de savoir si « %(label)s » vous est demandé.") % {
            "label": document.label
        }
        yield Missing(step.id if step else "", document.section, 0, "", message)
    statements = evaluation.definition.statements_step
    if statements and evaluation.definition.sworn_statements and evaluation.statement_variant() is None:
        message = _("Complétez vos réponses : elles permettent de savoir quelles attestations vous devez cocher.")
        yield Missing(statements.id, STATEMENTS_SECTION, 0, "", message)
