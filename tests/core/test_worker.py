"""The worker does what is due, survives what fails, and stops when asked."""

import pytest
from django.db import OperationalError, transaction

from guichet.core import counters, worker
from guichet.core.worker import Duty


@pytest.fixture
def duties(monkeypatch):
    known: list[Duty] = []
    monkeypatch.setattr(worker, "duties", lambda: known)
    return known


def countdown(number):
    left = [number]

    def run():
        if not left[0]:
            return 0
        left[0] -= 1
        return 1

    return run


def test_everything_due_is_done_until_nothing_is(duties):
    duties += [Duty("a", countdown(3)), Duty("b", countdown(5))]
    assert worker.run_due() == 8
    assert worker.run_due() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("database is locked"), ValueError("a bug")])
def test_a_duty_that_fails_does_not_stop_the_others(duties, error, monkeypatch):
    monkeypatch.setattr(worker.connection, "close", lambda: None)

    def fail():
        raise error

    duties += [Duty("broken", fail), Duty("sound", countdown(2))]
    assert worker.run_due() == 2


def test_the_worker_works_until_it_is_told_to_stop(duties):
    done = []
    duties.append(Duty("a", lambda: done.append(1) or 1))
    worker.work(lambda: len(done) >= 4, pause=0)
    assert len(done) == 4


def test_every_room_that_has_something_due_is_known():
    assert "messaging.deliver" in {duty.name for duty in worker.duties()}


@pytest.mark.django_db
def test_a_counter_counts_from_one_and_each_name_apart():
    with transaction.atomic():
        assert [counters.next_value("a"), counters.next_value("a"), counters.next_value("b")] == [1, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_a_counter_is_refused_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        counters.next_value("a")
