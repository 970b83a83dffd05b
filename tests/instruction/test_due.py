"""What falls due by itself: said once, at the right day, and nothing closes."""

import pytest

from guichet.core import events
from guichet.core.events import Subject
from guichet.instruction import actions, due, queries
from guichet.instruction.actions import AskedItem
from guichet.instruction.models import ComplementReminder
from guichet.messaging.models import Notification, OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(world):
    application = world.deposited()
    agent = world.officers["case_officer"]
    actions.take_up(application, agent)
    actions.request_complement(application, agent, [AskedItem("home", 0, "", "too_old")])
    return application


@pytest.fixture
def request_(application):
    return queries.open_request_of(application)


def run():
    return sum(duty.run() for duty in due.DUTIES)


def said():
    return list(ComplementReminder.objects.order_by("pk").values_list("kind", flat=True))


def mails():
    return OutboxMessage.objects.exclude(template="notification").count()


def test_nothing_is_due_at_first(request_):
    assert run() == 0


def test_reminders_seven_days_and_one_day_before_the_term(application, request_, movable_clock):
    actions.open_complement_request(request_, application.filed_by)
    movable_clock.move(days=22)
    assert run() == 0
    movable_clock.move(days=1)  # D-7
    assert run() == 1
    assert run() == 0
    movable_clock.move(days=6)  # D-1
    assert run() == 1
    assert said() == ["before_term_7", "before_term_1"]
    assert mails() == 2
    assert Notification.objects.filter(kind="reminder").count() == 2
    reminder = OutboxMessage.objects.exclude(template="notification").order_by("created_at").first()
    assert application.number not in reminder.body and "domicile" not in reminder.body


def test_a_worker_that_was_away_says_the_nearest_reminder_only(application, request_, movable_clock):
    actions.open_complement_request(request_, application.filed_by)
    movable_clock.move(days=29)
    run()
    assert said() == ["before_term_1"]


def test_past_the_term_the_officer_is_told_and_nothing_closes(world, application, request_, movable_clock):
    actions.open_complement_request(request_, application.filed_by)
    movable_clock.move(days=30)
    run()
    assert "term_passed" not in said()  # the last day is still theirs
    movable_clock.move(days=1)
    assert run() == 1
    assert run() == 0
    application.refresh_from_db()
    assert application.state == "awaiting_complement"
    agent = world.officers["case_officer"]
    assert queries.review(agent, application.number).term_passed
    assert [row.number for row in queries.queue(agent, queries.Filters(flag="late")).rows] == [application.number]
    assert "complement_term_passed" in [
        event.kind for event in events.timeline(Subject("application", str(application.pk)), visible_only=True)
    ]


def test_a_request_never_opened_is_chased_then_flagged(world, application, request_, movable_clock):
    agent = world.officers["case_officer"]
    movable_clock.move(days=6)
    assert run() == 0
    for days, kind in ((1, "unopened_7"), (8, "unopened_15"), (15, "unopened_30")):
        movable_clock.move(days=days)
        assert run() == 1, kind
        assert run() == 0
        assert said()[-1] == kind
        assert queries.review(agent, application.number).reach_otherwise is (kind != "unopened_7")
    assert mails() == 3
    assert queries.day(agent).unreached == 1


def test_a_worker_that_was_away_sends_one_chase(request_, movable_clock):
    movable_clock.move(days=40)
    run()
    assert said() == ["unopened_30"]


def test_opening_answering_or_closing_ends_the_chase(world, application, request_, movable_clock):
    actions.open_complement_request(request_, application.filed_by)
    movable_clock.move(days=20)
    assert run() == 0
    item = request_.items.first()
    actions.answer_item(request_, item, "keep", "C'est le bon.", "", application.filed_by)
    actions.send_answers(request_, application.filed_by)
    movable_clock.move(days=60)
    assert run() == 0


def test_two_workers_say_a_thing_once(application, request_, movable_clock):
    """The second worker has read the list before the first one wrote: the row refuses it."""
    movable_clock.move(days=8)
    stale = list(due._unsaid(due._waiting(), "unopened_7"))
    assert due.chase_unopened() == 1
    assert due._say_once(stale[0], "unopened_7", due._chase) == 0
    assert mails() == 1
