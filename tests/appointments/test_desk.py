"""At the counter: who arrives, who does not, who waits and is called."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from guichet.appointments import actions, due, queries
from guichet.appointments.bookings import references
from guichet.appointments.desk import visits
from guichet.appointments.desk.errors import (
    DeskBusy,
    DeskNeeded,
    NobodyWaits,
    NoSuchReference,
    NotExpected,
    NotYetMissed,
    OtherDay,
    OtherOffice,
    TooLateToUndo,
    VisitMoved,
)
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Visit
from guichet.appointments.visit_moves import MOVES, Stage
from guichet.core import clock, events
from tests.appointments import world

pytestmark = pytest.mark.django_db
BY = world.OFFICER


class StoppedClock:
    """Time stands still until it is moved."""

    def __init__(self, traveller):
        self.traveller = traveller

    def move(self, **delta):
        self.traveller.shift(timedelta(**delta))

    def set(self, moment):
        self.traveller.move_to(moment)


@pytest.fixture
def ten_o_clock():
    """A Tuesday at ten, on the wall of the office."""
    with time_machine.travel(world.utc(2026, 11, 24, 9), tick=False) as traveller:
        yield StoppedClock(traveller)


@pytest.fixture
def agenda(db, ten_o_clock):
    return world.an_empty_agenda()


@pytest.fixture
def office(agenda):
    return agenda.office


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, confirmation_minutes=0)


def booked(agenda, type, *, starts_in=timedelta(minutes=30), **changes) -> Booking:
    slot = world.a_slot(agenda, starts_in=starts_in, capacity=3)
    return actions.book_at_counter(BY, type, slot.pk, world.details(**changes), request_key=uuid.uuid4())


def arrived(agenda, type, office, **changes) -> Visit:
    return actions.check_in(booked(agenda, type, **changes), office, BY)


def number(office, **changes) -> Visit:
    return actions.take_number(office, BY, request_key=uuid.uuid4(), **changes)


# Arriving -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}", "{3}"])
def test_a_reference_is_found_however_it_is_typed_or_scanned(agenda, type, typed):
    booking = booked(agenda, type)
    reference = booking.reference
    plain = reference.removeprefix("RDV-").replace("-", "")
    french = reference.translate(str.maketrans("23456789-AQZWM", "é\"'(-è_ç)QAWZ?"))
    written = typed.format(reference, reference.lower().replace("-", " "), plain, french)
    assert actions.by_reference(written).pk == booking.pk


@pytest.mark.parametrize("reference", ["RDV-PBTU-ZVUQ", "RDV-2345-6789", "RDV-AQZW-MMMM", "RDV-7KQ2-M9PX"])
def test_a_scanner_of_another_keyboard_is_understood_whatever_the_letters(reference):
    typed = reference.translate(str.maketrans("23456789-AQZWM", "é\"'(-è_ç)QAWZ?"))
    assert references.scanned(typed) == reference == references.scanned(reference)


def test_a_reference_that_is_none_says_what_to_do(agenda):
    for typed in ("", "RDV-", "RDV-2222-2222", "x" * 300, "\x00"):
        with pytest.raises(NoSuchReference):
            actions.by_reference(typed)


def test_arriving_is_noted_once_and_the_person_waits(agenda, type, office):
    booking = booked(agenda, type)
    first, again = (actions.check_in(booking, office, BY) for _ in range(2))
    assert first.pk == again.pk and first.stage == Stage.WAITING
    assert first.ticket == f"RDV-{booking.reference[-4:]}"
    booking.refresh_from_db()
    assert booking.state == State.HONOURED and booking.arrived_at == clock.now()
    assert events.timeline(world_subject(booking)).filter(kind="person_arrived").count() == 1


def world_subject(booking):
    from guichet.appointments import moves

    return moves.subject_of(booking)


def test_two_references_that_end_alike_are_not_called_alike(agenda, type, office):
    first, second = booked(agenda, type), booked(agenda, type, starts_in=timedelta(minutes=45))
    Booking.objects.filter(pk=second.pk).update(reference=f"RDV-2345-{first.reference[-4:]}")
    tickets = [actions.check_in(Booking.objects.get(pk=one.pk), office, BY).ticket for one in (first, second)]
    assert tickets == [f"RDV-{first.reference[-4:]}", f"RDV-2345-{first.reference[-4:]}"]


def test_another_day_another_office_and_a_cancelled_appointment_are_told_apart(agenda, type, office, ten_o_clock):
    tomorrow = booked(agenda, type, starts_in=timedelta(days=1))
    with pytest.raises(OtherDay) as told:
        actions.check_in(tomorrow, office, BY)
    assert "25 novembre 2026 à 10:00" in told.value.message and "pas aujourd'hui" in told.value.message
    with pytest.raises(OtherOffice) as told:
        actions.check_in(tomorrow, world.an_office(name="Préfecture du Rhône (Lyon)"), BY)
    assert "Préfecture de la Loire" in told.value.message and tomorrow.last_name not in told.value.message
    cancelled = actions.cancel_by_officer(booked(agenda, type), by=BY, reason="")
    with pytest.raises(NotExpected) as told:
        actions.check_in(cancelled, office, BY)
    assert "annulé" in str(told.value.message)
    ten_o_clock.move(days=2)
    with pytest.raises(OtherDay) as told:
        actions.check_in(tomorrow, office, BY)
    assert "était" in told.value.message
    assert not Visit.objects.exists()


def test_who_has_not_confirmed_is_told_how(agenda, office):
    asking = world.a_type(agenda, "autre", confirmation_minutes=2880)
    asked = world.ask(asking, world.a_slot(agenda, starts_in=timedelta(hours=2)))
    with pytest.raises(NotExpected) as told:
        actions.check_in(asked, office, BY)
    assert "confirmer maintenant" in str(told.value.message)


def test_nobody_is_missing_before_the_hour_and_who_comes_late_is_received(agenda, type, office, ten_o_clock):
    booking = booked(agenda, type)
    with pytest.raises(NotYetMissed):
        actions.mark_missed(booking, BY)
    ten_o_clock.move(minutes=46)
    for _again in range(2):
        assert actions.mark_missed(booking, BY).state == State.MISSED
    visit = actions.check_in(booking, office, BY)
    assert visit.due_at == clock.now()  # the turn is lost, the appointment is not
    assert Booking.objects.get().state == State.HONOURED


def test_a_little_late_keeps_the_turn(agenda, type, office, ten_o_clock):
    booking = booked(agenda, type)
    ten_o_clock.move(minutes=45)
    assert actions.check_in(booking, office, BY).due_at == booking.slot.starts_at


def test_who_never_came_is_missing_at_the_end_of_the_day_and_not_before(agenda, type, office, ten_o_clock):
    expected, received = booked(agenda, type), booked(agenda, type, starts_in=timedelta(minutes=40))
    tomorrow = booked(agenda, type, starts_in=timedelta(days=1))
    actions.check_in(received, office, BY)
    left_waiting = number(office)
    ten_o_clock.set(world.utc(2026, 11, 25, 1, 59))  # 02:59 in the night that follows
    assert due.end_of_day() == 0
    ten_o_clock.set(world.utc(2026, 11, 25, 2))
    assert due.end_of_day() == 3 and due.end_of_day() == 0
    states = [Booking.objects.get(pk=one.pk).state for one in (expected, received, tomorrow)]
    assert states == [State.MISSED, State.HONOURED, State.CONFIRMED]
    left_waiting.refresh_from_db()
    assert left_waiting.stage == Stage.LEFT and not visits.waiting(office).exists()


def test_the_day_ends_when_it_does_on_the_wall_of_the_office(ten_o_clock):
    far = world.an_empty_agenda(office=world.an_office(time_zone="Indian/Reunion"))
    type = world.a_type(far, confirmation_minutes=0)
    booked(far, type)
    ten_o_clock.set(world.utc(2026, 11, 24, 22, 59))  # 02:59 at Saint-Denis
    assert due.end_of_day() == 0
    ten_o_clock.set(world.utc(2026, 11, 24, 23))
    assert due.end_of_day() == 1


def test_who_was_sent_another_date_is_not_missing(agenda, type, ten_o_clock):
    booking = booked(agenda, type)
    booking.slot.withdrawn_at = clock.now()
    booking.slot.save(update_fields=["withdrawn_at"])
    ten_o_clock.move(days=2)
    assert due.end_of_day() == 0


def test_a_forgotten_arrival_is_said_afterwards(agenda, type, ten_o_clock):
    booking = booked(agenda, type)
    with pytest.raises(NotExpected):
        actions.correct_presence(booking, BY)  # on the day itself the person is checked in
    ten_o_clock.move(days=1)
    due.end_of_day()
    for _again in range(2):
        assert actions.correct_presence(booking, BY).state == State.HONOURED
    assert not Visit.objects.exists()
    late = booked(agenda, type)
    ten_o_clock.move(days=33)
    with pytest.raises(NotExpected):
        actions.correct_presence(late, BY)


def test_the_wrong_line_can_be_undone_until_the_person_is_called(agenda, type, office):
    visit = arrived(agenda, type, office)
    booking = visit.booking
    for _again in range(2):
        assert actions.undo_check_in(booking, BY).state == State.CONFIRMED
    assert not Visit.objects.exists() and Booking.objects.get().arrived_at is None
    again = actions.check_in(booking, office, BY)
    actions.call(again, "1", BY)
    with pytest.raises(TooLateToUndo):
        actions.undo_check_in(booking, BY)


# Numbers ------------------------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_by_office_and_day(office, ten_o_clock):
    elsewhere = world.an_office()
    assert [number(office).ticket for _ in range(3)] == ["A001", "A002", "A003"]
    assert number(elsewhere).ticket == "A001"
    ten_o_clock.move(days=1)
    assert number(office).ticket == "A001"


def test_a_form_sent_twice_is_one_number(office):
    key = uuid.uuid4()
    assert len({actions.take_number(office, BY, request_key=key).pk for _ in range(2)}) == 1


def test_numbers_go_on_after_999():
    written = [visits.ticket_of(number) for number in (1, 12, 999, 1000, 1998, 1999)]
    assert written == ["A001", "A012", "A999", "B001", "B999", "C001"]


def test_no_number_looks_like_a_reference_nor_is_given_twice(office):
    number(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            office=office,
            day=visits.today_of(office),
            ticket="A001",
            number=9,
            due_at=clock.now(),
            arrived_at=clock.now(),
        )


# Waiting and being called -------------------------------------------------------------------------------------------------


def test_the_order_is_priority_then_appointments_whose_hour_has_come_then_numbers(agenda, type, office, ten_o_clock):
    early = arrived(agenda, type, office, starts_in=timedelta(hours=2))
    first_number = number(office)
    ten_o_clock.move(minutes=1)
    second_number = number(office)
    on_time = arrived(agenda, type, office, starts_in=timedelta(seconds=30))
    ten_o_clock.move(minutes=2)
    with_priority = number(office, needs=("priority", "unknown"))
    assert with_priority.needs == ["priority"]
    order = [with_priority, on_time, first_number, second_number, early]
    assert list(visits.waiting(office)) == order
    assert [actions.call_next(office, str(desk), BY).pk for desk in range(5)] == [one.pk for one in order]
    with pytest.raises(NobodyWaits):
        actions.call_next(office, "9", BY)


def test_an_officer_may_call_for_one_type_only(agenda, type, office):
    other = world.a_type(agenda, "autre", confirmation_minutes=0)
    number(office)
    theirs = number(office, type=other)
    assert actions.call_next(office, "1", BY, type=other).pk == theirs.pk
    with pytest.raises(NobodyWaits):
        actions.call_next(office, "2", BY, type=other)


def test_a_desk_has_one_person_at_a_time(office):
    first, second = number(office), number(office)
    assert actions.call_next(office, " guichet  3 ", BY).desk == "GUICHET 3"
    with pytest.raises(DeskBusy) as told:
        actions.call_next(office, "Guichet 3", BY)
    assert told.value.ticket == first.ticket
    with pytest.raises(DeskBusy):
        actions.call(second, "guichet 3", BY)
    with pytest.raises(DeskNeeded):
        actions.call_next(office, "  ", BY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=second.pk).update(stage="called", desk="GUICHET 3", called_at=clock.now())
    actions.move_visit(first, "finish", BY)
    assert actions.call_next(office, "guichet 3", BY).pk == second.pk


def test_calling_again_counts_and_may_lead_to_another_desk(office, ten_o_clock):
    visit = number(office)
    actions.call(visit, "1", BY)
    first = clock.now()
    ten_o_clock.move(minutes=1)
    again = actions.call(visit, "2", BY)
    assert (again.desk, again.calls, again.first_called_at, again.called_at) == ("2", 2, first, clock.now())


def test_who_does_not_answer_waits_after_the_others_and_who_left_may_come_back(office, ten_o_clock):
    absent, other = number(office), number(office)
    actions.call_next(office, "1", BY)
    ten_o_clock.move(minutes=1)
    actions.move_visit(absent, "put_back", BY)
    assert [one.pk for one in visits.waiting(office)] == [other.pk, absent.pk]
    actions.move_visit(other, "leave", BY)
    assert [one.pk for one in visits.waiting(office)] == [absent.pk]
    with pytest.raises(VisitMoved):
        actions.call(other, "4", BY)
    assert actions.move_visit(other, "come_back", BY).stage == Stage.WAITING


def test_who_does_not_answer_is_not_called_again_at_once_even_with_priority(office, ten_o_clock):
    absent, other = number(office, needs=("priority",)), number(office)
    actions.call_next(office, "1", BY)
    ten_o_clock.move(minutes=1)
    actions.move_visit(absent, "put_back", BY)
    assert [one.pk for one in visits.waiting(office)] == [other.pk, absent.pk]
    actions.move_visit(absent, "leave", BY)
    actions.move_visit(absent, "come_back", BY)
    assert [one.pk for one in visits.waiting(office)] == [absent.pk, other.pk], "who is back has their right again"


def test_who_left_and_shows_the_reference_again_waits_again(agenda, type, office):
    visit = arrived(agenda, type, office)
    actions.move_visit(visit, "leave", BY)
    assert actions.check_in(visit.booking, office, BY).stage == Stage.WAITING


@pytest.mark.parametrize(
    "move", [move for move in MOVES if move.verb not in ("call", "call_again")], ids=lambda move: move.verb
)
@pytest.mark.parametrize("stage", Stage)
def test_only_the_moves_of_the_table_are_made(office, move, stage):
    visit = number(office)
    Visit.objects.filter(pk=visit.pk).update(stage=stage, desk="1", called_at=clock.now())
    if stage in move.sources or stage == move.target:
        assert actions.move_visit(visit, move.verb, BY).stage == move.target
    else:
        with pytest.raises(VisitMoved):
            actions.move_visit(visit, move.verb, BY)


def test_everybody_of_a_day_is_in_its_list(agenda, type, office):
    visit = arrived(agenda, type, office)
    assert [one.pk for one in queries.bookings_of_day(office, visit.day)] == [visit.booking_id]
