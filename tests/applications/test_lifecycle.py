"""The table of moves, read state by state, verb by verb, role by role."""

from datetime import date, timedelta

import pytest

from guichet.accounts.models import Post
from guichet.applications import lifecycle, words
from guichet.applications.lifecycle import BY_VERB, DECIDED, NEVER_DEPOSITED, OPEN, TRANSITIONS, Role, State

# Written by hand from the requirements, not derived from the table: who may do what, from where, to where.
EXPECTED = {
    ("draft", "deposit", "applicant"): "deposited",
    ("draft", "abandon", "applicant"): "abandoned",
    ("draft", "expire", "system"): "expired",
    ("deposited", "take_up", "case_officer"): "under_review",
    ("deposited", "take_up", "decision_maker"): "under_review",
    ("under_review", "request_complement", "case_officer"): "awaiting_complement",
    ("under_review", "request_complement", "decision_maker"): "awaiting_complement",
    ("awaiting_complement", "answer_complement", "applicant"): "under_review",
    ("proposed", "answer_complement", "applicant"): "under_review",
    ("proposed", "resume_waiting", "decision_maker"): "awaiting_complement",
    ("under_review", "propose", "case_officer"): "proposed",
    ("under_review", "propose", "decision_maker"): "proposed",
    ("awaiting_complement", "propose", "case_officer"): "proposed",
    ("awaiting_complement", "propose", "decision_maker"): "proposed",
    ("proposed", "send_back", "decision_maker"): "under_review",
    ("under_review", "approve", "decision_maker"): "approved",
    ("proposed", "approve", "decision_maker"): "approved",
    ("under_review", "refuse", "decision_maker"): "refused",
    ("proposed", "refuse", "decision_maker"): "refused",
    ("under_review", "close_incomplete", "decision_maker"): "closed_incomplete",
    ("awaiting_complement", "close_incomplete", "decision_maker"): "closed_incomplete",
    ("proposed", "close_incomplete", "decision_maker"): "closed_incomplete",
    ("closed_incomplete", "reopen", "case_officer"): "under_review",
    ("closed_incomplete", "reopen", "decision_maker"): "under_review",
}


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize("verb", sorted(BY_VERB))
@pytest.mark.parametrize("state", [state.value for state in State])
def test_a_move_is_open_to_those_who_may_make_it_and_to_nobody_else(state, verb, role):
    target = EXPECTED.get((state, verb, role))
    assert lifecycle.may(state, verb, [role]) is (target is not None)
    assert (verb in {move.verb for move in lifecycle.allowed(state, role)}) is (target is not None)
    if target:
        assert BY_VERB[verb].target == target


def test_a_verb_stands_once_in_the_table():
    assert len(BY_VERB) == len(TRANSITIONS)


def test_states_are_drafts_open_or_decided_and_every_one_has_its_words():
    assert set(State) == NEVER_DEPOSITED | OPEN | DECIDED
    assert not NEVER_DEPOSITED & OPEN and not OPEN & DECIDED
    assert set(words.STATES) == set(words.NEXT) == set(State)


def test_what_a_person_may_see_has_its_words():
    assert {move.event for move in TRANSITIONS if move.visible} <= set(words.EVENTS)
    assert not {move.event for move in TRANSITIONS if not move.visible} & set(words.EVENTS)


def test_nothing_leads_back_to_a_draft_and_every_state_can_be_reached():
    assert State.DRAFT not in {move.target for move in TRANSITIONS}
    assert {move.target for move in TRANSITIONS} | {State.DRAFT} == set(State)


def test_roles_of_officers_bear_the_names_of_their_posts():
    assert {role.value for role in Role} - {"applicant", "system"} == set(Post.Role.values)


def test_an_application_closed_as_incomplete_can_be_reopened_for_thirty_days():
    closed = date(2026, 1, 1)
    reopen = BY_VERB["reopen"]
    assert lifecycle.in_time(reopen, closed, closed + timedelta(days=30))
    assert not lifecycle.in_time(reopen, closed, closed + timedelta(days=31))
    assert all(move.within is None for move in TRANSITIONS if move.verb != "reopen")
