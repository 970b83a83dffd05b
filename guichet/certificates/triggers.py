"""What was issued stays as it was issued: only two dates may be written, each once; nothing is deleted.

The date of revocation; and for papers of an appointment, which nobody needs for ever, the day on which what they said was
forgotten: number, day and hash stay, and nothing else.
"""

from guichet.core.triggers import Trigger, declare

TABLE = "certificates_officialdocument"
NAME = "an_official_document_never_changes"
SAID = "an official document never changes"
COLUMNS = ("number", "intent", "kind", "subject_kind", "subject_id", "language", "issued_at", "sha256")
SAYING = ("data", "key")  # what a document said, and where its bytes are
FORGETTABLE = ("convocation", "failed_attempt")  # of ``OfficialDocument.Kind``


def _allowed(same: str) -> str:
    """What may be written, in a dialect whose word for «equal, or both missing» is ``same``."""

    def unchanged(*columns: str) -> str:
        return " AND ".join(f"OLD.{column} {same} NEW.{column}" for column in columns)

    revoked = f"OLD.revoked_at IS NULL AND {unchanged(*SAYING, 'forgotten_at')}"
    forgotten = (
        f"OLD.forgotten_at IS NULL AND NEW.forgotten_at IS NOT NULL AND {unchanged('revoked_at')}"
        f" AND NEW.kind IN {FORGETTABLE} AND NEW.key = '' AND CAST(NEW.data AS text) = '{{}}'"
    )
    return f"{unchanged(*COLUMNS)} AND (({revoked}) OR ({forgotten}))"


declare(
    Trigger(
        name=NAME,
        table=TABLE,
        timing="BEFORE UPDATE OR DELETE",
        sqlite=(
            f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {TABLE} WHEN NOT ({_allowed('IS')})"
            f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
            f"CREATE TRIGGER {NAME}_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ),
        postgresql=(
            f"BEGIN IF TG_OP = 'UPDATE' THEN IF {_allowed('IS NOT DISTINCT FROM')} THEN RETURN NEW; END IF; END IF;"
            f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END"
        ),
    )
)
