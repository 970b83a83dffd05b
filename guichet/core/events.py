"""The event log: every act, who, what, when, from what to what. Written in the transaction of the act itself."""

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


def timeline(subject: Subject, *, visible_only: bool = False) -> QuerySet[Event]:
    """The events of one subject, oldest first; with ``visible_only``, those its person may see."""
    events = Event.objects.filter(subject_kind=subject.kind, subject_id=subject.id).order_by("id")
    return events.filter(visible=True) if visible_only else events
