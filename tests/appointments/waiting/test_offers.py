"""A freed place: whose turn it is, by day, and what becomes of an offer."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from guichet.appointments import actions, due, queries, rules
from guichet.appointments.actions import Guest
from guichet.appointments.models import Booking, Offer, Slot
from guichet.appointments.waiting.errors import OfferOver
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.appointments.waiting_world import again, bring_back, free, join, mails, offer_of, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


# Whose turn it is -----------------------------------------------------------------------------------------------------------


def test_a_freed_place_is_offered_to_who_has_waited_longest(type, slot, taken, noon):
    first = join(type)
    noon.move(minutes=1)
    second = join(type)
    free(taken)
    offer = offer_of(first)
    place = Booking.objects.get(pk=offer.booking_id)
    assert (place.state, place.person_key, place.slot_id) == ("offered", first.person_key, slot.pk)
    assert offer.accept_until == place.confirm_until == clock.now().replace(microsecond=0) + timedelta(hours=4) or (
        abs(offer.accept_until - clock.now() - timedelta(hours=4)) < timedelta(minutes=1)
    )
    assert mails(first) == ["waiting_joined", "waiting_offer"] and mails(second) == ["waiting_joined"]
    assert again(first).state == "offered" and Slot.objects.get(pk=slot.pk).taken == 1
    mail = OutboxMessage.objects.get(template="waiting_offer")
    assert token(first) in mail.body and "16:0" in mail.body


def test_a_place_is_offered_at_its_random_moment_not_before(type, taken):
    entry = join(type)
    actions.cancel(world.token(taken))
    assert due.give_places_back() == 0
    assert again(entry).state == "waiting"


def test_without_anybody_in_the_list_the_place_comes_back(type, slot, taken):
    free(taken)
    assert Slot.objects.get(pk=slot.pk).taken == 0 and not Offer.objects.exists()


def test_who_waits_for_another_type_of_the_agenda_has_their_turn_too(agenda, type, taken):
    other = world.a_type(agenda, "autre")
    entry = join(other)
    free(taken)
    place = offer_of(entry).booking
    assert place.type_id == other.pk
    assert actions.accept_offer(token(entry), offer_of(entry).pk).type_id == other.pk


def test_who_asked_for_an_appointment_meanwhile_is_passed_over(agenda, type, taken, noon):
    given = world.details()
    first = actions.join_waiting_list(type, given)
    noon.move(minutes=1)
    second = join(type)
    world.ask(type, world.a_slot(agenda, starts_in=timedelta(days=6)), given)
    free(taken)
    assert again(first).state == "waiting" and offer_of(second)


def test_an_invitation_waits_for_its_own_places_and_serves_once(agenda):
    type = world.a_type(agenda, "convocation", identity="invitation")
    guest = Guest(key="k" * 64, last_name="Nguyen", birth_date="1990-05-12", email="nguyen@example.org")
    invitation = actions.invite(type, ("application", "1"), guest, by=world.OFFICER)
    entry = actions.join_waiting_list(type, world.details(last_name="Typed"), invitation=invitation)
    assert (entry.last_name, entry.person_key) == ("Nguyen", "k" * 64)  # the name that was invited, whatever is typed
    slot = world.a_slot(agenda, capacity=2)
    other = world.claim(type, slot, session="s", invitation=invitation)
    leaving = world.ask(world.a_type(agenda, "autre"), slot)
    free(leaving)
    assert again(entry).state == "waiting"  # that invitation is being used
    actions.give_up(other, session_key="s")
    bring_back()
    booking = actions.accept_offer(token(entry), offer_of(entry).pk)
    assert booking.invitation == invitation and booking.last_name == "Nguyen"


def test_a_reserved_place_is_not_offered_to_everybody(agenda, type, taken):
    entry = join(type)
    reserved = world.a_slot(agenda, pool="associations", starts_in=timedelta(days=7))
    held = world.claim(type, reserved, session="s", pool="associations")
    actions.give_up(held, session_key="s")
    bring_back()
    assert again(entry).state == "waiting" and Slot.objects.get(pk=reserved.pk).taken == 0


def test_a_place_that_the_rules_no_longer_want_is_offered_to_nobody(noon):
    agenda = world.an_agenda(desks=2)
    type = world.a_type(agenda)
    full = Slot.objects.filter(agenda=agenda, released_at__lte=clock.now(), starts_at__gt=clock.now()).order_by("-starts_at")
    slot = full.first()
    leaving, _staying = world.ask(type, slot), world.ask(type, slot)
    actions.save_agenda(agenda.office, world.rules(desks=1), by=world.OFFICER, agenda=agenda, displace=True)
    Slot.objects.filter(agenda=agenda).exclude(pk=slot.pk).delete()
    entry = join(type)
    free(leaving)
    row = Slot.objects.get(pk=slot.pk)
    assert (row.capacity, row.taken) == (1, 1) and again(entry).state == "waiting"


# By day only ----------------------------------------------------------------------------------------------------------------


def test_at_night_a_place_waits_for_the_morning(type, taken, noon):
    entry = join(type)
    actions.cancel(world.token(taken))
    noon.move(hours=12)  # midnight in Paris
    bring_back()
    place = Booking.objects.get(state="returning")
    wall = place.returns_at.astimezone(ZoneInfo("Europe/Paris"))
    assert again(entry).state == "waiting" and wall.date() == date(2026, 11, 24) and 8 <= wall.hour < 11
    noon.move(hours=11)
    due.give_places_back()
    assert again(entry).state == "offered"


def test_the_night_is_that_of_the_office():
    agenda = world.an_empty_agenda(office=world.an_office(time_zone="Indian/Reunion"))
    type = world.a_type(agenda)
    booking = world.ask(type, world.a_slot(agenda))
    entry = join(type)
    actions.cancel(world.token(booking))
    clock._offset.set(clock._offset.get() + timedelta(hours=6))  # 18:00 in Paris, 21:00 there
    bring_back()
    assert again(entry).state == "waiting" and Booking.objects.filter(state="returning").count() == 1


def test_too_near_for_a_fair_answer_the_place_is_everybodys(type, agenda):
    near = world.a_slot(agenda, starts_in=timedelta(hours=1, minutes=30))
    booking = world.ask(type, near)
    entry = join(type)
    free(booking)
    assert offer_of(entry)
    other = world.a_slot(agenda, starts_in=timedelta(minutes=65))
    held = world.claim(type, other, session="s")
    second = join(type)
    actions.give_up(held, session_key="s")
    bring_back()
    assert again(second).state == "waiting" and Slot.objects.get(pk=other.pk).taken == 0


# Answering ------------------------------------------------------------------------------------------------------------------


def test_accepting_is_an_appointment(type, slot, taken):
    entry = join(type, language="en", needs={"access": "ramp"})
    free(taken)
    booking = actions.accept_offer(token(entry), offer_of(entry).pk)
    assert (booking.state, booking.email, booking.needs) == ("confirmed", entry.email, {"access": "ramp"})
    assert booking.reference and booking.convocation and booking.slot_id == slot.pk and booking.language == "en"
    assert queries.booking_by_token(world.token(booking)).pk == booking.pk
    assert again(entry).state == "booked" and Slot.objects.get(pk=slot.pk).taken == 1
    sent = OutboxMessage.objects.filter(intent__startswith=f"appointment:{booking.pk}:confirmed").get()
    assert sent.template == "appointment_confirmed" and len(sent.attachments) == 2
    # Twice is once.
    assert actions.accept_offer(token(entry), booking.offers.get().pk).reference == booking.reference
    assert OutboxMessage.objects.filter(intent__startswith=f"appointment:{booking.pk}:").count() == 1
    # And it lives on as any other.
    actions.cancel(world.token(booking))
    assert Booking.objects.get(pk=booking.pk).state == "cancelled"


def test_an_offer_is_answered_by_whom_it_was_made_to_only(type, slot, taken, noon):
    """The number of an offer is in the page: whoever waits too could send another one."""
    first = join(type)
    noon.move(minutes=1)
    second = join(type)
    free(taken)
    offer = offer_of(first)
    for act in (actions.accept_offer, actions.decline_offer):
        with pytest.raises(OfferOver):
            act(token(second), offer.pk)
    offer.refresh_from_db()
    assert offer.state == "open" and (again(first).state, again(second).state) == ("offered", "waiting")
    assert Booking.objects.get(pk=offer.booking_id).state == "offered"


def test_too_late_is_too_late_even_before_the_worker_comes(type, taken, noon):
    entry = join(type)
    free(taken)
    offer = offer_of(entry)
    noon.move(hours=4, minutes=1)
    with pytest.raises(OfferOver):
        actions.accept_offer(token(entry), offer.pk)
    with pytest.raises(OfferOver):
        actions.decline_offer(token(entry), offer.pk)
    assert Offer.objects.get().state == "open"  # a refusal writes nothing


def test_declining_keeps_the_turn_and_passes_the_place_on_at_once(type, taken, noon):
    first = join(type)
    noon.move(minutes=1)
    second = join(type)
    free(taken)
    offer = offer_of(first)
    actions.decline_offer(token(first), offer.pk)
    assert offer_of(second).booking_id == offer.booking_id
    assert (again(first).state, again(first).since) == ("waiting", first.since)
    assert actions.decline_offer(token(first), offer.pk).state == "waiting"  # twice is once
    assert mails(first) == ["waiting_joined", "waiting_offer"]


def test_the_same_place_is_not_offered_twice_to_the_same_person(type, slot, taken):
    entry = join(type)
    free(taken)
    actions.decline_offer(token(entry), offer_of(entry).pk)
    place = Booking.objects.get(state="returning")
    assert place.returns_at >= clock.now() + rules.RETURN_AFTER - timedelta(seconds=5)  # nobody can tell when
    bring_back()
    assert Slot.objects.get(pk=slot.pk).taken == 0 and again(entry).state == "waiting"


def test_no_answer_is_the_end_of_the_list_then_out_of_it(type, agenda, taken, noon):
    first = join(type)
    noon.move(minutes=1)
    second = join(type)
    free(taken)
    noon.move(hours=4, minutes=1)
    assert due.end_offers() == 1
    assert mails(first) == ["waiting_joined", "waiting_offer", "waiting_unanswered"]
    assert again(first).since > again(second).since and again(first).state == "waiting"
    assert offer_of(second)
    held = world.claim(type, world.a_slot(agenda, starts_in=timedelta(days=6)), session="s")
    actions.give_up(held, session_key="s")
    noon.move(hours=-1)
    bring_back()
    assert offer_of(first)
    noon.move(days=1)
    due.end_offers()
    assert again(first).state == "left" and mails(first)[-1] == "waiting_ended"
    assert due.end_offers() == 0


def test_an_answer_forgives_the_one_that_was_missing(type, agenda, taken, noon):
    entry = join(type)
    free(taken)
    noon.move(hours=4, minutes=1)
    due.end_offers()
    assert again(entry).unanswered == 1
    noon.move(hours=-1)
    held = world.claim(type, world.a_slot(agenda, starts_in=timedelta(days=6)), session="s")
    actions.give_up(held, session_key="s")
    bring_back()
    actions.decline_offer(token(entry), offer_of(entry).pk)
    assert again(entry).unanswered == 0


def test_an_offer_of_a_day_that_is_closed_is_taken_back_and_the_turn_kept(noon):
    agenda = world.an_agenda(desks=1)
    type = world.a_type(agenda)
    slot = Slot.objects.filter(agenda=agenda, released_at__lte=clock.now()).order_by("-starts_at").first()
    Slot.objects.filter(agenda=agenda).exclude(pk=slot.pk).delete()
    booking = world.ask(type, slot)
    entry = join(type)
    free(booking)
    offer = offer_of(entry)
    day = slot.starts_at.astimezone(agenda.zone).date()
    actions.close_days(agenda.office, day, day, by=world.OFFICER, displace=True)
    with pytest.raises(OfferOver):
        actions.accept_offer(token(entry), offer.pk)
    assert due.end_offers() == 1
    assert (again(entry).state, again(entry).unanswered, again(entry).since) == ("waiting", 0, entry.since)
    assert mails(entry)[-1] == "waiting_withdrawn" and Offer.objects.get().state == "withdrawn"
    due.give_places_back()
    assert Slot.objects.get(pk=slot.pk).taken == 0
