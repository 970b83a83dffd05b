"""The request of a household: who they are, one mail, confirmed and moved together, cancelled one by one."""

import re
from datetime import timedelta

import pytest

from guichet.appointments import actions, due, queries
from guichet.appointments.bookings import reminders
from guichet.appointments.bookings.side_by_side import beginnings
from guichet.appointments.errors import AlreadyBooked, BookingRefused, ConfirmationOver, Full, HoldOver, SamePerson
from guichet.appointments.models import Booking
from guichet.certificates.models import OfficialDocument
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.appointments.households import ask, hold, mails, people, slots_of, states, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, party_max=4)


# Who they are ----------------------------------------------------------------------------------------------------------------


def test_each_has_a_name_a_reference_and_one_mail_tells_all(agenda, type):
    slots = world.a_row(agenda, 2, 2)
    given = people(3)
    asked = ask(type, slots[0], 3, given=given)
    rows = queries.party_of(asked)
    assert [row.last_name for row in rows] == [one.last_name for one in given]
    assert [row.person_key for row in rows] == [one.key() for one in given]
    assert len({row.reference for row in rows}) == 3 and len({row.confirm_until for row in rows}) == 1
    (mail,) = OutboxMessage.objects.all()
    for row in rows:
        assert row.display_name in mail.body and row.reference in mail.body
        assert f"{row.starts_at_local:%H:%M}" in mail.body


def test_the_same_person_twice_is_refused_and_nothing_is_lost(agenda, type):
    (slot,) = world.a_row(agenda, 4)
    given = people(2)
    held = hold(type, slot, 3)
    with pytest.raises(SamePerson) as refused:
        actions.give_details(held, given[0], session_key="browser", others=[given[1], given[0]])
    assert refused.value.person == 2
    assert states(held) == ["held"] * 3 and mails() == []


def test_somebody_who_has_a_request_already_is_named_and_nothing_is_lost(agenda, type):
    (slot,) = world.a_row(agenda, 4)
    given = people(2)
    world.ask(type, slot, given[1])
    held = hold(type, slot, 2)
    with pytest.raises(AlreadyBooked) as refused:
        actions.give_details(held, given[0], session_key="browser", others=[given[1]])
    assert refused.value.person == 1
    assert states(held) == ["held"] * 2 and mails() == ["appointment_asked"]


def test_of_a_family_nobody_asks_again(agenda, type):
    (slot,) = world.a_row(agenda, 4)
    given = people(2)
    ask(type, slot, 2, given=given)
    with pytest.raises(AlreadyBooked):
        world.ask(type, slot, given[1])


@pytest.mark.parametrize("told", [1, 3])
def test_as_many_people_as_places(agenda, type, told):
    held = hold(type, world.a_row(agenda, 4)[0], 2)
    first, *others = people(told)
    with pytest.raises(BookingRefused):
        actions.give_details(held, first, session_key="browser", others=others)
    assert states(held) == ["held"] * 2


def test_the_same_details_twice_are_one_request(agenda, type):
    given = people(2)
    held = hold(type, world.a_row(agenda, 4)[0], 2)
    for _again in range(2):
        actions.give_details(Booking.objects.get(pk=held.pk), given[0], session_key="browser", others=given[1:])
    assert mails() == ["appointment_asked"] and states(held) == ["to_confirm"] * 2


def test_a_hold_that_lost_one_of_its_places_is_over(agenda, type):
    """Its slot was withdrawn meanwhile: the rest is no family any more."""
    held = hold(type, world.a_row(agenda, 1, 1)[0], 2)
    Booking.objects.filter(pk=queries.party_of(held)[1].pk).update(state="lapsed")
    first, *others = people(2)
    with pytest.raises(HoldOver):
        actions.give_details(held, first, session_key="browser", others=others)


# Confirming, cancelling ------------------------------------------------------------------------------------------------------


def test_one_answer_confirms_all_and_brings_a_convocation_each(agenda, type):
    asked = ask(type, world.a_row(agenda, 2, 2)[0], 3)
    for _again in range(2):
        actions.confirm(world.token(asked))
    assert states(asked) == ["confirmed"] * 3
    assert mails() == ["appointment_asked", "appointment_confirmed"]
    mail = OutboxMessage.objects.get(template="appointment_confirmed")
    numbers = [one.convocation for one in queries.party_of(asked)]
    assert len(set(numbers)) == 3 and all(numbers)
    assert {each["name"] for each in mail.attachments} >= {f"{number}.pdf" for number in numbers}
    assert len(mail.attachments) == 4  # and one file for calendars


