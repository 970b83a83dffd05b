"""Database triggers: what must hold even for a shell, an import or ``QuerySet.update()``.

A room declares its triggers at import of its ``triggers.py`` with :func:`declare`. They are dropped before migrations and
installed after, never by a migration: SQLite rebuilds a table when it alters it and silently drops its triggers.
"""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import connections


@dataclass(frozen=True)
class Trigger:
    """One rule in both dialects. ``postgresql`` is the body of a plpgsql function returning a trigger."""

    name: str
    table: str
    timing: str  # such as "BEFORE UPDATE OR DELETE"
    sqlite: tuple[str, ...]  # complete CREATE TRIGGER statements; names begin with ``name``
    postgresql: str


_declared: dict[str, Trigger] = {}


def declare(trigger: Trigger) -> Trigger:
    _declared[trigger.name] = trigger
    return trigger


def append_only(name: str, table: str, *, verbs: tuple[str, ...] = ("UPDATE", "DELETE"), message: str = "") -> Trigger:
    """A trigger that refuses the given verbs on a table: its rows are written once."""
    said = message or f"rows of {table} are written once"
    return declare(
        Trigger(
            name=name,
            table=table,
            timing=f"BEFORE {' OR '.join(verbs)}",
            sqlite=tuple(
                f"CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{said}'); END"
                for verb in verbs
            ),
            postgresql=f"BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END",
        )
    )


def ends_once(name: str, table: str, *, columns: tuple[str, ...], end: str, message: str) -> Trigger:
    """A trigger that keeps a row as it was written: only its ``end`` (a column) is dated, once, with whatever is not among
    ``columns``; nothing is deleted."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return declare(
        Trigger(
            name=name,
            table=table,
            timing="BEFORE UPDATE OR DELETE",
            sqlite=(
                f"CREATE TRIGGER {name}_update BEFORE UPDATE ON {table}"
                f" WHEN {' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)} OR OLD.{end} IS NOT NULL"
                f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
                f"CREATE TRIGGER {name}_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{message}'); END",
            ),
            postgresql=(
                f"BEGIN IF TG_OP = 'UPDATE' AND OLD.{end} IS NULL AND NOT ("
                f" {changed} ) THEN RETURN NEW; END IF;"
                f" RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END"
            ),
        )
    )


def declared() -> list[Trigger]:
    """Every trigger of every room."""
    for app in apps.get_app_configs():
        if app.name.startswith("guichet.") and find_spec(f"{app.name}.triggers") and app.name != "guichet.core":
            import_module(f"{app.name}.triggers")
    import_module("guichet.core.own_triggers")
    return sorted(_declared.values(), key=lambda trigger: trigger.name)


def missing(using: str = "default") -> list[str]:
    """Names of declared triggers that the database does not have."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        present = {row[0] for row in cursor.fetchall()}
    return [trigger.name for trigger in declared() if not any(name.startswith(trigger.name) for name in present)]


def install(using: str = "default") -> None:
    """Installs every declared trigger whose table exists; installing twice changes nothing."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    drop(using)
    with connection.cursor() as cursor:
        for trigger in declared():
            if trigger.table not in tables:
                continue
            if connection.vendor == "sqlite":
                for statement in trigger.sqlite:
                    cursor.execute(statement)
            else:
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {trigger.name}() RETURNS trigger LANGUAGE plpgsql"
                    f" AS $body$ {trigger.postgresql} $body$"
                )
                cursor.execute(
                    f"CREATE TRIGGER {trigger.name} {trigger.timing} ON {trigger.table}"
                    f" FOR EACH ROW EXECUTE FUNCTION {trigger.name}()"
                )


def drop(using: str = "default") -> None:
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in declared():
            if trigger.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [trigger.table])
                for (name,) in cursor.fetchall():
                    if name.startswith(trigger.name):
                        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}")


def drop_before_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    drop(using)


def install_after_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    # Sent once per application, in order; the last one finds every table there.
    if sender.name == list(apps.get_app_configs())[-1].name or sender.name == "guichet.core":
        install(using)
