"""The table of moves, walked: who may do what from where; and that the database's guards are missed when they are gone."""

import pytest
from django.db import connection

from guichet.appointments import lifecycle, triggers
from guichet.appointments.lifecycle import ACTIVE, COUNTED, TAKING, TRANSITIONS, Role, State
from guichet.core import health
from guichet.core import triggers as core_triggers

OVER = {State.CANCELLED, State.LAPSED, State.RETURNED}


@pytest.mark.parametrize("state", State)
def test_every_state_that_is_not_over_has_a_way_out(state):
    out = [move for move in TRANSITIONS if state in move.sources and move.target is not None]
    assert bool(out) != (state in OVER)


@pytest.mark.parametrize("state", State)
def test_every_state_is_entered_by_some_move(state):
    assert any(move.target == state for move in TRANSITIONS)


@pytest.mark.parametrize("move", TRANSITIONS, ids=lambda move: move.verb)
def test_a_move_is_allowed_to_its_roles_from_its_states_and_to_nobody_else(move):
    for state in State:
        for role in Role:
            allowed = state in move.sources and role in move.by
            assert lifecycle.may(state, move.verb, [role]) is allowed
            assert (move in lifecycle.allowed(state, role)) is allowed


def test_what_binds_a_person_fills_a_place_and_what_is_over_does_not():
    assert ACTIVE <= COUNTED and TAKING <= ACTIVE
    assert not COUNTED & {State.CANCELLED, State.LAPSED, State.RETURNED}


def test_nobody_but_the_worker_ends_a_request_that_waits():
    ends = [move for move in TRANSITIONS if State.TO_CONFIRM in move.sources and move.target == State.LAPSED]
    assert [move.by for move in ends] == [frozenset({Role.SYSTEM})]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "table"), [(triggers.NAME, triggers.BOOKING), (triggers.GUARD, triggers.SLOT)])
def test_a_guard_that_is_missing_makes_the_site_unwell(name, table):
    assert health.problems() == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{name}%"])
            for (each,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {each}")
        else:
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
    assert health.problems() == [f"trigger missing: {name}"]
    core_triggers.install()
    assert health.problems() == []
