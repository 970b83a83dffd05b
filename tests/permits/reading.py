"""What a promise has become, as the tests read it; and an officer who acts."""

from guichet.core import events
from guichet.core.events import Actor, Subject

OFFICER = Actor("officer", "agent")


def source_of(row):
    return (row.source_kind, row.source_id)


def papers(row):
    return list(row.certificates.order_by("rank"))


def periods(row):
    return [(each.starts_on, each.ends_on) for each in papers(row)]


def kinds(row):
    return [event.kind for event in events.timeline(Subject(*source_of(row)))]
