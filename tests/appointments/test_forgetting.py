"""What people said of themselves is forgotten long after it was over; what a published draw needs stays."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from guichet.appointments import actions, due, forgetting, queries, rules
from guichet.appointments.draws import running
from guichet.appointments.models import AccessCode, Booking, ComeBack, Draw, DrawFile, DrawRegistration, Offer, WaitingEntry
from guichet.core import clock
from tests.appointments import world
from tests.appointments.draw_world import a_draw, after, close, ids, register, run
from tests.appointments.test_access_codes import declared
from tests.appointments.waiting_world import again, free, join, offer_of, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def type():
    return world.a_type(world.an_empty_agenda())


@pytest.fixture
def taken(type):
    return world.ask(type, world.a_slot(type.agendas.get()))


def later(moment):
    """The clock once what was over at a moment is forgotten."""
    return after(moment + rules.FORGOTTEN_AFTER)


def test_a_turn_that_is_over_is_forgotten_after_three_months_and_not_before(type, taken):
    left, waits = join(type), join(type)
    actions.leave_waiting_list(token(left))
    over = again(left).ended_at
    with later(over - A_MINUTE):
        assert due.forget_what_is_over() == 0
    with later(over):
        assert due.forget_what_is_over() == 1 and due.forget_what_is_over() == 0
        assert WaitingEntry.objects.get() == waits


def test_the_appointment_that_came_of_a_turn_stays(type, taken):
    entry = join(type)
    free(taken)
    offer = offer_of(entry)
    booking = actions.accept_offer(token(entry), offer.pk)
    with later(again(entry).ended_at):
        assert due.forget_what_is_over() == 1
    assert not Offer.objects.exists() and not WaitingEntry.objects.exists()
    assert Booking.objects.get(pk=booking.pk).last_name == entry.last_name


def test_the_database_refuses_a_turn_that_is_over_since_nobody_knows_when(type, taken):
    waiting = WaitingEntry.objects.filter(pk=join(type).pk)
    for changes in ({"state": "left"}, {"state": "booked"}, {"ended_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            waiting.update(**changes)


def test_who_took_part_in_a_draw_is_forgotten_and_the_draw_replays_all_the_same():
    draw = a_draw()
    rows = [register(draw, ids(draw)[:2]) for _ in range(3)]
    run(draw)
    with later(draw.drawn_at - A_MINUTE):
        due.forget_what_is_over()
        assert DrawRegistration.objects.count() == len(rows)
    with later(draw.drawn_at):
        due.forget_what_is_over()
        assert not DrawRegistration.objects.exists()
        assert running.replay(draw).is_right and DrawFile.objects.filter(draw=draw).count() == 2
        found = queries.draw_of_office(draw.type.office, draw.pk)
        assert found.registered == 3 and queries.result_of_code(draw, rows[0].public_id).rank
        assert Booking.objects.filter(person_key__in=[row.person_key for row in rows]).count() == draw.counts["won"]


def test_nobody_is_forgotten_while_the_days_of_a_draw_are_to_come_or_its_outcome_is_awaited():
    draw = a_draw()
    register(draw, ids(draw)[:1])
    close(draw)
    with later(draw.draws_at + timedelta(days=60)):
        due.forget_what_is_over()
        assert DrawRegistration.objects.exists()
    run(draw)
    Draw.objects.filter(pk=draw.pk).update(last_day=(draw.drawn_at + rules.FORGOTTEN_AFTER).date() + timedelta(days=2))
    with later(draw.drawn_at):
        due.forget_what_is_over()
        assert DrawRegistration.objects.exists()


def test_what_was_declared_for_a_code_is_forgotten_once_it_has_expired(type):
    code = actions.ask_access_code(type, declared(), address="203.0.113.7")
    with later(code.expires_at - A_MINUTE):
        assert due.forget_what_is_over() == 0
    with later(code.expires_at):
        assert due.forget_what_is_over() == 1
    assert not AccessCode.objects.exists()


def test_a_promised_mail_is_forgotten_once_sent_and_never_before(type):
    row = ComeBack.objects.create(type=type, person_key="a" * 64, name="Maria", email="m@example.org", on=date(2020, 1, 1))
    with later(clock.now()):
        assert due.forget_what_is_over() == 0
    due.remind_to_book()
    row.refresh_from_db()
    with later(row.sent_at):
        assert due.forget_what_is_over() == 1


def test_a_batch_at_a_time(type, taken):
    entries = [join(type) for _ in range(3)]
    for entry in entries:
        actions.leave_waiting_list(token(entry))
    with later(clock.now()):
        assert [forgetting.forget(2), forgetting.forget(2), forgetting.forget(2)] == [2, 1, 0]
