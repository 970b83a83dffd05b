"""Verbs of certificates: issuing an official document, revoking it, forgetting what it said."""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from guichet.certificates import photos, typesetting
from guichet.certificates.contents import CONTENTS
from guichet.certificates.models import OfficialDocument
from guichet.certificates.numbers import new_number
from guichet.certificates.triggers import FORGETTABLE
from guichet.core import clock, storage


def issue(kind: str, *, subject: tuple[str, str], data: Mapping[str, Any], language: str, intent: str = "") -> OfficialDocument:
    """Makes, numbers and keeps an official document. The same ``intent`` twice is one document: the first is returned.

    ``kind`` is one of ``OfficialDocument.Kind``; ``data`` has the shape of ``contents.CONTENTS[kind]`` (``ValidationError``
    of pydantic when something is missing: a programming error). Without an ``intent``, the same data about the same
    subject are the same document. Call it in the transaction of what it certifies.
    """
    content = CONTENTS[kind].model_validate(data)
    if getattr(content, "photo", ""):
        content = content.model_copy(update={"photo": photos.small_jpeg(content.photo)})  # type: ignore[attr-defined]
    kept = content.model_dump(mode="json")
    intent = intent or _intent_of(kind, subject, kept)
    known = OfficialDocument.objects.filter(intent=intent).first()
    if known:
        return known
    number, now = new_number(), clock.now()
    pdf = typesetting.official_pdf(kind, content, number, language, now)
    key = storage.keep(pdf, folder="documents", suffix=".pdf")
    document = OfficialDocument(
        number=number,
        intent=intent,
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        language=language,
        issued_at=now,
        data=kept,
        key=key,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    with transaction.atomic():
        OfficialDocument.objects.bulk_create([document], ignore_conflicts=True)
    issued = OfficialDocument.objects.get(intent=intent)
    if issued.number != number:  # another process issued it meanwhile
        storage.remove(key)
    return issued


def revoke(number: str) -> None:
    """Dates the end of a document before its time; what was printed stays. Revoking twice is revoking once."""
    OfficialDocument.objects.filter(pk=number, revoked_at__isnull=True).update(revoked_at=clock.now())


def forget(subject_kind: str, ids: Collection[str]) -> int:
    """Erases what the documents about these subjects said, and their files; number, day and hash stay. How many. Only of the
    kinds that may be forgotten; twice is once.

    Files go first: should the transaction fail, what is lost is typeset again from the data, and the next round goes on.
    """
    rows = OfficialDocument.objects.filter(
        subject_kind=subject_kind, subject_id__in=ids, kind__in=FORGETTABLE, forgotten_at__isnull=True
    )
    with transaction.atomic():
        kept = list(rows.select_for_update().order_by("number").values_list("number", "key"))
        for _, key in kept:
            storage.remove(key)
        numbers = [number for number, _ in kept]
        OfficialDocument.objects.filter(pk__in=numbers).update(data={}, key="", forgotten_at=clock.now())
    return len(kept)


def _intent_of(kind: str, subject: tuple[str, str], kept: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()
    return f"{kind}:{subject[0]}:{subject[1]}:{digest[:32]}"
