"""What was issued stays as it was issued: only the date of revocation may be written, once; nothing is deleted."""

from guichet.core.triggers import Trigger, declare

TABLE = "certificates_officialdocument"
NAME = "an_official_document_never_changes"
SAID = "an official document never changes"
COLUMNS = ("number", "intent", "kind", "subject_kind", "subject_id", "language", "issued_at", "data", "key", "sha256")

declare(
    Trigger(
        name=NAME,
        table=TABLE,
        timing="BEFORE UPDATE OR DELETE",
        sqlite=(
            f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {TABLE}"
            f" WHEN {' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in COLUMNS)} OR OLD.revoked_at IS NOT NULL"
            f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
            f"CREATE TRIGGER {NAME}_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ),
        postgresql=(
            "BEGIN IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL AND NOT ("
            f" {' OR '.join(f'OLD.{column} IS DISTINCT FROM NEW.{column}' for column in COLUMNS)} ) THEN RETURN NEW; END IF;"
            f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END"
        ),
    )
)
