"""Whom the office cannot receive after all: never left without a way, never convoked for a day that is closed."""

from datetime import timedelta

import pytest

from guichet.appointments import actions, due, queries
from guichet.appointments.agendas.errors import Conflicts, RulesRefused
from guichet.appointments.errors import AlreadyBooked, BookingRefused, NotOpen, SlotWithdrawn
from guichet.appointments.models import Agenda, AppointmentType, Booking, Slot
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.messaging.models import OutboxMessage
from tests.appointments import waiting_world, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def agenda():
    return world.an_agenda()


@pytest.fixture
def asked(type):
    return world.ask(type, queries.first_free(type))


def close(asked):
    day = queries.booking_of(asked.pk).starts_at_local.date()
    actions.close_days(asked.type.office, day, day, by=world.OFFICER, displace=True, reason="Grève.")
    return queries.booking_of(asked.pk)


def mails(template):
    return list(OutboxMessage.objects.filter(template=template))


def test_nobody_confirms_a_slot_that_is_gone(asked):
    close(asked)
    with pytest.raises(SlotWithdrawn):
        actions.confirm(world.token(asked))
    assert Booking.objects.get(pk=asked.pk).state == "to_confirm" and not mails("appointment_confirmed")


def test_a_request_whose_slot_is_gone_does_not_lapse_and_has_the_whole_delay_once_it_moved(asked, movable_clock):
    close(asked)
    movable_clock.move(minutes=2881)
    due.lapse_requests()
    assert Booking.objects.get(pk=asked.pk).state == "to_confirm"
    moved = actions.reschedule(queries.booking_of(asked.pk), queries.first_free(asked.type).pk)
    assert moved.state == "to_confirm" and moved.confirm_until > clock.now() + timedelta(hours=10)
    assert actions.confirm(world.token(asked)).state == "confirmed"


def test_the_day_of_a_slot_that_is_gone_goes_by_and_its_person_still_moves_or_cancels(type, movable_clock):
    first, second = (world.ask(type, queries.first_free(type)) for _each in range(2))
    for one in (first, second):
        actions.confirm(world.token(one))
    close(first)
    movable_clock.move(days=9)
    due.make_slots()
    due.end_of_day()
    assert actions.reschedule(queries.booking_of(first.pk), queries.first_free(type).pk).moves == 1
    assert actions.cancel(world.token(second)).state == "cancelled"


def test_reopened_who_had_not_confirmed_has_the_whole_delay_again(type, movable_clock):
    last = queries.bookable(type).last()
    asked = world.ask(type, last)
    close(asked)
    movable_clock.move(minutes=2881)
    closure = asked.type.office.closures.get()
    actions.reopen_days(closure, by=world.OFFICER)
    due.lapse_requests()
    assert queries.booking_of(asked.pk).confirm_until > clock.now()
    assert actions.confirm(world.token(asked)).state == "confirmed"


# An agenda that closes for good ----------------------------------------------------------------------------------------------


def close_for_good(agenda, **changes):
    return actions.save_agenda(agenda.office, world.rules(active=False), by=world.OFFICER, agenda=agenda, **changes)


@pytest.fixture
def other_type(agenda):
    other = world.an_agenda(agenda.office, slug="autre", name_fr="Autre", name_en="Other")
    return world.a_type(other, slug="autre", name_fr="Autre rendez-vous", name_en="Other appointment")


def replace_by(type, other):
    AppointmentType.objects.filter(pk=type.pk).update(replaced_by=other)


def test_the_other_agendas_of_the_type_receive_them(agenda, type, asked):
    other = world.an_agenda(agenda.office, slug="autre", name_fr="Autre", name_en="Other")
    type.agendas.add(other)
    close_for_good(agenda, displace=True)
    free = queries.first_free(type)
    assert free.agenda == other
    assert actions.reschedule(queries.booking_of(asked.pk), free.pk).slot_id == free.pk
    (mail,) = mails("appointment_withdrawn")
    assert "Choisissez une autre date" in mail.body.replace("’", "'")


def test_the_type_that_replaces_theirs_receives_them_under_the_same_reference(agenda, type, asked, other_type):
    actions.confirm(world.token(asked))
    replace_by(type, other_type)
    close_for_good(agenda, displace=True)
    (mail,) = mails("appointment_withdrawn")
    assert "Autre rendez-vous" in mail.body and world.token(asked) in mail.body
    booking = queries.booking_of(asked.pk)
    assert queries.type_to_move_in(booking) == other_type
    moved = actions.reschedule(booking, queries.first_free(other_type).pk)
    assert (moved.type, moved.reference, moved.state) == (other_type, asked.reference, "confirmed")
    assert mails("appointment_moved") and not Slot.objects.get(pk=asked.slot_id).taken


