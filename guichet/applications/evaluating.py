"""The answers of an application, as the language of procedures wants them."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from guichet.accounts.models import Person
from guichet.applications.models import Answer, Application, State, SupportingDocument
from guichet.core import clock
from guichet.permits.queries import HeldPermit, held
from guichet.procedures.definition import CASES_SECTION, CHECKED_SECTION, STATEMENTS_SECTION, Definition, Field, Section
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.queries import definition_of

# Answers that belong to no section of the definition, kept in rows like the others: the statements ticked, the cases chosen,
# what was checked in the recap, and what the person wishes to tell the administration, {"text": …}.
OBSERVATIONS_SECTION = "observations"
BESIDE_THE_SECTIONS = frozenset({STATEMENTS_SECTION, CASES_SECTION, CHECKED_SECTION, OBSERVATIONS_SECTION})

# ``source: agdref.<name>`` → the attribute of a person that holds it.
FROM_THE_PERSON = {
    "agdref.foreigner_number": "foreigner_number",
    "agdref.birth_name": "birth_name",
    "agdref.usage_name": "usage_name",
    "agdref.first_names": "first_names",
    "agdref.sex": "sex",
    "agdref.birth_date": "birth_date_text",
    "agdref.birth_country": "birth_country",
    "agdref.birth_place": "birth_place",
    "agdref.nationality": "nationality",
}


FROM_THE_PERMIT = "permit."  # ``source: permit.<name>`` → the attribute of the permit held
OTHER = "other"


def fields_of_type(definition: Definition, kind: str) -> Iterator[Field]:
    for section in definition.sections:
        yield from (field for field in section.fields if field.type == kind)


def registry_of(person: Person) -> dict[str, Any]:
    """What the registry knows of the person, by source: it wins over what was typed."""
    if not person.is_frozen:
        return {}
    return {source: getattr(person, attribute) for source, attribute in FROM_THE_PERSON.items()}


def _permit_of(application: Application, definition: Definition, today: date) -> dict[str, Any]:
    """The permit or visa held, by source, where a draft asks for it. One query, kept with ``application``.

    Once deposited, the answers say which one was held: a newer one changes nothing to them.
    """
    asked = [field for field in definition.sourced_fields if field.source and field.source.startswith(FROM_THE_PERMIT)]
    if not asked or application.state != State.DRAFT:
        return {}
    kept: dict[date, dict[str, Any]] = application.__dict__.setdefault("_permit_known", {})
    if today not in kept:
        permit = held(application.person, today)
        kept[today] = {field.source or "": _said(field, permit) for field in asked} if permit else {}
    return kept[today]


def _said(field: Field, permit: HeldPermit) -> str:
    """What a registry says of a permit, as an answer; a code that the question does not list is «other», where it has that."""
    value = getattr(permit, (field.source or "").removeprefix(FROM_THE_PERMIT))
    if isinstance(value, date):
        return value.isoformat()
    if field.type != "choice" or not value or field.option(value):
        return str(value)
    return OTHER if field.option(OTHER) else ""


def _known(person: Person, section: Section) -> dict[str, Any]:
    """What is known of the person among the fields of a section."""
    values = {
        field.id: getattr(person, FROM_THE_PERSON[field.source]) for field in section.fields if field.source in FROM_THE_PERSON
    }
    return {field: value for field, value in values.items() if value}


def known_of(person: Person, definition: Definition) -> dict[str, dict[str, Any]]:
    """``{section: {field: value}}`` of what is known of the person, to prefill a draft."""
    found = {section.id: _known(person, section) for section in definition.sections if not section.repeat}
    return {section: payload for section, payload in found.items() if payload}


def locked_fields(application: Application, section: Section, today: date | None = None) -> frozenset[str]:
    """The fields that a registry answered: read-only. What it left empty can be filled in."""
    if section.repeat:
        return frozenset()
    known = _permit_of(application, definition_of(application.procedure), today or clock.today())
    found = {field.id for field in section.fields if field.source and known.get(field.source)}
    if application.person.is_frozen:
        found |= set(_known(application.person, section))
    return frozenset(found)


def requirements_of(definition: Definition, section_id: str) -> frozenset[str]:
    """The ids of every document that may be asked for a section, whatever the case."""
    found: set[str] = set()
    for document in definition.documents:
        if document.section == section_id:
            found.add(document.id)
            found.update(f"{document.id}__{item.id}" for case in document.cases for item in case.documents)
    return frozenset(found)


def answers_in(definition: Definition, rows: Iterable[Answer]) -> dict[str, Any]:
    """``{section: {field: value}}``, a list of these for a section that repeats."""
    answers: dict[str, Any] = {section.id: [] for section in definition.sections if section.repeat}
    for row in sorted(rows, key=lambda answer: (answer.section, answer.row)):
        if isinstance(answers.get(row.section), list):
            answers[row.section].append(row.payload)
        else:
            answers[row.section] = row.payload
    return answers


def evaluate(application: Application, today: date | None = None, *, rows: Iterable[Answer] | None = None) -> Evaluation:
    """What the definition says of the answers, on this Paris day.

    One query, none when the rows are given; one more, once, where a draft asks for the permit held.
    """
    definition = definition_of(application.procedure)
    answers = answers_in(definition, application.answers.all() if rows is None else rows)
    day = today or clock.today()
    known = {**registry_of(application.person), **_permit_of(application, definition, day)}
    return Evaluation(definition, answers, day, registry=known)


def live_documents(application: Application, round: int = 0) -> list[SupportingDocument]:
    """The files given in one round and not taken back, with their files, in order. One query."""
    return list(application.documents.filter(round=round, removed_at__isnull=True).select_related("file"))


def counts(documents: Iterable[SupportingDocument]) -> dict[tuple[str, int], int]:
    """How many files each (requirement, row) has."""
    found: dict[tuple[str, int], int] = {}
    for document in documents:
        key = (document.requirement, document.row)
        found[key] = found.get(key, 0) + 1
    return found
