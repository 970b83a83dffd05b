"""A certificate stays as it was issued: only its stop may be written, once; nothing is deleted."""

from guichet.core.triggers import ends_once

TABLE = "permits_prolongationcertificate"
NAME = "a_certificate_never_changes"
SAID = "a prolongation certificate never changes"
COLUMNS = (
    "prolongation_id",
    "rank",
    "previous_id",
    "document_number",
    "starts_on",
    "ends_on",
    "allows",
    "legal_basis",
    "issued_at",
    "issued_by_kind",
    "issued_by_id",
    "reason",
)

ends_once(NAME, TABLE, columns=COLUMNS, end="stopped_at", message=SAID)