def test_the_link_of_any_of_them_serves(agenda, type):
    asked = ask(type, world.a_row(agenda, 2)[0], 2)
    actions.confirm(world.token(queries.party_of(asked)[1]))
    assert states(asked) == ["confirmed"] * 2


def test_where_nothing_is_to_confirm_all_are_firm_at_once(agenda):
    type = world.a_type(agenda, party_max=4, confirmation_minutes=0)
    asked = ask(type, world.a_row(agenda, 4)[0], 4)
    assert states(asked) == ["confirmed"] * 4 and mails() == ["appointment_confirmed"]


def test_until_when_is_reckoned_from_the_first_hour(agenda):
    type = world.a_type(agenda, party_max=4, lead_minutes=60)
    slots = world.a_row(agenda, 1, 1, 1, days=10 / 24)
    asked = ask(type, slots[0], 3)
    assert {one.confirm_until for one in queries.party_of(asked)} == {slots[0].starts_at - timedelta(minutes=60)}


def test_not_confirmed_in_time_lapses_for_all_by_one_mail(agenda, type, movable_clock):
    asked = ask(type, world.a_row(agenda, 2, 2)[0], 3)
    movable_clock.move(minutes=2881)
    with pytest.raises(ConfirmationOver):
        actions.confirm(world.token(asked))
    assert due.lapse_requests() == 3
    assert states(asked) == ["lapsed"] * 3 and mails() == ["appointment_asked", "appointment_lapsed"]


def test_cancelling_cancels_all_and_frees_each_place_once(agenda, type):
    slots = world.a_row(agenda, 2, 2)
    asked = ask(type, slots[0], 3)
    actions.confirm(world.token(asked))
    for _again in range(2):
        actions.cancel(world.token(asked))
    assert states(asked) == ["cancelled"] * 3
    assert Booking.objects.filter(state="returning").count() == 3
    assert mails() == ["appointment_asked", "appointment_confirmed", "appointment_cancelled"]
    assert OfficialDocument.objects.filter(kind="convocation", revoked_at__isnull=True).count() == 0


def test_one_alone_is_cancelled_and_the_others_come(agenda, type):
    """Even the first: the link that was mailed then serves the others."""
    asked = ask(type, world.a_row(agenda, 3)[0], 3)
    actions.cancel(world.token(asked), alone=True)
    assert states(asked) == ["cancelled", "to_confirm", "to_confirm"]
    mail = OutboxMessage.objects.get(template="appointment_cancelled")
    first, second, third = queries.party_of(asked)
    assert first.display_name in mail.body and second.display_name in mail.body and third.display_name in mail.body
    actions.confirm(world.token(asked))
    assert states(asked) == ["cancelled", "confirmed", "confirmed"]
    actions.cancel(world.token(asked))
    assert states(asked) == ["cancelled"] * 3
    assert mails().count("appointment_cancelled") == 2


def test_an_officer_cancels_one_of_them(agenda, type):
    asked = ask(type, world.a_row(agenda, 2)[0], 2)
    actions.cancel_by_officer(queries.party_of(asked)[1], by=world.OFFICER, reason="Pièce manquante")
    assert states(asked) == ["to_confirm", "cancelled"]


def test_who_was_cancelled_may_come_with_another_family(agenda, type):
    given = people(2)
    asked = ask(type, world.a_row(agenda, 2)[0], 2, given=given)
    actions.cancel(world.token(queries.party_of(asked)[1]), alone=True)
    assert states(ask(type, world.a_row(agenda, 2, days=6)[0], 2, session="other", given=[*people(1), given[1]])) == [
        "to_confirm",
        "to_confirm",
    ]


def test_one_mail_reminds_all(agenda, type, movable_clock):
    movable_clock.move(seconds=(world.utc(2027, 3, 1, 9) - clock.now()).total_seconds())
    slot = world.a_row(agenda, 1, 1)[0]
    asked = ask(type, slot, 2)
    actions.confirm(world.token(asked))
    movable_clock.move(days=3)
    assert [reminders.send_reminders(10) for _again in range(2)] == [1, 0]
    mail = OutboxMessage.objects.get(template="appointment_reminder")
    assert all(one.display_name in mail.body for one in queries.party_of(asked))


# Moving ----------------------------------------------------------------------------------------------------------------------


