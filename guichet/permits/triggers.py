"""A certificate stays as it was issued: only its stop may be written, once; nothing is deleted."""

from guichet.core.triggers import Trigger, declare

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

declare(
    Trigger(
        name=NAME,
        table=TABLE,
        timing="BEFORE UPDATE OR DELETE",
        sqlite=(
            f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {TABLE}"
            f" WHEN {' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in COLUMNS)} OR OLD.stopped_at IS NOT NULL"
            f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
            f"CREATE TRIGGER {NAME}_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ),
        postgresql=(
            "BEGIN IF TG_OP = 'UPDATE' AND OLD.stopped_at IS NULL AND NOT ("
            f" {' OR '.join(f'OLD.{column} IS DISTINCT FROM NEW.{column}' for column in COLUMNS)} ) THEN RETURN NEW; END IF;"
            f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END"
        ),
    )
)