def test_who_already_has_what_replaces_it_is_told_so(agenda, type, other_type):
    given = world.details()
    asked = world.ask(type, queries.first_free(type), given)
    world.ask(other_type, queries.first_free(other_type), given)
    replace_by(type, other_type)
    close_for_good(agenda, displace=True)
    with pytest.raises(AlreadyBooked):
        actions.reschedule(queries.booking_of(asked.pk), queries.first_free(other_type).pk)


def test_types_that_replace_each_other_do_not_turn_round_for_ever(agenda, type, asked, other_type):
    replace_by(type, other_type)
    replace_by(other_type, type)
    Agenda.objects.filter(pk=other_type.agendas.get().pk).update(active=False)
    close_for_good(agenda, displace=True)
    booking = queries.booking_of(asked.pk)
    assert queries.type_to_move_in(booking) == type and not queries.has_a_way(booking)
    (mail,) = mails("appointment_withdrawn")
    assert "Le service vous contactera" in mail.body


def test_a_slot_that_stands_is_moved_among_its_own_type_only(type, asked, other_type):
    replace_by(type, other_type)
    assert queries.type_to_move_in(queries.booking_of(asked.pk)) == type
    with pytest.raises(NotOpen):
        actions.reschedule(queries.booking_of(asked.pk), queries.first_free(other_type).pk)


# Rules that change by themselves ---------------------------------------------------------------------------------------------


@pytest.fixture
def new_holiday(monkeypatch, agenda):
    """A public holiday that the library did not know before."""
    from guichet.appointments.agendas import public_holidays

    def declare(day):
        known = public_holidays.keys_of
        monkeypatch.setattr(public_holidays, "keys_of", lambda one, of: frozenset({"99-99"}) if one == day else known(one, of))

    return declare


def test_a_booked_slot_that_no_rule_makes_any_more_stands_and_takes_nobody_else(agenda, type, asked, new_holiday):
    new_holiday(queries.booking_of(asked.pk).starts_at_local.date())
    day = Slot.objects.filter(agenda=agenda, starts_at__date=asked.slot.starts_at.date())
    assert due.make_slots() and not due.make_slots()  # again changes nothing
    slot = day.get()
    assert (slot.pk, slot.taken, slot.capacity, slot.withdrawn_at) == (asked.slot_id, 1, 1, None) and slot.kept_since
    assert not mails("appointment_withdrawn") and actions.confirm(world.token(asked)).state == "confirmed"
    assert [one.booking.pk for one in queries.people_to_move(agenda.office)] == [asked.pk]


def test_the_office_then_decides_and_they_are_told(agenda, type, asked, new_holiday):
    new_holiday(queries.booking_of(asked.pk).starts_at_local.date())
    due.make_slots()
    preview = actions.preview_agenda(agenda.office, world.rules(), agenda)
    assert [one.bookings for one in preview.conflicts] == [(asked.pk,)]
    actions.save_agenda(agenda.office, world.rules(), by=world.OFFICER, agenda=agenda, displace={asked.pk})
    assert mails("appointment_withdrawn") and queries.booking_of(asked.pk).must_move
    assert [one.booking.pk for one in queries.people_to_move(agenda.office)] == [asked.pk]


def test_or_works_on_that_day_and_the_slot_is_as_before(agenda, type, asked, new_holiday):
    new_holiday(queries.booking_of(asked.pk).starts_at_local.date())
    due.make_slots()
    actions.save_agenda(agenda.office, world.rules(worked_holidays=["99-99"]), by=world.OFFICER, agenda=agenda)
    slot = Slot.objects.get(pk=asked.slot_id)
    assert (slot.capacity, slot.kept_since, slot.withdrawn_at) == (2, None, None)
    assert not mails("appointment_restored")


def test_a_place_left_in_such_a_slot_is_nobody_s(agenda, type, asked, new_holiday, movable_clock):
    new_holiday(queries.booking_of(asked.pk).starts_at_local.date())
    due.make_slots()
    actions.cancel(world.token(asked))
    movable_clock.move(hours=25)
    due.give_places_back()
    slot = Slot.objects.get(pk=asked.slot_id)
    assert not slot.taken and not slot.is_free() and slot.withdrawn_at


