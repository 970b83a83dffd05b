"""The one way an application changes state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from guichet.applications import lifecycle
from guichet.applications.errors import MoveRefused
from guichet.applications.models import Application
from guichet.core import clock, events
from guichet.core.events import Actor, Subject


def subject_of(application: Application) -> Subject:
    return Subject("application", str(application.pk))


def locked(application: Application) -> Application:
    """The row as it is now, held until the transaction ends. (SQLite locks the whole database at the first statement.)"""
    return Application.objects.select_for_update().get(pk=application.pk)


def _in_time(move: lifecycle.Transition, entered: datetime, at: datetime) -> bool:
    return lifecycle.in_time(move, clock.paris_date(entered), clock.paris_date(at))


@contextmanager
def transition(
    application: Application, verb: str, *, by: Actor, role: str, at: datetime | None = None, **data: Any
) -> Iterator[Application]:
    """Makes one move of the table, in one transaction with whatever the block does.

    Yields the application as locked in the database; fields that the block sets on it are saved with the move. ``data``
    goes to the event (ids and codes only). When the block raises, nothing has happened. On success ``application`` itself
    shows what was saved. Raises ``MoveRefused`` when the table, or the delay of the move, does not allow it.
    """
    moment = at or clock.now()
    move = lifecycle.BY_VERB[verb]
    with transaction.atomic():
        row = locked(application)
        if not lifecycle.may(row.state, verb, [role]) or not _in_time(move, row.state_since, moment):
            raise MoveRefused(verb, row.state)
        yield row
        before = row.state
        row.state = move.target
        row.state_since = row.updated_at = moment
        row.save()
        events.record(move.event, subject_of(row), by, visible=move.visible, **{"from": before, "to": str(move.target)}, **data)
    if application is not row:
        for field in Application._meta.concrete_fields:
            setattr(application, field.attname, getattr(row, field.attname))
