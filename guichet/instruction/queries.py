"""Reads of instruction: the officers' queue, day, sheet and signatures; the person's requests and decisions."""

from guichet.instruction.bulk import colleagues_of, may_give
from guichet.instruction.complements import checked_items
from guichet.instruction.convoking import pools_to_convoke, types_to_convoke
from guichet.instruction.decisions import checked_terms
from guichet.instruction.for_person import (
    ItemSheet,
    RequestSheet,
    decision_for,
    decisions_of,
    open_request_of,
    open_requests_of,
    request_for,
    requests_of,
    sealed_decisions_of,
)
from guichet.instruction.grounds import Ground, grounds_of
from guichet.instruction.letters import defaults_for, preview_pdf
from guichet.instruction.listing import FLAGS, PAGE_SIZE, Day, Filters, Key, Page, Row, day, procedures_in_use, queue, to_sign
from guichet.instruction.sheet import (
    ReviewSheet,
    application_for,
    colleagues,
    document_for,
    official_document_for,
    proposal_for,
    review,
)

__all__ = [
    "FLAGS",
    "PAGE_SIZE",
    "Day",
    "Filters",
    "Ground",
    "ItemSheet",
    "Key",
    "Page",
    "RequestSheet",
    "ReviewSheet",
    "Row",
    "application_for",
    "checked_items",
    "checked_terms",
    "colleagues",
    "colleagues_of",
    "day",
    "decision_for",
    "decisions_of",
    "defaults_for",
    "document_for",
    "grounds_of",
    "may_give",
    "official_document_for",
    "open_request_of",
    "open_requests_of",
    "pools_to_convoke",
    "preview_pdf",
    "procedures_in_use",
    "proposal_for",
    "queue",
    "request_for",
    "requests_of",
    "review",
    "sealed_decisions_of",
    "to_sign",
    "types_to_convoke",
]