def test_an_officer_may_cancel_what_was_never_chosen_again(asked, movable_clock):
    close(asked)
    movable_clock.move(days=40)
    assert actions.cancel_by_officer(queries.booking_of(asked.pk), by=SYSTEM, reason="Sans réponse.").state == "cancelled"


def test_a_slot_that_stands_and_has_begun_is_neither_moved_nor_cancelled(asked, type, movable_clock):
    actions.confirm(world.token(asked))
    movable_clock.move(days=9)
    with pytest.raises(BookingRefused):
        actions.cancel(world.token(asked))


# What the office says of those whom no agenda receives any more --------------------------------------------------------------


def test_closing_an_agenda_asks_where_the_people_of_its_type_go(agenda, type, asked, other_type):
    preview = actions.preview_agenda(agenda.office, world.rules(active=False), agenda)
    assert preview.stranded == (type.pk,) and queries.replacements_of(type) == [other_type]
    with pytest.raises(RulesRefused) as refused:
        close_for_good(agenda, displace={asked.pk})
    assert refused.value.field == "replaced_by" and not mails("appointment_withdrawn")
    close_for_good(agenda, displace={asked.pk}, replacements={type.pk: other_type})
    assert queries.type_to_move_in(queries.booking_of(asked.pk)) == other_type


def test_the_office_may_say_that_it_calls_them(agenda, type, asked):
    close_for_good(agenda, displace={asked.pk}, replacements={type.pk: None})
    (line,) = queries.people_to_move(agenda.office)
    assert line.must_be_called and not line.has_way


def test_hours_that_all_go_are_an_agenda_that_closes(agenda, type, asked):
    assert actions.preview_agenda(agenda.office, world.rules(hours=()), agenda).stranded == (type.pk,)


def test_a_type_with_another_open_agenda_is_not_stranded(agenda, type, asked):
    type.agendas.add(world.an_agenda(agenda.office, slug="autre", name_fr="Autre", name_en="Other"))
    assert actions.preview_agenda(agenda.office, world.rules(active=False), agenda).stranded == ()


def test_a_type_that_asks_otherwise_who_one_is_receives_nobody_of_another(agenda, type, asked, other_type):
    AppointmentType.objects.filter(pk=other_type.pk).update(identity="student")
    other_type.refresh_from_db()
    assert queries.replacements_of(type) == []
    with pytest.raises(RulesRefused):
        close_for_good(agenda, displace={asked.pk}, replacements={type.pk: other_type})


def test_another_office_may_receive_them(agenda, type, asked):
    elsewhere = world.a_type(world.an_agenda())
    assert queries.replacements_of(type) == [elsewhere]
    close_for_good(agenda, displace={asked.pk}, replacements={type.pk: elsewhere})
    moved = actions.reschedule(queries.booking_of(asked.pk), queries.first_free(elsewhere).pk)
    assert moved.type.office != agenda.office


# The waiting list ------------------------------------------------------------------------------------------------------------


def test_a_place_that_is_proposed_counts_among_those_a_closure_concerns(agenda, type):
    due.make_slots()
    asked = world.ask(type, queries.first_free(type))
    while free := queries.first_free(type):
        world.claim(type, free)
    entry = waiting_world.join(type)
    waiting_world.free(asked)
    place = waiting_world.offer_of(entry).booking
    day = queries.booking_of(place.pk).starts_at_local.date()
    preview = actions.preview_closing(agenda.office, day, day)
    assert place.pk in {number for one in preview.conflicts for number in one.bookings}
    with pytest.raises(Conflicts):
        actions.close_days(agenda.office, day, day, by=world.OFFICER)
    actions.close_days(agenda.office, day, day, by=world.OFFICER, displace={place.pk})
    due.end_offers()
    assert waiting_world.mails(entry)[-1] == "waiting_withdrawn" and waiting_world.again(entry).state == "waiting"


def test_reading_who_is_to_move_costs_the_same_however_many_types_there_are(agenda, type, asked, django_assert_max_num_queries):
    for number in range(4):
        other = world.a_type(agenda, slug=f"t{number}", name_fr=f"T{number}", name_en=f"T{number}")
        world.ask(other, queries.first_free(other))
    close_for_good(agenda, displace=True)
    with django_assert_max_num_queries(2):
        assert [one.has_way for one in queries.people_to_move(agenda.office)] == [False] * 5
