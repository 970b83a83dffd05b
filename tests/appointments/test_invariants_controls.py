"""The negative control: with one guard taken away, the machine of ``test_invariants`` finds what the guard was for."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from guichet.appointments import moves
from guichet.appointments.bookings import claim_statements, claiming
from guichet.core.triggers import declared
from tests.appointments.test_invariants import Office

pytestmark = pytest.mark.django_db


def told(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_triggers(name: str) -> None:
    trigger = next(one for one in declared() if one.name == name)
    if connection.vendor == "postgresql":
        told(f"DROP TRIGGER {name} ON {trigger.table}")
    else:
        told(*(f"DROP TRIGGER {statement.split()[2]}" for statement in trigger.sqlite))


def nobody_counts() -> None:
    drop_triggers("appointments_places_are_counted")


def anybody_asks_twice() -> None:
    told("DROP INDEX one_active_booking_per_person_and_type")


def nothing_stops_at_the_capacity() -> None:
    if connection.vendor == "postgresql":
        told("ALTER TABLE appointments_slot DROP CONSTRAINT a_slot_is_never_overbooked")
    else:
        told("PRAGMA ignore_check_constraints = ON")


@pytest.fixture
def checks_again():
    """SQLite keeps a PRAGMA after the transaction."""
    yield
    if connection.vendor == "sqlite":
        told("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def claims_beyond_the_capacity(monkeypatch):
    """The statement that claims, and the look before it, do not ask whether a place is left."""
    condition, look = "s.taken < s.capacity", claiming.look_around
    for name in ("CLAIM", "HOLD_AND_RECORD"):
        statement = getattr(claim_statements, name)
        assert f"AND {condition}" in statement
        monkeypatch.setattr(claim_statements, name, statement.replace(f"AND {condition}", "", 1))
    says = {claim_statements.Open.FULL: claim_statements.Open.YES}

    def blind(wish, now):
        seen, in_the_way = look(wish, now)
        return says.get(seen, seen), in_the_way

    monkeypatch.setattr(claiming, "look_around", blind)


def found(*taken_away) -> str:
    """What the machine says once these guards are gone, in the transaction of each of its runs."""

    class Unguarded(Office):
        def __init__(self) -> None:
            super().__init__()
            for take in taken_away:
                take()

    once = settings(
        max_examples=200,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with pytest.raises(AssertionError) as failed:
        run_state_machine_as_test(Unguarded, settings=once)
    return str(failed.traceback[-1].statement).strip()


def test_without_the_count_it_finds_places_that_nobody_counted(movable_clock):
    assert "slot.taken == self.counted" in found(nobody_counts)


def test_without_the_index_it_finds_somebody_who_asked_twice(movable_clock):
    assert found(anybody_asks_twice) == "assert expected is None"


def test_without_the_capacity_it_finds_places_sold_twice(movable_clock, checks_again, claims_beyond_the_capacity):
    assert found(nothing_stops_at_the_capacity) == "assert expected is None"


def test_without_the_wait_it_finds_places_that_come_back_at_once(movable_clock, monkeypatch):
    monkeypatch.setattr(moves, "set_free", lambda *_given, **_named: None)
    assert "slot.taken == self.counted" in found()
