"""What was asked of a person when they last saved, and what differs today. Pure: values in, changes out.

A draft lives: a birthday passes overnight, a statement gives way to another, a document is no longer asked. Nobody deposits
something other than what they read: the deposit compares and sends back to what changed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from guichet.applications.errors import Change
from guichet.procedures.definition import CASES_SECTION, STATEMENTS_SECTION, Definition
from guichet.procedures.evaluation import Evaluation


def what_is_asked(evaluation: Evaluation) -> dict[str, Any]:
    """The consequences of the answers that a person reads, as JSON: statements, documents, questions."""
    variant = evaluation.statement_variant()
    questions: set[str] = set()
    for step in evaluation.definition.steps:
        for section in evaluation.visible_sections(step.id):
            rows: Iterable[int | None] = range(len(evaluation.rows(section.id))) if section.repeat else [None]
            for row in rows:
                questions.update(f"{section.id}.{field.id}" for field in evaluation.visible_fields(section.id, row))
    return {
        "statements": variant.id if variant else None,
        "documents": sorted({f"{asked.id}/{asked.row}" for asked in evaluation.requirements()}),
        "questions": sorted(questions),
    }


DOCUMENTS = CASES_SECTION  # looked at: the page that lists the documents, where the cases are chosen
STATEMENTS = STATEMENTS_SECTION


def after_saving(
    seen: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], looked_at: Collection[str]
) -> dict[str, Any]:
    """What a person has seen once they saved. ``before`` and ``after`` are what is asked, around the save, on the same day.

    The consequences of their own answer, and whatever stands in the parts that they looked at (sections, ``DOCUMENTS``,
    ``STATEMENTS``), are seen; what changed elsewhere by itself still waits to be told.
    """
    if not seen:
        return dict(after)

    def merged(name: str, in_sight: Callable[[str], bool]) -> list[str]:
        old, new = set(before[name]), set(after[name])
        kept = (set(seen[name]) | (new - old)) - (old - new)
        return sorted({each for each in kept if not in_sight(each)} | {each for each in new if in_sight(each)})

    told = STATEMENTS in looked_at or before["statements"] != after["statements"]
    return {
        "statements": after["statements"] if told else seen["statements"],
        "documents": merged("documents", lambda _each: DOCUMENTS in looked_at),
        "questions": merged("questions", lambda each: each.partition(".")[0] in looked_at),
    }


def changes(before: Mapping[str, Any], evaluation: Evaluation) -> list[Change]:
    """What is no longer as it was read, in the order in which the person meets it."""
    if not before:
        return []
    now = what_is_asked(evaluation)
    definition = evaluation.definition
    found = _questions(before, now, definition) + _documents(before, now, evaluation)
    if before["statements"] != now["statements"]:
        step = definition.statements_step
        found.append(
            Change("statements", step.id if step else "", _("Les attestations sur l'honneur à cocher ne sont plus les mêmes."))
        )
    return found


def _questions(before: Mapping[str, Any], now: Mapping[str, Any], definition: Definition) -> list[Change]:
    old, new = set(before["questions"]), set(now["questions"])
    found = []
    for step in definition.steps:
        for section in step.sections:
            for field in section.fields:
                name = f"{section.id}.{field.id}"
                if name in new - old:
                    text = _("Une question s'ajoute : « %(label)s ».") % {"label": field.label}
                    found.append(Change("question_added", step.id, text))
                elif name in old - new:
                    text = _("Une question n'est plus posée : « %(label)s ».") % {"label": field.label}
                    found.append(Change("question_dropped", step.id, text))
    return found


def _documents(before: Mapping[str, Any], now: Mapping[str, Any], evaluation: Evaluation) -> list[Change]:
    old, new = set(before["documents"]), set(now["documents"])
    documents_step = evaluation.definition.documents_step
    step = documents_step.id if documents_step else ""
    found = [
        Change("document_added", step, _("Un document de plus est demandé : « %(label)s ».") % {"label": asked.label})
        for asked in evaluation.requirements()
        if f"{asked.id}/{asked.row}" in new - old
    ]
    for key in sorted(old - new):
        label = evaluation.definition.requirement_label(key.partition("/")[0]) or key
        text = _("Un document n'est plus demandé : « %(label)s ».") % {"label": label}
        found.append(Change("document_dropped", step, text))
    return found
