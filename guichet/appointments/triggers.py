"""What the database itself keeps: ``taken`` is the count of bookings that fill a place, whoever writes them.

Nobody takes a place before its release or in a slot that was withdrawn; ``slot.version`` moves with every change.
"""

from guichet.appointments import lifecycle
from guichet.appointments.draws import triggers as draw_triggers  # noqa: F401  declares its own
from guichet.core.remembered import stamped
from guichet.core.triggers import Trigger, declare

BOOKING = "appointments_booking"
SLOT = "appointments_slot"

# What a page of the public needs of a type, its office included.
stamped("appointment_types", ("appointments_appointmenttype", "offices_office"))


def _in(states: frozenset[lifecycle.State]) -> str:
    return f"({', '.join(repr(state.value) for state in sorted(states))})"


COUNTED, TAKING = _in(lifecycle.COUNTED), _in(lifecycle.TAKING)
NOT_OPEN = "this slot is withdrawn, or not released yet"
NOT_BY_HAND = "taken is kept by the bookings"

# A place is entered by a row that begins to count in a slot, left by one that ceases to.
LEAVES = f"OLD.state IN {COUNTED} AND (NEW.state NOT IN {COUNTED} OR NEW.slot_id <> OLD.slot_id)"
ENTERS = f"NEW.state IN {COUNTED} AND (OLD.state NOT IN {COUNTED} OR NEW.slot_id <> OLD.slot_id)"
OPEN = (
    f"(NEW.state NOT IN {TAKING} OR EXISTS (SELECT 1 FROM {SLOT} s WHERE s.id = NEW.slot_id"  # noqa: S608 - constants of this file
    " AND s.withdrawn_at IS NULL AND s.released_at <= NEW.claimed_at))"
)
LESS = f"UPDATE {SLOT} SET taken = taken - 1, version = version + 1 WHERE id = OLD.slot_id"  # noqa: S608
MORE = f"UPDATE {SLOT} SET taken = taken + 1, version = version + 1 WHERE id = NEW.slot_id"  # noqa: S608

NAME = "appointments_places_are_counted"
# PostgreSQL: the slot may be withdrawn or removed while we wait for its row, so the conditions are read again there.
MORE_IF_OPEN = (
    f"{MORE} AND (NEW.state NOT IN {TAKING} OR (withdrawn_at IS NULL AND released_at <= NEW.claimed_at));"
    f" IF NOT FOUND THEN RAISE EXCEPTION '{NOT_OPEN}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
)

declare(
    Trigger(
        name=NAME,
        table=BOOKING,
        timing="AFTER INSERT OR UPDATE OF state, slot_id OR DELETE",
        sqlite=(
            f"CREATE TRIGGER {NAME}_insert AFTER INSERT ON {BOOKING} WHEN NEW.state IN {COUNTED} BEGIN"
            f" SELECT RAISE(ABORT, '{NOT_OPEN}') WHERE NOT {OPEN}; {MORE}; END",
            f"CREATE TRIGGER {NAME}_leave AFTER UPDATE OF state, slot_id ON {BOOKING} WHEN {LEAVES} BEGIN {LESS}; END",
            f"CREATE TRIGGER {NAME}_enter AFTER UPDATE OF state, slot_id ON {BOOKING} WHEN {ENTERS} BEGIN"
            f" SELECT RAISE(ABORT, '{NOT_OPEN}') WHERE NOT {OPEN}; {MORE}; END",
            f"CREATE TRIGGER {NAME}_delete AFTER DELETE ON {BOOKING} WHEN OLD.state IN {COUNTED} BEGIN {LESS}; END",
        ),
        postgresql=(
            f"BEGIN IF TG_OP = 'INSERT' THEN IF NEW.state IN {COUNTED} THEN {MORE_IF_OPEN} END IF; RETURN NULL; END IF;"
            f" IF TG_OP = 'DELETE' THEN IF OLD.state IN {COUNTED} THEN {LESS}; END IF; RETURN NULL; END IF;"
            f" IF {LEAVES} THEN {LESS}; END IF; IF {ENTERS} THEN {MORE_IF_OPEN} END IF; RETURN NULL; END"
        ),
    )
)

COUNT = f"SELECT COUNT(*) FROM {BOOKING} b WHERE b.slot_id = NEW.id AND b.state IN {COUNTED}"  # noqa: S608
GUARD = "appointments_taken_is_not_written_by_hand"
declare(
    Trigger(
        name=GUARD,
        table=SLOT,
        timing="BEFORE INSERT OR UPDATE OF taken",
        sqlite=(
            # SQLite cannot tell who writes: the count must be right, whoever does.
            f"CREATE TRIGGER {GUARD}_update BEFORE UPDATE OF taken ON {SLOT} WHEN NEW.taken <> ({COUNT})"
            f" BEGIN SELECT RAISE(ABORT, '{NOT_BY_HAND}'); END",
            f"CREATE TRIGGER {GUARD}_insert BEFORE INSERT ON {SLOT} WHEN NEW.taken <> 0"
            f" BEGIN SELECT RAISE(ABORT, '{NOT_BY_HAND}'); END",
        ),
        postgresql=(
            "BEGIN IF TG_OP = 'INSERT' THEN IF NEW.taken = 0 THEN RETURN NEW; END IF;"
            # Depth 1: written directly; deeper: by the trigger of the bookings.
            " ELSIF NEW.taken = OLD.taken OR pg_trigger_depth() > 1 THEN RETURN NEW; END IF;"
            f" RAISE EXCEPTION '{NOT_BY_HAND}' USING ERRCODE = 'integrity_constraint_violation'; END"
        ),
    )
)
