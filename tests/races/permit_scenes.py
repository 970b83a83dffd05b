"""Scenes about certificates: ``python -m tests.races.permit_scenes <scene> …`` prints what it saw as one line of JSON."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import django

if __name__ == "__main__":
    import tests.environment  # noqa: F401 - before Django reads its settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.config.settings")
    django.setup()

from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.messaging.models import OutboxMessage
from guichet.permits import actions, due, issuing
from guichet.permits.errors import NothingToStop
from guichet.permits.models import Prolongation, ProlongationCertificate
from tests.permits import world
from tests.races.scenes import in_processes

OFFICER = Actor("officer", "x")


def due_now() -> tuple[Prolongation, tuple[str, str]]:
    """A promise whose first certificate is due: the permit ends today."""
    person = world.person()
    world.hold(person, clock.today())
    row = world.opened(person)
    return row, (row.source_kind, row.source_id)


def seen_of(row: Prolongation, said: list[str]) -> dict[str, Any]:
    papers = ProlongationCertificate.objects.filter(prolongation=row)
    issued = [event for event in events.timeline(Subject(row.source_kind, row.source_id)) if "stopped" not in event.kind]
    return {
        "said": said,
        "certificates": papers.count(),
        "live": papers.filter(stopped_at__isnull=True).count(),
        "documents": OfficialDocument.objects.count(),
        "mails": OutboxMessage.objects.filter(template="prolongation_issued").count(),
        "events": len(issued),
    }


def workers_at_once(count: str) -> dict[str, Any]:
    row, _source = due_now()
    return seen_of(row, in_processes(int(count), lambda index: str(due.issue_certificates())))


def workers_without_the_lock(count: str) -> dict[str, Any]:
    """The same where nobody waits for the row: the constraint alone holds, and some fail on it."""
    issuing.locked = lambda found: Prolongation.objects.select_related("account", "office", "person").get(pk=found.pk)
    row, _source = due_now()
    return seen_of(row, in_processes(int(count), lambda index: str(due.issue_certificates())))


def person_and_worker(count: str) -> dict[str, Any]:
    """The person clicks, twice, while workers issue what is due."""
    row, source = due_now()
    account = world.account_of(row.person)

    def act(index: int) -> str:
        if index % 2:
            return str(actions.ask_for_next(source, account).rank)
        return str(due.issue_certificates())

    return seen_of(row, in_processes(int(count), act))


def decision_and_worker(count: str) -> dict[str, Any]:
    """A decision is signed while workers issue what is due: nothing lives afterwards."""
    outcomes = []
    for _again in range(int(count)):
        row, source = due_now()

        def act(index: int, source: tuple[str, str] = source) -> str:
            if index == 0:
                actions.end(source, by=OFFICER, why="refused")
                return "ended"
            return str(due.issue_certificates())

        outcomes.append(seen_of(row, in_processes(3, act)))
    return {"outcomes": outcomes}


def stop_and_worker(count: str) -> dict[str, Any]:
    """An officer stops the certificate while workers issue the next one: nothing lives afterwards."""
    outcomes = []
    for _again in range(int(count)):
        row, source = due_now()
        in_processes(1, lambda index: str(due.issue_certificates()))  # typesetting has threads, which do not survive a fork
        Prolongation.objects.filter(pk=row.pk).update(next_on=clock.today())

        def act(index: int, source: tuple[str, str] = source) -> str:
            if index == 0:
                try:
                    return f"stopped {len(actions.stop_by_officer(source, OFFICER, 'Fraude.'))}"
                except NothingToStop:
                    return "nothing"
            return str(due.issue_certificates())

        outcomes.append(seen_of(row, in_processes(3, act)))
    return {"outcomes": outcomes}


SCENES: dict[str, Callable[..., dict[str, Any]]] = {
    scene.__name__: scene
    for scene in (workers_at_once, workers_without_the_lock, person_and_worker, decision_and_worker, stop_and_worker)
}

if __name__ == "__main__":
    print(json.dumps(SCENES[sys.argv[1]](*sys.argv[2:])))
