"""What the database itself keeps of draws: nobody enters or leaves one that is closed, and what is published never changes.

Whoever did not confirm is not of the list: such rows go at any time. Once the outcome is published the files say it all: the
rows may be forgotten.
"""

from guichet.core.triggers import Trigger, append_only, declare

REGISTRATION, DRAW = "appointments_drawregistration", "appointments_draw"
CLOSED = "this draw takes no more registrations"
NAME = "appointments_a_closed_draw_keeps_its_list"
COLUMNS = ("draw_id", "public_id", "person_key", "wishes", "confirmed_at")  # what the list is made of

append_only(
    "appointments_a_published_draw_file_is_written_once",
    "appointments_drawfile",
    message="what is published of a draw is written once",
)

SHUT = f"NOT EXISTS (SELECT 1 FROM {DRAW} d WHERE d.id = {{row}}.draw_id AND d.state = 'open')"  # noqa: S608 - constants of this file
CHANGED = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in COLUMNS)
CHANGED_PG = " OR ".join(f"NEW.{column}::text IS DISTINCT FROM OLD.{column}::text" for column in COLUMNS)
# PostgreSQL: who closes the draw holds its row; who enters waits for it, then reads it again. Those who enter share the lock.
LOOK = (
    f"PERFORM 1 FROM {DRAW} d WHERE d.id = {{row}}.draw_id AND d.state = 'open' FOR SHARE;"
    f" IF NOT FOUND THEN RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
)
AWAITED = f"EXISTS (SELECT 1 FROM {DRAW} d WHERE d.id = OLD.draw_id AND d.state = 'closed')"  # noqa: S608 - the same
KEEP = LOOK.format(row="OLD").replace("d.state = 'open'", "d.state <> 'closed'")

declare(
    Trigger(
        name=NAME,
        table=REGISTRATION,
        timing="BEFORE INSERT OR UPDATE OR DELETE",
        sqlite=(
            f"CREATE TRIGGER {NAME}_insert BEFORE INSERT ON {REGISTRATION} WHEN {SHUT.format(row='NEW')}"
            f" BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END",
            f"CREATE TRIGGER {NAME}_update BEFORE UPDATE ON {REGISTRATION} WHEN ({CHANGED}) AND {SHUT.format(row='OLD')}"
            f" BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END",
            f"CREATE TRIGGER {NAME}_delete BEFORE DELETE ON {REGISTRATION} WHEN OLD.confirmed_at IS NOT NULL AND {AWAITED}"
            f" BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END",
        ),
        postgresql=(
            f"BEGIN IF TG_OP = 'INSERT' THEN {LOOK.format(row='NEW')} RETURN NEW; END IF;"
            f" IF TG_OP = 'DELETE' THEN IF OLD.confirmed_at IS NOT NULL THEN {KEEP} END IF; RETURN OLD; END IF;"
            f" IF {CHANGED_PG} THEN {LOOK.format(row='OLD')} END IF; RETURN NEW; END"
        ),
    )
)
