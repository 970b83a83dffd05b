"""What was issued stays as it was issued: only the date of revocation may be written, once; nothing is deleted."""

from guichet.core.triggers import ends_once

TABLE = "certificates_officialdocument"
NAME = "an_official_document_never_changes"
SAID = "an official document never changes"
COLUMNS = ("number", "intent", "kind", "subject_kind", "subject_id", "language", "issued_at", "data", "key", "sha256")

ends_once(NAME, TABLE, columns=COLUMNS, end="revoked_at", message=SAID)
