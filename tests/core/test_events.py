"""The event log is written once."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from guichet.core import events, triggers
from guichet.core.models import Event

pytestmark = pytest.mark.django_db

SUBJECT = events.Subject("application", "1")


def test_an_event_cannot_be_changed_even_by_a_queryset_update():
    events.record("deposited", SUBJECT, events.SYSTEM, visible=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(kind="approved")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()
    assert [event.kind for event in events.timeline(SUBJECT)] == ["deposited"]


def test_the_person_sees_only_the_events_meant_for_them():
    events.record("note", SUBJECT, events.SYSTEM)
    events.record("deposited", SUBJECT, events.SYSTEM, visible=True)
    assert [event.kind for event in events.timeline(SUBJECT, visible_only=True)] == ["deposited"]


def test_every_declared_trigger_is_in_the_database():
    assert triggers.declared()
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_emptying_the_whole_database_is_possible_and_puts_the_guards_back(turn):
    events.record("deposited", SUBJECT, events.SYSTEM)
    call_command("flush", interactive=False, verbosity=0)
    assert Event.objects.count() == 0
    assert triggers.missing() == []
    events.record("deposited", SUBJECT, events.SYSTEM)  # the harness empties it again after this test
