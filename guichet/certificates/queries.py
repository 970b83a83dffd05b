"""Reads of certificates. The caller has already checked that who asks may see the document."""

import hashlib
from collections.abc import Collection
from datetime import datetime

import structlog
from django.db.models import Q, QuerySet

from guichet.certificates import typesetting
from guichet.certificates.contents import CONTENTS
from guichet.certificates.models import OfficialDocument
from guichet.certificates.numbers import tidy
from guichet.core import storage

log = structlog.get_logger("guichet.certificates")


class DocumentAltered(RuntimeError):
    """The stored bytes are no longer those that were issued."""


class DocumentForgotten(LookupError):
    """What the document said is no longer kept: only that it was issued, when, and the hash of its bytes."""


def document(number: str) -> OfficialDocument | None:
    """The document of this number, as people type it; ``None`` when there is none."""
    known = tidy(number)
    return OfficialDocument.objects.filter(pk=known).first() if known else None


def documents_of(subject: tuple[str, str]) -> QuerySet[OfficialDocument]:
    """The documents about a subject, oldest first."""
    return OfficialDocument.objects.filter(subject_kind=subject[0], subject_id=subject[1]).order_by("issued_at", "number")


def documents_about(kind: str, keys: Collection[str]) -> dict[str, list[OfficialDocument]]:
    """The documents about several subjects of one kind, by the key of the subject, oldest first. One query."""
    found: dict[str, list[OfficialDocument]] = {}
    for document in OfficialDocument.objects.filter(subject_kind=kind, subject_id__in=keys).order_by("issued_at", "number"):
        found.setdefault(document.subject_id, []).append(document)
    return found


def page_about(
    kind: str, keys: Collection[str], *, after: tuple[datetime, str] | None = None, size: int = 10
) -> tuple[list[OfficialDocument], bool]:
    """One page of the documents about several subjects, newest first, after ``(issued_at, number)``; whether there are more."""
    rows = OfficialDocument.objects.filter(subject_kind=kind, subject_id__in=keys).order_by("-issued_at", "-number")
    if after:
        rows = rows.filter(Q(issued_at__lt=after[0]) | Q(issued_at=after[0], number__lt=after[1]))
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def pdf(document: OfficialDocument) -> bytes:
    """The bytes as issued. A file that the storage lost is typeset again from its data, since the same data give the same
    bytes; bytes that are not those issued are never returned (``DocumentAltered``). Raises ``DocumentForgotten``."""
    if document.forgotten_at is not None:
        raise DocumentForgotten(document.number)
    try:
        found = storage.read(document.key)
    except FileNotFoundError:
        log.error("official document lost by the storage, typeset again", kind=document.kind)
        content = CONTENTS[document.kind].model_validate(document.data)
        found = typesetting.official_pdf(document.kind, content, document.number, document.language, document.issued_at)
    if hashlib.sha256(found).hexdigest() != document.sha256:
        raise DocumentAltered(str(document))
    return found
