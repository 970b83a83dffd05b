"""What the database itself refuses, whoever asks: a deposit cannot be rewritten, not even by ``QuerySet.update()``."""

from guichet.core.triggers import Trigger, append_only, declare

APPLICATION = "applications_application"
FROZEN_COLUMNS = ("number", "procedure_id", "person_id", "filed_by_id", "deposited_at")
WRITTEN_ONCE = "a deposit is written once"

append_only("applications_snapshot_is_written_once", "applications_depositsnapshot", message=WRITTEN_ONCE)


def _frozen_application() -> Trigger:
    """A deposited application keeps its number, procedure, person, filer and date, and is never deleted."""
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN_COLUMNS)
    changed_pg = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN_COLUMNS)
    name = "applications_deposited_is_frozen"
    return Trigger(
        name=name,
        table=APPLICATION,
        timing="BEFORE UPDATE OR DELETE",
        sqlite=(
            f"CREATE TRIGGER {name}_update BEFORE UPDATE ON {APPLICATION} WHEN OLD.number IS NOT NULL AND ({changed})"
            f" BEGIN SELECT RAISE(ABORT, '{WRITTEN_ONCE}'); END",
            f"CREATE TRIGGER {name}_delete BEFORE DELETE ON {APPLICATION} WHEN OLD.number IS NOT NULL"
            f" BEGIN SELECT RAISE(ABORT, '{WRITTEN_ONCE}'); END",
        ),
        postgresql=(
            "BEGIN IF TG_OP = 'DELETE' THEN IF OLD.number IS NOT NULL THEN"
            f" RAISE EXCEPTION '{WRITTEN_ONCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END IF;"
            f" IF OLD.number IS NOT NULL AND ({changed_pg}) THEN"
            f" RAISE EXCEPTION '{WRITTEN_ONCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END"
        ),
    )


def _frozen_rows(name: str, table: str, of_the_deposit: str) -> Trigger:
    """Rows of a deposited application that cannot be added, changed or removed. ``of_the_deposit`` tests ``{row}.column``."""

    def deposited(row: str) -> str:
        condition = of_the_deposit.format(row=row)
        return (
            f"{condition} AND EXISTS (SELECT 1 FROM {APPLICATION} a WHERE a.id = {row}.application_id AND a.number IS NOT NULL)"  # noqa: S608 - constants of this file
        )

    refuse = f"RAISE EXCEPTION '{WRITTEN_ONCE}' USING ERRCODE = 'integrity_constraint_violation'"
    return Trigger(
        name=name,
        table=table,
        timing="BEFORE INSERT OR UPDATE OR DELETE",
        sqlite=(
            *(
                f"CREATE TRIGGER {name}_{verb.lower()}_{row.lower()} BEFORE {verb} ON {table} WHEN {deposited(row)}"
                f" BEGIN SELECT RAISE(ABORT, '{WRITTEN_ONCE}'); END"
                for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
            ),
        ),
        postgresql=(
            f"BEGIN IF TG_OP <> 'INSERT' THEN IF {deposited('OLD')} THEN {refuse}; END IF; END IF;"
            f" IF TG_OP <> 'DELETE' THEN IF {deposited('NEW')} THEN {refuse}; END IF; RETURN NEW; END IF; RETURN OLD; END"
        ),
    )


declare(_frozen_application())
declare(_frozen_rows("applications_answers_are_frozen", "applications_answer", "TRUE"))
declare(_frozen_rows("applications_documents_are_frozen", "applications_supportingdocument", "{row}.round = 0"))
