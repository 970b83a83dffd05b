"""What the database itself refuses: a published definition does not change, not even by ``QuerySet.update()``."""

from guichet.core.triggers import Trigger, declare

TABLE = "procedures_publishedprocedure"
FROZEN = ("slug", "version", "digest", "content", "effective_from")
SAID = "a published definition is written once"
NAME = "procedures_published_is_frozen"

declare(
    Trigger(
        name=NAME,
        table=TABLE,
        timing="BEFORE UPDATE",
        sqlite=(
            f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {TABLE}"
            f" WHEN {' OR '.join(f'NEW.{column} IS NOT OLD.{column}' for column in FROZEN)}"
            f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END",
        ),
        postgresql=(
            f"BEGIN IF {' OR '.join(f'NEW.{column} IS DISTINCT FROM OLD.{column}' for column in FROZEN)} THEN"
            f" RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END"
        ),
    )
)
