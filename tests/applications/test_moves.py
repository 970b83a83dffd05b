"""The one way an application changes state: locked, asked of the table, dated, recorded, all or nothing."""

from datetime import timedelta

import pytest

from guichet.applications.errors import MoveRefused
from guichet.applications.lifecycle import TRANSITIONS
from guichet.applications.models import Application, State
from guichet.applications.moves import subject_of, transition
from guichet.core import clock, events
from guichet.core.events import Actor
from tests.applications.world import a_deposit, a_draft

pytestmark = pytest.mark.django_db

OFFICER = Actor("officer", "o-1")


def test_a_move_saves_the_state_its_date_and_what_the_block_changed_and_records_it():
    _, application = a_deposit()
    at = clock.now() + timedelta(hours=1)
    with transition(application, "take_up", by=OFFICER, role="case_officer", at=at, office=application.office_id) as row:
        row.silence_refuses_on = None
    stored = Application.objects.get(pk=application.pk)
    assert (stored.state, stored.state_since, stored.silence_refuses_on) == (State.UNDER_REVIEW, at, None)
    assert (application.state, application.state_since) == (stored.state, stored.state_since)
    event = events.timeline(subject_of(application)).last()
    assert (event.kind, event.actor_kind, event.actor_id, event.visible) == ("taken_up", "officer", "o-1", True)
    assert event.data == {"from": "deposited", "to": "under_review", "office": application.office_id}


def test_when_the_block_fails_nothing_has_happened():
    _, application = a_deposit()
    recorded = events.timeline(subject_of(application)).count()
    with pytest.raises(ZeroDivisionError), transition(application, "take_up", by=OFFICER, role="case_officer") as row:
        row.current_step = "nowhere"
        raise ZeroDivisionError
    assert application.state == State.DEPOSITED
    assert Application.objects.get(pk=application.pk).state == State.DEPOSITED
    assert events.timeline(subject_of(application)).count() == recorded


@pytest.mark.parametrize("move", TRANSITIONS, ids=lambda move: move.verb)
def test_a_role_that_the_table_does_not_name_is_refused(move):
    _, application = a_draft()
    for role in ("reception", "office_administrator", "national_administrator", "nobody"):
        with pytest.raises(MoveRefused), transition(application, move.verb, by=OFFICER, role=role):
            pytest.fail("the block must not run")


def test_the_row_decides_not_what_the_caller_believes():
    _, application = a_deposit()
    stale = Application.objects.get(pk=application.pk)
    with transition(application, "take_up", by=OFFICER, role="case_officer"):
        pass
    with pytest.raises(MoveRefused) as refusal, transition(stale, "take_up", by=OFFICER, role="case_officer"):
        pytest.fail("the block must not run")
    assert (refusal.value.verb, refusal.value.state) == ("take_up", State.UNDER_REVIEW)


def test_a_closed_application_is_reopened_within_thirty_days_and_no_later():
    for days, open_still in ((30, True), (31, False)):
        _, application = a_deposit()
        with transition(application, "take_up", by=OFFICER, role="case_officer"):
            pass
        with transition(application, "close_incomplete", by=OFFICER, role="decision_maker"):
            pass
        later = application.state_since + timedelta(days=days)
        if open_still:
            with transition(application, "reopen", by=OFFICER, role="case_officer", at=later):
                pass
            assert application.state == State.UNDER_REVIEW
        else:
            with (
                pytest.raises(MoveRefused),
                transition(application, "reopen", by=OFFICER, role="case_officer", at=later),
            ):
                pytest.fail("the block must not run")


def test_what_officers_prepare_is_recorded_but_not_shown_to_the_person():
    _, application = a_deposit()
    for verb, role in (("take_up", "case_officer"), ("propose", "case_officer"), ("send_back", "decision_maker")):
        with transition(application, verb, by=OFFICER, role=role):
            pass
    shown = [event.kind for event in events.timeline(subject_of(application), visible_only=True)]
    assert shown == ["deposited", "taken_up"]
