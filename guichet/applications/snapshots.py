"""The snapshot of a deposit: what was deposited, as the person read it, frozen for good (a trigger guards the row)."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from guichet.accounts.models import Account, Person
from guichet.applications import checking, evaluating
from guichet.applications.models import Application, DepositSnapshot, EPhotoCopy, SupportingDocument
from guichet.core import clock
from guichet.procedures.evaluation import Evaluation


def freeze(
    row: Application, evaluation: Evaluation, documents: list[SupportingDocument], copy: EPhotoCopy | None, by: Account
) -> DepositSnapshot:
    """Writes the snapshot. Call it in the transaction of the deposit, once the number is known."""
    content = json.loads(json.dumps(_content(row, evaluation, documents, copy, by), cls=DjangoJSONEncoder))
    return DepositSnapshot.objects.create(application=row, content=content, digest=digest_of(content), created_at=clock.now())


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(
    row: Application, evaluation: Evaluation, documents: list[SupportingDocument], copy: EPhotoCopy | None, by: Account
) -> dict[str, Any]:
    definition = evaluation.definition
    variant = evaluation.statement_variant()
    checked = checking.to_check(evaluation, documents)
    observations = evaluation.answers.get(evaluating.OBSERVATIONS_SECTION) or {}
    return {
        "number": row.number,
        "deposited_at": row.deposited_at,
        "language": by.language,
        "procedure": {
            "slug": row.procedure.slug,
            "version": row.procedure.version,
            "digest": row.procedure.digest,
        },
        "person": identity_of(row.person),
        "filed_by": str(by.pk),
        "answers": evaluation.deposited_answers(),
        "facts": dict(evaluation.facts),
        "documents": [
            {
                "requirement": document.requirement,
                "row": document.row,
                "kind": document.kind,
                "file": str(document.file_id),
                "sha256": document.file.sha256,
                "name": document.file.name,
            }
            for document in documents
        ],
        "statements": {
            "variant": variant.id if variant else None,
            "items": [
                {"id": item, "text": definition.statement_items[item].in_language(by.language)}
                for item in (variant.items if variant else ())
            ],
        },
        "ephoto": {"number": copy.number, "fetched_at": copy.fetched_at} if copy and copy.fetched_at else None,
        "observations": observations.get("text", ""),
        **({"checked": checked} if checked else {}),
    }


def identity_of(person: Person) -> dict[str, Any]:
    """An identity with its origin and its date."""
    return {
        "id": str(person.pk),
        "foreigner_number": person.foreigner_number,
        "birth_name": person.birth_name,
        "usage_name": person.usage_name,
        "first_names": person.first_names,
        "sex": person.sex,
        "birth_date": person.birth_date_text,
        "birth_country": person.birth_country,
        "birth_place": person.birth_place,
        "nationality": person.nationality,
        "origin": person.origin,
        "frozen_at": person.frozen_at,
    }
