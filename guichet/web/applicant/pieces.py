"""The documents asked now and the files given for each, as pages show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guichet.applications.models import Application, SupportingDocument
from guichet.procedures.definition import Definition, KindOfDocument
from guichet.procedures.durations import Duration
from guichet.procedures.evaluation import DocumentGroup, Evaluation, Requirement
from guichet.web.design.sizes import size_in_words

Errors = dict[str, "str | Promise"]  # by the key of a document (``case-`` before that of a case), or ``ephoto``


@dataclass(frozen=True)
class GivenFile:
    """A file that was given, as a list shows it."""

    id: int
    name: str
    detail: str
    view_url: str
    thumbnail_url: str


@dataclass
class Piece:
    """A document asked now, and what was given for it."""

    requirement: str
    row: int
    key: str
    label: str
    help: str
    kinds: list[KindOfDocument]  # any one of them will do
    names_its_kind: bool  # its label is already that of its only kind
    newer_than: str
    required: bool
    max_files: int
    files: list[GivenFile]
    error: str
    upload_url: str

    @property
    def is_full(self) -> bool:
        return len(self.files) >= self.max_files


@dataclass
class Group:
    """A document and its cases; its pieces are asked now."""

    id: str
    key: str
    label: str
    help: str
    cases: list[dict[str, Any]]
    pieces: list[Piece]
    error: str = ""


@dataclass
class Chapter:
    """The documents of one section of the application."""

    id: str
    title: str
    groups: list[Group] = field(default_factory=list)


def key_of(requirement: str, row: int) -> str:
    return f"{requirement}-{row}"


def counts(documents: Sequence[SupportingDocument]) -> Counter[tuple[str, int]]:
    """How many files each (requirement, row) has."""
    return Counter((document.requirement, document.row) for document in documents)


def chapters(
    application: Application,
    definition: Definition,
    evaluation: Evaluation,
    documents: Sequence[SupportingDocument],
    errors: Errors,
) -> list[Chapter]:
    """The documents asked now, by section of the application, with the files given."""
    given: dict[str, list[SupportingDocument]] = {}
    for document in documents:
        given.setdefault(key_of(document.requirement, document.row), []).append(document)
    found: dict[str, Chapter] = {}
    for group in evaluation.document_groups():
        section = definition.section(group.section)
        chapter = found.setdefault(group.section, Chapter(group.section, str(section.title) if section else ""))
        chapter.groups.append(_group(application, definition, group, given, errors))
    return list(found.values())


@dataclass(frozen=True)
class Waiting:
    """A document that is not asked now, and the files given for it: they come back with the answer that asks for it."""

    label: str
    files: list[GivenFile]


def waiting(
    application: Application, definition: Definition, evaluation: Evaluation, documents: Sequence[SupportingDocument]
) -> list[Waiting]:
    """The files given for what is no longer asked: kept until the deposit, and not deposited."""
    asked = {(requirement.id, requirement.row) for requirement in evaluation.requirements()}
    found: dict[tuple[str, int], list[GivenFile]] = {}
    for document in documents:
        key = (document.requirement, document.row)
        if key not in asked:
            found.setdefault(key, []).append(given_file(application, document))
    return [
        Waiting(str(definition.requirement_label(requirement) or requirement), files)
        for (requirement, _row), files in found.items()
    ]


def _group(
    application: Application,
    definition: Definition,
    group: DocumentGroup,
    given: dict[str, list[SupportingDocument]],
    errors: Errors,
) -> Group:
    section = definition.section(group.section)
    label = str(group.label)
    if section and section.repeat:
        label = f"{label} – {section.repeat.row_title or section.title} {group.row + 1}"
    key = key_of(group.id, group.row)
    cases = [
        {"id": case.id, "label": str(case.label), "help": str(case.help or ""), "chosen": case == group.chosen}
        for case in group.cases
    ]
    pieces = [
        _piece(application, definition, asked, label if not group.cases else str(asked.label), given, errors)
        for asked in group.requirements
    ]
    return Group(group.id, key, label, str(group.help or ""), cases, pieces, str(errors.get(f"case-{key}", "")))


def _piece(
    application: Application,
    definition: Definition,
    asked: Requirement,
    label: str,
    given: dict[str, list[SupportingDocument]],
    errors: Errors,
) -> Piece:
    key = key_of(asked.id, asked.row)
    kinds = [definition.kinds[kind] for kind in asked.kinds if kind in definition.kinds]
    return Piece(
        requirement=asked.id,
        row=asked.row,
        key=key,
        label=label,
        help=str(asked.help or ""),
        kinds=kinds,
        names_its_kind=len(kinds) == 1 and kinds[0].label == asked.label,
        newer_than=Duration.parse(asked.newer_than).in_words() if asked.newer_than else "",
        required=asked.required,
        max_files=asked.max_files,
        files=[given_file(application, document) for document in given.get(key, [])],
        error=str(errors.get(key, "")),
        upload_url=reverse("applicant:draft_upload", args=[application.pk, asked.id, asked.row]),
    )


def given_file(application: Application, document: SupportingDocument) -> GivenFile:
    """A file as its owner sees it, in a draft or once deposited."""
    stored = document.file
    pages = _("%(count)d pages, ") % {"count": stored.pages} if stored.pages > 1 else ""
    if application.number:
        names, place = ("applicant:application_file", "applicant:application_preview"), application.number
    else:
        names, place = ("applicant:draft_file", "applicant:draft_preview"), str(application.pk)
    return GivenFile(
        id=document.pk,
        name=stored.name,
        detail=f"{pages}{size_in_words(stored.size)}",
        view_url=reverse(names[0], args=[place, document.pk]),
        thumbnail_url=reverse(names[1], args=[place, document.pk]),
    )
