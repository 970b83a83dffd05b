"""The deposit receipt: what is printed on it, drawn from what was deposited."""

import base64
from typing import Any

from guichet.applications.evaluating import FROM_THE_PERSON
from guichet.applications.models import Application, EPhotoCopy
from guichet.certificates.actions import issue as issue_document
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, storage
from guichet.offices.queries import administrative_court
from guichet.procedures.evaluation import Evaluation


def issue(row: Application, evaluation: Evaluation, copy: EPhotoCopy | None, language: str) -> OfficialDocument:
    """Issues the receipt of a deposit, once. Its bytes are in storage before the transaction commits."""
    return issue_document(
        "deposit_receipt",
        subject=("application", str(row.pk)),
        data=data_of(row, evaluation, copy),
        language=language,
        intent=f"deposit_receipt:{row.pk}",
    )


def data_of(row: Application, evaluation: Evaluation, copy: EPhotoCopy | None) -> dict[str, Any]:
    """What the receipt prints (requirement C11). ``row`` bears its number, its office and its dates."""
    assert row.deposited_at and row.office
    return {
        "number": row.number,
        "issued_on": clock.paris_date(row.deposited_at),
        "foreigner_number": row.person.foreigner_number,
        **identity_in(evaluation),
        "address": address_lines(evaluation),
        "photo": base64.b64encode(storage.read(copy.photo_key)).decode() if copy and copy.photo_key else "",
        "nature": evaluation.definition.nature,
        "procedure_title": evaluation.definition.title,
        "office_name": row.office.name,
        "tribunal": administrative_court(row.office.department),
        "silence_refuses_on": row.silence_refuses_on,
    }


def identity_in(evaluation: Evaluation) -> dict[str, str]:
    """The identity deposited, by attribute of a person: the registry's word, and what the person filled in beside it."""
    answers = evaluation.deposited_answers()
    found = {}
    for field in evaluation.definition.sourced_fields:
        attribute = FROM_THE_PERSON.get(field.source or "")
        if attribute is None:
            continue  # what is read elsewhere, like the permit held, is no part of the identity
        value = (answers.get(field.section) or {}).get(field.id)
        if value and attribute != "foreigner_number":
            found["birth_date" if attribute == "birth_date_text" else attribute] = str(value)
    return found


def address_lines(evaluation: Evaluation) -> list[str]:
    """The address that decides the office, as on an envelope."""
    field = evaluation.definition.office_address
    address = (evaluation.deposited_answers().get(field.section) or {}).get(field.id) if field else None
    if not address:
        return []
    street = f"{address.get('house_number') or ''} {address.get('street') or ''}".strip()
    city = f"{address.get('postal_code') or ''} {address.get('city') or ''}".strip()
    return [line for line in (address.get("complement"), street, city) if line]
