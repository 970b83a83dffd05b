"""From a held place to an appointment that is honoured, moved, cancelled or lost: states, places, messages."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from guichet.appointments import actions, due, queries, rules
from guichet.appointments.errors import (
    AlreadyBooked,
    BookingRefused,
    ConfirmationOver,
    Full,
    HoldOver,
    MovedTooOften,
    MoveNotAllowed,
    UnknownBooking,
)
from guichet.appointments.lifecycle import Role
from guichet.appointments.models import Booking, Slot
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events, storage
from guichet.core.dates import PartialDate
from guichet.core.events import Subject
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=3)


def taken(slot):
    return Slot.objects.get(pk=slot.pk).taken


def mails(booking):
    return [
        mail.template
        for mail in OutboxMessage.objects.filter(intent__startswith=f"appointment:{booking.pk}:").order_by("created_at")
    ]


def kinds(booking):
    return [event.kind for event in events.timeline(Subject("booking", str(booking.pk)))]


# Details --------------------------------------------------------------------------------------------------------------------


def test_details_make_a_request_that_waits_for_its_answer(type, slot):
    asked = world.ask(type, slot)
    assert asked.state == "to_confirm" and re.fullmatch(r"RDV-[2-9A-Z]{4}-[2-9A-Z]{4}", asked.reference)
    assert asked.confirm_until - asked.asked_at == timedelta(minutes=2880)
    assert mails(asked) == ["appointment_asked"] and kinds(asked) == ["place_held", "appointment_asked"]
    mail = OutboxMessage.objects.get()
    assert world.token(asked) in mail.body and asked.reference in mail.body
    assert asked.birth_date_text not in mail.body and asked.phone not in mail.body
    assert queries.booking_by_token(world.token(asked)).pk == asked.pk
    assert taken(slot) == 1


def test_the_time_to_confirm_ends_before_the_lead_time(agenda):
    type = world.a_type(agenda, lead_minutes=60)
    near = world.a_slot(agenda, starts_in=timedelta(hours=5))
    asked = world.ask(type, near)
    assert asked.confirm_until == near.starts_at - timedelta(minutes=60)


def test_details_sent_twice_are_one_request(type, slot):
    held = world.claim(type, slot, session="s")
    given = world.details()
    first = actions.give_details(held, given, session_key="s")
    again = actions.give_details(held, given, session_key="s")
    assert first.reference == again.reference and len(mails(first)) == 1


def test_details_come_from_the_browser_that_holds(type, slot):
    held = world.claim(type, slot, session="s")
    with pytest.raises(UnknownBooking):
        actions.give_details(held, world.details(), session_key="another")


def test_after_ten_minutes_the_place_is_no_longer_held(type, slot, movable_clock):
    held = world.claim(type, slot, session="s")
    movable_clock.move(minutes=10)
    with pytest.raises(HoldOver) as refused:
        actions.give_details(held, world.details(), session_key="s")
    assert [one.pk for one in refused.value.nearest] == [slot.pk]
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(
    "same",
    [
        {"first_names": "MARÍA  josé", "last_name": "Ñuñez-Peña"},
        {"first_names": "Nunez Pena", "last_name": "Maria-Jose"},
        {"first_names": "Maria José", "last_name": "Durand", "birth_name": "nunez pena", "email": "maria+two@example.org"},
    ],
)
def test_however_the_name_is_written_it_is_one_person(type, slot, same):
    born = PartialDate(1990, 5)
    first = world.ask(type, slot, world.details(first_names="María José", last_name="Núñez Peña", birth_date=born))
    with pytest.raises(AlreadyBooked) as refused:
        world.ask(type, slot, world.details(birth_date=born, **same))
    assert refused.value.booking.pk == first.pk and not refused.value.is_yours
    assert Booking.objects.filter(state="to_confirm").count() == 1


def test_another_birth_date_or_another_type_is_another_request(agenda, type, slot):
    given = {"first_names": "Maria", "last_name": "Lopez"}
    world.ask(type, slot, world.details(**given, birth_date=PartialDate(1990)))
    world.ask(type, slot, world.details(**given, birth_date=PartialDate(1990, 5)))
    world.ask(world.a_type(agenda, "other"), slot, world.details(**given, birth_date=PartialDate(1990)))
    assert taken(slot) == 3


def test_a_type_that_asks_for_no_confirmation_is_firm_at_once(agenda, slot):
    firm = world.ask(world.a_type(agenda, "firm", confirmation_minutes=0), slot)
    assert firm.state == "confirmed" and mails(firm) == ["appointment_confirmed"]


# Confirming -----------------------------------------------------------------------------------------------------------------


def test_confirming_sends_the_convocation_and_a_calendar_file(type, slot):
    asked = world.ask(type, slot)
    confirmed = actions.confirm(world.token(asked))
    assert confirmed.state == "confirmed" and mails(confirmed) == ["appointment_asked", "appointment_confirmed"]
    document = OfficialDocument.objects.get()
    assert (document.kind, document.number) == ("convocation", confirmed.convocation)
    pdf, calendar = OutboxMessage.objects.get(template="appointment_confirmed").attachments
    page = PdfReader(BytesIO(storage.read(pdf["key"]))).pages[0]
    assert confirmed.reference in page.extract_text() and len(page.images) == 1  # the code that is scanned on arrival
    event = Calendar.from_ical(storage.read(calendar["key"])).walk("VEVENT")[0]
    assert event.decoded("dtstart") == slot.starts_at and str(event["uid"]).startswith(confirmed.reference)


def test_confirming_twice_is_confirming_once(type, slot):
    asked = world.ask(type, slot)
    for _again in range(2):
        assert actions.confirm(world.token(asked)).state == "confirmed"
    assert kinds(asked).count("appointment_confirmed") == 1 and OfficialDocument.objects.count() == 1


def test_nothing_is_confirmed_once_its_time_is_over(type, slot, movable_clock):
    asked = world.ask(type, slot)
    movable_clock.move(minutes=2880)
    with pytest.raises(ConfirmationOver):  # whether the worker came already or not
        actions.confirm(world.token(asked))
    due.lapse_requests()
    with pytest.raises(ConfirmationOver):
        actions.confirm(world.token(asked))
    assert Booking.objects.get(pk=asked.pk).state == "lapsed"


def test_an_unknown_link_is_no_booking():
    with pytest.raises(UnknownBooking):
        actions.confirm("nothing")
    with pytest.raises(UnknownBooking):
        actions.cancel("")


# Lapsing: the place comes back, later -----------------------------------------------------------------------------------------


def test_a_request_not_confirmed_frees_its_place_at_a_moment_nobody_can_guess(type, slot, movable_clock):
    asked = world.ask(type, slot)
    movable_clock.move(minutes=2881)
    assert due.lapse_requests() == 1 and due.lapse_requests() == 0
    assert mails(asked) == ["appointment_asked", "appointment_lapsed"]
    place = Booking.objects.get(state="returning")
    assert taken(slot) == 1  # still away
    assert timedelta(minutes=5) <= place.returns_at - clock.now() + timedelta(seconds=1) <= timedelta(hours=24)
    movable_clock.move(hours=24)
    assert due.give_places_back() == 1 and due.give_places_back() == 0
    assert taken(slot) == 0 and Booking.objects.get(pk=place.pk).state == "returned"


def test_returns_are_spread(type, agenda, movable_clock):
    """Many places freed at one moment do not come back together."""
    wide = world.a_slot(agenda, capacity=30)
    for _each in range(20):
        world.ask(type, wide)
    movable_clock.move(minutes=2881)
    assert due.lapse_requests() == 20
    minutes = {int(place.returns_at.timestamp() // 60) for place in Booking.objects.filter(state="returning")}
    assert len(minutes) > 10


def test_a_hold_that_lapses_writes_no_mail(type, slot, movable_clock):
    held = world.claim(type, slot)
    assert due.lapse_holds() == 0
    movable_clock.move(minutes=10)
    assert due.lapse_holds() == 1
    assert Booking.objects.get(pk=held.pk).state == "lapsed" and mails(held) == []


def test_too_near_for_anybody_the_place_is_just_free(agenda, movable_clock):
    type = world.a_type(agenda, confirmation_minutes=0)
    near = world.a_slot(agenda, starts_in=timedelta(minutes=30))
    booked = world.ask(type, near)
    actions.cancel(world.token(booked))
    assert taken(near) == 0 and not Booking.objects.filter(state="returning").exists()


# Cancelling and moving --------------------------------------------------------------------------------------------------------


def test_cancelling_frees_one_place_once(type, slot):
    asked = world.ask(type, slot)
    actions.confirm(world.token(asked))
    for _again in range(2):
        assert actions.cancel(world.token(asked)).state == "cancelled"
    assert Booking.objects.filter(state="returning").count() == 1 and taken(slot) == 1
    assert mails(asked)[-1] == "appointment_cancelled" and len(mails(asked)) == 3
    assert OfficialDocument.objects.get().revoked_at is not None
    again = world.ask(type, slot, world.details(last_name=asked.last_name, email=asked.email))
    assert again.state == "to_confirm"  # cancelled, the person may ask anew


def test_an_officer_cancels_with_a_reason(type, slot):
    asked = world.ask(type, slot)
    actions.cancel_by_officer(asked, by=world.OFFICER, reason="Grève.")
    assert "Grève." in OutboxMessage.objects.get(template="appointment_cancelled").body


def test_what_is_over_is_not_cancelled(type, slot, movable_clock):
    asked = world.ask(type, slot)
    actions.confirm(world.token(asked))
    movable_clock.move(days=6)
    with pytest.raises(BookingRefused):
        actions.cancel(world.token(asked))


def test_moving_keeps_the_booking_and_frees_the_place_it_left(agenda, type, slot):
    later = world.a_slot(agenda, starts_in=timedelta(days=8))
    asked = world.ask(type, slot)
    actions.confirm(world.token(asked))
    reference = asked.reference
    moved = actions.reschedule(queries.booking_by_token(world.token(asked)), later.pk)
    assert (moved.slot_id, moved.reference, moved.moves, moved.state) == (later.pk, reference, 1, "confirmed")
    assert taken(later) == 1 and taken(slot) == 1  # the one it left is away, not free
    assert Booking.objects.get(state="returning").slot_id == slot.pk
    assert mails(moved)[-1] == "appointment_moved"
    assert OfficialDocument.objects.filter(revoked_at__isnull=True).count() == 1
    actions.reschedule(moved, later.pk)
    assert Booking.objects.get(pk=moved.pk).moves == 1


def test_moving_to_a_full_slot_changes_nothing(agenda, type, slot):
    full = world.a_slot(agenda, starts_in=timedelta(days=8))
    world.ask(type, full)
    asked = world.ask(type, slot)
    with pytest.raises(Full):
        actions.reschedule(asked, full.pk)
    assert Booking.objects.get(pk=asked.pk).slot_id == slot.pk and taken(full) == 1 and taken(slot) == 1


def test_where_the_type_forbids_it_only_an_officer_moves(agenda, slot):
    type = world.a_type(agenda, "students", may_move=False)
    later = world.a_slot(agenda, starts_in=timedelta(days=8))
    asked = world.ask(type, slot)
    with pytest.raises(MoveNotAllowed):
        actions.reschedule(asked, later.pk)
    assert actions.reschedule(asked, later.pk, by=world.OFFICER, role="officer").slot_id == later.pk


def test_a_person_moves_a_few_times_only_so_that_nobody_empties_an_office(agenda, type, slot):
    others = [world.a_slot(agenda, starts_in=timedelta(days=6, hours=hour)) for hour in range(rules.MOVES_AT_MOST + 2)]
    asked = world.ask(type, slot)
    for other in others[: rules.MOVES_AT_MOST]:
        asked = actions.reschedule(asked, other.pk)
    with pytest.raises(MovedTooOften):
        actions.reschedule(asked, others[-1].pk)
    assert Booking.objects.filter(state="returning").count() == rules.MOVES_AT_MOST
    assert actions.reschedule(asked, others[-1].pk, by=world.OFFICER, role=Role.OFFICER).slot_id == others[-1].pk
    Slot.objects.filter(pk=others[-1].pk).update(withdrawn_at=clock.now())
    assert actions.reschedule(asked, others[-2].pk).slot_id == others[-2].pk


def test_whose_slot_was_withdrawn_may_move_whatever_the_type_says(agenda, slot):
    type = world.a_type(agenda, "students", may_move=False)
    later = world.a_slot(agenda, starts_in=timedelta(days=8))
    asked = world.ask(type, slot)
    Slot.objects.filter(pk=slot.pk).update(withdrawn_at=clock.now())
    assert actions.reschedule(asked, later.pk).slot_id == later.pk
    assert taken(slot) == 0  # nothing comes back of a slot that is closed


# On the day -------------------------------------------------------------------------------------------------------------------


def test_the_counter_books_in_any_pool_but_never_beyond_the_capacity(agenda, type):
    import uuid

    reserved = world.a_slot(agenda, pool="associations", starts_in=timedelta(hours=1))
    key = uuid.uuid4()
    given = world.details(email="")
    for _again in range(2):
        booked = actions.book_at_counter(world.OFFICER, type, reserved.pk, given, request_key=key)
        assert booked.state == "confirmed" and booked.convocation
    assert taken(reserved) == 1 and OutboxMessage.objects.count() == 0
    with pytest.raises(Full):
        actions.book_at_counter(world.OFFICER, type, reserved.pk, world.details(), request_key=uuid.uuid4())
    wide = world.a_slot(agenda, capacity=3)
    with pytest.raises(AlreadyBooked):
        actions.book_at_counter(world.OFFICER, type, wide.pk, given, request_key=uuid.uuid4())
    homonym = actions.book_at_counter(world.OFFICER, type, wide.pk, given, request_key=uuid.uuid4(), homonym=1)
    assert homonym.person_key != booked.person_key