def test_moving_moves_all_side_by_side(agenda, type):
    first, second = world.a_row(agenda, 2, 2)
    later = world.a_row(agenda, 1, 1, 2, days=8)
    asked = ask(type, first, 3)
    actions.confirm(world.token(asked))
    actions.reschedule(asked, later[0].pk)
    assert slots_of(asked) == [slot.pk for slot in later]
    assert taken(first, second, *later) == [2, 1, 1, 1, 1]  # those left come back later
    assert mails()[-1] == "appointment_moved"
    assert OfficialDocument.objects.filter(kind="convocation", revoked_at__isnull=True).count() == 3


def test_moving_asks_again_when_nothing_was_confirmed(agenda, type):
    later = world.a_row(agenda, 4, days=8)[0]
    asked = ask(type, world.a_row(agenda, 4)[0], 2)
    actions.reschedule(asked, later.pk)
    assert mails() == ["appointment_asked", "appointment_asked"]
    assert len({one.confirm_until for one in queries.party_of(asked)}) == 1


def test_moving_where_they_do_not_fit_changes_nothing(agenda, type):
    asked = ask(type, world.a_row(agenda, 3)[0], 3)
    narrow, _closed = world.a_row(agenda, 2, 0, days=8)
    before = slots_of(asked)
    with pytest.raises(Full) as refused:
        actions.reschedule(asked, narrow.pk)
    assert refused.value.nearest == [] and slots_of(asked) == before and taken(narrow) == [0]


def test_moving_to_where_they_begin_changes_nothing(agenda, type):
    slots = world.a_row(agenda, 1, 1)
    asked = ask(type, slots[0], 2)
    actions.reschedule(queries.party_of(asked)[1], slots[0].pk)
    assert [one.moves for one in queries.party_of(asked)] == [0, 0]


def test_moving_over_the_places_one_has_counts_each_once(agenda, type):
    """From the first two slots to the second and third: who stays in the second does not leave it."""
    first, second, third = world.a_row(agenda, 1, 3, 2)
    asked = ask(type, first, 2)  # one in the first, one in the second
    actions.reschedule(asked, second.pk)
    assert slots_of(asked) == [second.pk, second.pk]
    assert taken(first, second, third) == [1, 2, 0]
    actions.reschedule(asked, third.pk)
    assert slots_of(asked) == [third.pk, third.pk] and taken(first, second, third) == [1, 2, 2]
    assert Booking.objects.filter(state="returning").count() == 3


def test_who_was_cancelled_does_not_move(agenda, type):
    first, later = world.a_row(agenda, 3)[0], world.a_row(agenda, 3, days=8)[0]
    asked = ask(type, first, 3)
    actions.cancel(world.token(asked), alone=True)
    actions.reschedule(asked, later.pk)
    assert taken(later) == [2] and states(asked).count("to_confirm") == 2


# The office ------------------------------------------------------------------------------------------------------------------


def test_a_closed_day_is_told_once_to_a_family(type):
    agenda = world.an_agenda(slot_minutes=60, desks=1)
    type = world.a_type(agenda, party_max=3)
    slots = [seat[0] for seat in beginnings(list(queries.bookable(type)), 3)]
    asked = ask(type, slots[0], 3)
    day = slots[0].starts_at.date()
    actions.close_days(agenda.office, day, day, by=world.OFFICER, displace=True)
    assert mails() == ["appointment_asked", "appointment_withdrawn"]
    assert all(one.must_move for one in queries.party_of(asked))
    target = queries.first_free(type, party=3)
    actions.reschedule(asked, target.pk)
    assert not any(one.must_move for one in queries.party_of(asked))


def test_each_arrives_alone(agenda, type, movable_clock):
    asked = ask(type, world.a_row(agenda, 2)[0], 2)
    actions.confirm(world.token(asked))
    first, second = queries.party_of(asked)
    movable_clock.move(seconds=(first.slot.starts_at - clock.now()).total_seconds())
    actions.check_in(first, agenda.office, world.OFFICER)
    assert states(asked) == ["honoured", "confirmed"]
    assert re.fullmatch(r"RDV-.{4}-.{4}", second.reference)


def test_every_mail_greets_whoever_gave_the_address(type, agenda):
    """The one who is called off may be a child: the mail is read by who wrote the address."""
    first = ask(type, world.a_slot(agenda, capacity=3), 3)
    rows = queries.party_of(first)
    actions.cancel(queries.token_of(rows[2]), alone=True)
    mail = OutboxMessage.objects.get(template="appointment_cancelled")
    assert rows[0].display_name in mail.body.split("\n", 1)[0] and rows[2].display_name in mail.body
