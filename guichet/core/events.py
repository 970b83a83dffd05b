"""The event log: every act, who, what, when, from what to what. Written in the transaction of the act itself."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from guichet.core import clock
from guichet.core.models import Event


class Actor(NamedTuple):
    """Who acts: ``person`` (an applicant's account), ``officer`` or ``system``; ``id`` is a text, never a relation."""

    kind: str
    id: str = ""


SYSTEM = Actor("system")


class Subject(NamedTuple):
    """What an act is about: a kind (``application``) and its id as a text."""

    kind: str
    id: str


def record(kind: str, subject: Subject, actor: Actor, *, visible: bool = False, **data: Any) -> Event:
    """Appends one event. ``data`` is JSON: ids and codes, no personal data beyond what the subject already holds."""
    return Event.objects.create(
        at=clock.now(),
        kind=kind,
        subject_kind=subject.kind,
        subject_id=subject.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        visible=visible,
        data=data,
    )


def recording(rows: str) -> str:
    """The statement that appends an event about each of ``rows`` (a name that the same statement gives them, with ``id``).

    For what must be done and recorded in one message: PostgreSQL's ``WITH rows AS (INSERT … RETURNING id)``. Its values are
    those of ``recorded``.
    """
    columns = "at, kind, subject_kind, subject_id, actor_kind, actor_id, data, visible"
    values = "%s, %s, %s, CAST(id AS varchar), %s, %s, %s, %s"
    return f"INSERT INTO core_event ({columns}) SELECT {values} FROM {rows}"  # noqa: S608 - a name of the caller's statement


def recorded(
    kind: str, subject_kind: str, actor: Actor, *, at: datetime, visible: bool = False, **data: Any
) -> tuple[Any, ...]:
    """The values of ``recording``: the arguments of ``record``, but for the subject's id."""
    return (at, kind, subject_kind, actor.kind, actor.id, json.dumps(data), visible)


def timeline(subject: Subject, *, visible_only: bool = False) -> QuerySet[Event]:
    """The events of one subject, oldest first; with ``visible_only``, those its person may see."""
    events = Event.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("id")
    return events.filter(visible=True) if visible_only else events
