"""The words of each official document, in the active language; laying them out is the business of the Typst templates."""

from collections.abc import Callable
from typing import Any

from guichet.certificates.letters import (
    closing,
    convocation,
    deposit_receipt,
    failed_attempt,
    favourable_decision,
    favourable_outcome,
    prolongation,
    refusal,
)
from guichet.certificates.letters.common import Sheet

COMPOSERS: dict[str, Callable[[Any, str], Sheet]] = {
    "deposit_receipt": deposit_receipt.compose,
    "favourable_decision": favourable_decision.compose,
    "favourable_outcome": favourable_outcome.compose,
    "refusal": refusal.compose,
    "closing": closing.compose,
    "prolongation": prolongation.compose,
    "convocation": convocation.compose,
    "failed_attempt": failed_attempt.compose,
}
