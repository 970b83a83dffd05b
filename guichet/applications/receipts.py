"""The deposit receipt: what is printed on it, drawn from what was deposited."""

from typing import Any

from django.utils import translation

from guichet.applications.models import Application, DepositSnapshot, EPhotoCopy
from guichet.certificates.actions import issue as issue_document
from guichet.certificates.models import OfficialDocument
from guichet.procedures.evaluation import Evaluation


def issue(
    row: Application, evaluation: Evaluation, snapshot: DepositSnapshot, copy: EPhotoCopy | None, language: str
) -> OfficialDocument:
    """Issues the receipt of a deposit, in the person's language. Its bytes are stored before the transaction commits."""
    with translation.override(language):
        data = data_of(row, evaluation, copy)
    return issue_document("deposit_receipt", subject=("application", str(row.pk)), data=data, language=language)


def data_of(row: Application, evaluation: Evaluation, copy: EPhotoCopy | None) -> dict[str, Any]:
    """What the receipt prints, in the active language."""
    return {}
