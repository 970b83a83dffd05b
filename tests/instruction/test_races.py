"""Several at once: one taking up, one sending, one signature, one request."""

from collections import Counter

import pytest

from guichet.applications.models import Application
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events
from guichet.core.events import Subject
from guichet.instruction import actions, due, queries
from guichet.instruction.actions import AskedItem
from guichet.instruction.errors import NotAllowed
from guichet.instruction.models import ComplementReminder, ComplementRequest, Decision, Review
from guichet.messaging.models import Notification, OutboxMessage
from tests.instruction import world as worlds
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)

REASONS = "Les conditions de l'article L423-22 ne sont pas réunies."


def fresh(row):
    """The row as another process reads it."""
    return type(row).objects.get(pk=row.pk)


def kinds(application):
    return Counter(event.kind for event in events.timeline(Subject("application", str(application.pk))))


def test_two_officers_take_up_one_application_once():
    world = worlds.build()
    application = world.deposited()
    officers = [world.officers["case_officer"], world.officers["decision_maker"]]
    results = at_once(*[lambda one=one: actions.take_up(fresh(application), one) for one in officers])
    assert sorted(type(result) for result in results if isinstance(result, Review)) == [Review], results
    assert sum(isinstance(result, NotAllowed) for result in results) == 1, results
    assert kinds(application)["taken_up"] == 1


def test_one_request_leaves_when_two_are_sent():
    world = worlds.build()
    application, agent = world.deposited(), world.officers["case_officer"]
    actions.take_up(application, agent)
    items = [AskedItem("home", 0, "", "too_old")]
    results = at_once(*[lambda: actions.request_complement(fresh(application), agent, items) for _ in range(3)])
    assert sum(isinstance(result, ComplementRequest) for result in results) == 1, results
    assert sum(isinstance(result, NotAllowed) for result in results) == 2, results
    assert (ComplementRequest.objects.count(), Notification.objects.count(), OutboxMessage.objects.count()) == (1, 1, 1)


def waiting(world):
    application, agent = world.deposited(), world.officers["case_officer"]
    actions.take_up(application, agent)
    request = actions.request_complement(application, agent, [AskedItem("home", 0, "", "too_old")])
    return application, request


def test_opened_in_two_windows_the_term_is_set_once():
    application, request = waiting(worlds.build())
    results = at_once(*[lambda: actions.open_complement_request(fresh(request), application.filed_by) for _ in range(3)])
    assert len({(result.opened_at, result.due_on) for result in results}) == 1, results
    assert kinds(application)["complement_opened"] == 1


def test_answers_sent_from_two_windows_are_sent_once():
    application, request = waiting(worlds.build())
    account = application.filed_by
    actions.open_complement_request(request, account)
    actions.answer_item(request, request.items.get(), "keep", "C'est le bon.", "", account)
    results = at_once(*[lambda: actions.send_answers(fresh(request), account) for _ in range(3)])
    assert all(isinstance(result, ComplementRequest) for result in results), results
    assert kinds(application)["complement_answered"] == 1
    assert fresh(application).state == "under_review"


def test_two_signatures_at_once_are_one_decision_one_letter_one_message():
    world = worlds.build(two_hands=True)
    application = world.deposited()
    actions.take_up(application, world.officers["case_officer"])
    decision = actions.propose_decision(application, world.officers["case_officer"], "refusal", motivation=REASONS)
    makers = [world.officers["decision_maker"], worlds.officer("autre", ("decision_maker", world.office))]
    results = at_once(*[lambda one=one: actions.sign_decision(fresh(decision), one) for one in makers])
    assert all(isinstance(result, Decision) for result in results), results
    assert len({result.signed_by_id for result in results}) == 1
    assert kinds(application)["refused"] == 1
    assert OfficialDocument.objects.count() == 1
    assert Notification.objects.filter(kind="decision").count() == 1


def test_an_answer_and_a_signature_of_closing_at_once_leave_one_outcome(movable_clock):
    world = worlds.build(two_hands=True)
    application, request = waiting(world)
    account = application.filed_by
    actions.open_complement_request(request, account)
    actions.answer_item(request, request.items.get(), "keep", "C'est le bon.", "", account)
    movable_clock.move(days=31)
    decision = actions.propose_decision(application, world.officers["case_officer"], "incomplete", motivation=REASONS)
    offset = movable_clock.offset

    def later(act):
        def acted():
            with clock.shifted(offset):
                return act()

        return acted

    at_once(
        later(lambda: actions.send_answers(fresh(request), account)),
        later(lambda: actions.sign_decision(fresh(decision), world.officers["decision_maker"])),
    )
    state, answered, signed = fresh(application).state, fresh(request).answered_at, fresh(decision).signed_at
    assert (state, answered is not None, signed is not None) in {
        ("under_review", True, False),
        ("closed_incomplete", False, True),
    }


def test_two_workers_remind_once(movable_clock):
    world = worlds.build()
    for _ in range(3):
        waiting(world)
    movable_clock.move(days=8)
    offset = movable_clock.offset

    def chase():
        with clock.shifted(offset):
            return due.chase_unopened()

    results = at_once(chase, chase, chase)
    assert sum(result for result in results if isinstance(result, int)) == 3, results
    assert ComplementReminder.objects.count() == 3
    assert OutboxMessage.objects.filter(template="complement_unopened").count() == 3
    assert Application.objects.filter(state="awaiting_complement").count() == 3
    assert queries.day(world.officers["case_officer"]).unreached == 0
