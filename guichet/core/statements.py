"""Statements that are written out, sent the short way: the few reads that every page, and everybody in a rush, asks for.

A cursor of Django is made anew for each statement, in several layers. Where the answer is one row read by its key, that costs
more than the question. Here PostgreSQL is asked through one cursor of psycopg that a thread keeps for its connection; SQLite,
to which nothing travels, through Django's, and so is any database whose statements somebody watches (counts, logs).
"""

from collections.abc import Sequence
from threading import local
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Row = tuple[Any, ...]
_kept = local()


def rows(statement: str, values: Sequence[Any]) -> list[Row]:
    """What a statement that gives rows answers: all of them. Errors are Django's (``IntegrityError``, …), and a broken
    transaction is refused, as with ``connection.cursor()``."""
    connection = connections[DEFAULT_DB_ALIAS]
    found: list[Row]
    if connection.vendor != "postgresql" or connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchall()
    else:
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            found = _cursor(connection.connection).execute(statement, values).fetchall()
    return found


def row(statement: str, values: Sequence[Any]) -> Row | None:
    """The only row that a statement answers, or None."""
    found = rows(statement, values)
    return found[0] if found else None


def _cursor(of: Any) -> Any:
    """The cursor that this thread keeps for a connection of psycopg; another one for another connection."""
    if getattr(_kept, "connection", None) is not of:
        _kept.connection, _kept.cursor = of, of.cursor()
    return _kept.cursor
