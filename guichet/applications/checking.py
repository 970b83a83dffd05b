"""The recap where each thing is ticked: what there is to check in a draft, and what the person has checked.

A tick is kept with the digest of what it was put on. Whatever edits that thing (the person, a file, a registry) thus unticks
it, and a page that showed an older answer ticks nothing.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from guichet.accounts.models import Account
from guichet.applications import drafting, evaluating
from guichet.applications.errors import RevisionConflict
from guichet.applications.models import Answer, Application, SupportingDocument
from guichet.procedures.definition import CHECKED_SECTION, Step
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.missing import Missing

Entries = dict[str, str]  # {entry: digest of what it says}, in the order of the recap


def answer_entry(section: str, row: int, field: str) -> str:
    return f"answer.{section}.{row}.{field}"


def document_entry(requirement: str, row: int) -> str:
    return f"document.{requirement}.{row}"


def tick_step(evaluation: Evaluation) -> Step | None:
    """The recap where each thing is ticked; None where the procedure does not ask for it."""
    return next((step for step in evaluation.definition.steps if step.kind == "recap" and step.tick_each), None)


def to_check(evaluation: Evaluation, documents: Iterable[SupportingDocument]) -> Entries:
    """Every answer and every document to tick before the deposit: what was given and is asked now. Empty where nothing is."""
    if tick_step(evaluation) is None:
        return {}
    given: dict[str, list[str]] = {}
    for document in documents:
        given.setdefault(document_entry(document.requirement, document.row), []).append(document.file.sha256)
    found: Entries = {}
    for step in evaluation.definition.steps:
        for section in evaluation.visible_sections(step.id):
            rows: list[int | None] = list(range(len(evaluation.rows(section.id)))) if section.repeat else [None]
            for row in rows:
                for field in evaluation.visible_fields(section.id, row):
                    value = evaluation.raw(section.id, field.id, row)
                    if value is not None:
                        found[answer_entry(section.id, row or 0, field.id)] = _digest(value)
    for asked in evaluation.requirements():
        entry = document_entry(asked.id, asked.row)
        if entry in given:
            found[entry] = _digest(given[entry])
    return found


def _digest(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def checked(evaluation: Evaluation, entries: Entries) -> frozenset[str]:
    """The entries ticked as they stand."""
    ticks = evaluation.answers.get(CHECKED_SECTION) or {}
    return frozenset(entry for entry, digest in entries.items() if ticks.get(entry) == digest)


def tick(application: Application, ticks: Mapping[str, str | None], by: Account) -> None:
    """Keeps ticks: the digest that was on the page for what is ticked, None for what is not. The last word stands.

    Only what there is to check now is kept: whatever else a page says, a draft does not grow by it.
    """
    entries = to_check(evaluating.evaluate(application), evaluating.live_documents(application)) if ticks else {}
    ticks = {entry: digest for entry, digest in ticks.items() if entry in entries and _is_digest(digest)}
    if not ticks:
        return
    stored = Answer.objects.filter(application=application, section=CHECKED_SECTION, row=0).first()
    revision = stored.revision if stored else 0
    try:
        drafting.save_section(application, CHECKED_SECTION, 0, ticks, {}, revision, by)
    except RevisionConflict as conflict:
        drafting.save_section(application, CHECKED_SECTION, 0, ticks, {}, conflict.current.revision, by)


def _is_digest(said: str | None) -> bool:
    return said is None or re.fullmatch(r"[0-9a-f]{16}", said) is not None


def unchecked(evaluation: Evaluation, documents: Iterable[SupportingDocument]) -> list[Missing]:
    """What is still to tick before the deposit, in the order of the recap."""
    step = tick_step(evaluation)
    entries = to_check(evaluation, documents)
    done = checked(evaluation, entries)
    return [
        Missing(
            step.id,
            CHECKED_SECTION,
            0,
            entry,
            _("Vérifiez puis cochez « %(label)s ».") % {"label": label_of(evaluation, entry)},
        )
        for entry in entries
        if step is not None and entry not in done
    ]


def label_of(evaluation: Evaluation, entry: str) -> str:
    """The question or the document that an entry is about, in the active language."""
    kind, name, *rest = entry.split(".")
    label = (
        evaluation.definition.requirement_label(name)
        if kind == "document"
        else getattr(evaluation.definition.field(name, rest[-1]), "label", None)
    )
    return str(label or name)
