"""Rows that an office changes a few times a year and that every page reads: kept in memory for as long as nothing changed.

A stamp stands for what the tables hold. The database gives another one to every change, whoever makes it, and never the same
twice: what is kept under a stamp is what the tables held. One short read of the stamp stands for the longer one of the rows.
"""

from collections.abc import Callable, Hashable

from guichet.core import statements
from guichet.core.triggers import Trigger, declare

WRITE = (
    "INSERT INTO core_stamp (name, value) VALUES ('{name}', {value}) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
STAMP = "SELECT value FROM core_stamp WHERE name = %s"
MOST = 1_000  # answers kept by each process; more, and it begins anew


def stamped(name: str, tables: tuple[str, ...]) -> None:
    """Declares that ``name`` gets another stamp whenever a row of ``tables`` is written. For the ``triggers.py`` of a room."""
    for table in tables:
        trigger = f"{table}_stamps_{name}"
        in_sqlite = WRITE.format(name=name, value="lower(hex(randomblob(16)))")
        declare(
            Trigger(
                name=trigger,
                table=table,
                timing="AFTER INSERT OR UPDATE OR DELETE",
                sqlite=tuple(
                    f"CREATE TRIGGER {trigger}_{verb.lower()} AFTER {verb} ON {table} BEGIN {in_sqlite}; END"
                    for verb in ("INSERT", "UPDATE", "DELETE")
                ),
                postgresql=f"BEGIN {WRITE.format(name=name, value='gen_random_uuid()::text')}; RETURN NULL; END",
            )
        )


class Remembered[Key: Hashable, Found]:
    """What ``read`` answered, key by key, until the stamp ``name`` changes. ``None`` is not kept: anybody may ask for what is
    not there. What is given is shared by all who ask: it is to be read, never changed."""

    def __init__(self, name: str, read: Callable[[Key], Found | None]) -> None:
        self._name, self._read = name, read
        self._known: tuple[str, dict[Key, Found]] = ("", {})  # the stamp and what is kept under it, changed together

    def get(self, key: Key) -> Found | None:
        """One short query; a second, that of ``read``, when it is not known yet. Nothing is kept before the first change."""
        current = statements.row(STAMP, (self._name,))
        if current is None:
            return self._read(key)
        stamp, kept = self._known
        if stamp != current[0] or len(kept) >= MOST:
            kept = {}
            self._known = (current[0], kept)
        found = kept.get(key)
        if found is None:
            found = self._read(key)
            if found is not None:
                kept[key] = found
        return found
