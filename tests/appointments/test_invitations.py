"""Somebody called to an appointment: one person, one appointment, until a date; called off, it is over."""

from datetime import timedelta

import pytest

from guichet.accounts.models import Person
from guichet.appointments import actions, keys, queries
from guichet.appointments.errors import AlreadyBooked, InvitationUsed, NotInvited, TypeNotByInvitation
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Invitation
from guichet.core import clock
from guichet.core.events import SYSTEM, Subject, timeline
from guichet.core.identifiers import hash_token
from guichet.messaging.models import OutboxMessage
from tests.appointments import world

pytestmark = pytest.mark.django_db
SOURCE = ("application", "7d9f")


@pytest.fixture
def agenda(db):
    return world.an_empty_agenda()


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, "remise", identity="invitation", confirmation_minutes=0)


@pytest.fixture
def slot(agenda):
    return world.a_slot(agenda, capacity=3)


def a_guest(**changes):
    person = Person.objects.create(
        birth_name="Haidari", first_names="Mariam", birth_date_text="1999-03-02", **changes.pop("person", {})
    )
    return actions.guest_of(person, email="mariam@example.org", language="fr")


def invite(type, guest=None, **changes):
    return actions.invite(type, changes.pop("source", SOURCE), guest or a_guest(), by=SYSTEM, **changes)


def standing(source=SOURCE):
    return queries.invitations_of_source(*source)[0]


def book(type, slot, invitation, given=None):
    held = world.claim(type, slot, session="browser", invitation=invitation)
    return actions.give_details(held, given or world.details(), session_key="browser")


# Inviting ------------------------------------------------------------------------------------------------------------------


def test_who_is_invited_is_written_to_once_with_a_link_that_no_row_holds(type):
    invitation = invite(type)
    message = OutboxMessage.objects.get(template="appointment_invitation")
    raw = message.body.split("/rdv/invitation/")[1].split("/")[0]
    assert hash_token(raw) == invitation.token_hash and raw != invitation.token_hash
    assert queries.invitation_by_token(raw) == invitation
    assert message.address == "mariam@example.org" and "Mariam Haidari" in message.body
    assert timeline(Subject(*SOURCE)).get().kind == "appointment_invited"


def test_invited_twice_for_a_source_is_invited_once(type):
    guest = a_guest()
    assert invite(type, guest) == invite(type, guest) == invite(type, guest, again=True)
    assert Invitation.objects.count() == OutboxMessage.objects.count() == 1


def test_a_reason_is_for_the_pages_of_the_person_never_for_the_mail(type):
    invitation = invite(type, reason="Votre signature manque.")
    assert invitation.reason and "signature" not in OutboxMessage.objects.get().body


def test_one_is_not_invited_to_what_everybody_may_take(agenda):
    with pytest.raises(TypeNotByInvitation):
        invite(world.a_type(agenda, "pour-tous"))


def test_a_number_of_the_registry_tells_who_is_invited_as_at_the_counter(type):
    assert invite(type, a_guest(person={"foreigner_number": "9908001001"})).person_key == keys.of_number(
        "foreigner_number", "9908001001"
    )


def test_an_invitation_made_before_the_number_was_given_is_still_that_persons(type):
    person = Person.objects.create(birth_name="Haidari", birth_date_text="1999")
    invitation = invite(type, actions.guest_of(person, email="", language="fr"))
    person.foreigner_number = "9908001001"
    assert queries.is_of_one_of(invitation, [person])
    assert not queries.is_of_one_of(invitation, [Person(birth_name="Haidari", birth_date_text="1999")])


# Using it ------------------------------------------------------------------------------------------------------------------


def test_the_name_is_that_of_the_invitation_whatever_is_typed(type, slot):
    booking = book(type, slot, invite(type), world.details(last_name="Revendeur", first_names="Jean"))
    assert (booking.first_names, booking.last_name, booking.birth_date_text) == ("Mariam", "Haidari", "1999-03-02")
    assert booking.state == State.CONFIRMED
    assert standing().state == "booked" and standing().booking == booking


def test_an_invitation_makes_one_appointment(type, slot, agenda):
    invitation = invite(type)
    first = book(type, slot, invitation)
    with pytest.raises(AlreadyBooked) as refused:
        world.claim(type, world.a_slot(agenda, starts_in=timedelta(days=8)), invitation=invitation)
    assert refused.value.booking == first


def test_one_that_was_honoured_serves_no_more_and_another_may_be_made(type, slot, agenda):
    invitation = invite(type)
    booking = book(type, slot, invitation)
    Booking.objects.filter(pk=booking.pk).update(state=State.HONOURED)
    assert standing().state == "honoured"
    with pytest.raises(InvitationUsed):
        world.claim(type, world.a_slot(agenda, starts_in=timedelta(days=8)), invitation=invitation)
    guest = a_guest()
    assert invite(type, guest) == invitation, "what calls by itself calls once"
    assert invite(type, guest, again=True) != invitation, "an officer may call again"


def test_a_form_left_unfinished_uses_nothing(type, slot):
    invitation = invite(type)
    world.claim(type, slot, session="browser", invitation=invitation)
    assert standing().is_open


def test_cancelled_it_serves_again_and_the_mail_says_so(type, slot, agenda):
    invitation = invite(type)
    booking = book(type, slot, invitation)
    actions.cancel(world.token(booking))
    assert standing().is_open
    assert keys.token_of_invitation(invitation.pk) in OutboxMessage.objects.get(template="appointment_cancelled").body
    again = book(type, world.a_slot(agenda, starts_in=timedelta(days=8)), invitation)
    assert standing().booking == again
    Invitation.objects.update(expires_at=clock.now())
    actions.cancel(world.token(again))
    last = OutboxMessage.objects.filter(template="appointment_cancelled").latest("created_at")
    assert "/rdv/invitation/" not in last.body, "it is over"


def test_missed_once_it_serves_once_more_missed_twice_the_office_decides(type, slot, agenda):
    invitation = invite(type)
    for expected in ("open", "missed"):
        booking = book(type, world.a_slot(agenda, starts_in=timedelta(days=3 if expected == "open" else 4)), invitation)
        Booking.objects.filter(pk=booking.pk).update(state=State.MISSED)
        assert standing().state == expected
    assert standing().misses == 2
    with pytest.raises(InvitationUsed):
        world.claim(type, slot, invitation=invitation)
    assert invite(type, a_guest(), again=True) != invitation


def test_past_its_date_or_for_another_type_it_opens_nothing(type, slot, agenda):
    invitation = invite(type, expires_at=clock.now() + timedelta(days=1))
    other = world.a_type(agenda, "autre", identity="invitation")
    with pytest.raises(NotInvited):
        world.claim(other, slot, invitation=invitation)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())
    invitation.refresh_from_db()
    assert standing().state == "expired"
    with pytest.raises(NotInvited):
        world.claim(type, slot, invitation=invitation)


def test_the_places_are_those_that_the_invitation_opens(type, agenda):
    reserved = world.a_slot(agenda, pool="reserved")
    invitation = invite(type, pool="reserved")
    assert world.claim(type, reserved, invitation=invitation).slot == reserved


# Calling it off ------------------------------------------------------------------------------------------------------------


def test_called_off_its_appointment_is_cancelled_and_the_person_told(type, slot):
    invitation = invite(type)
    booking = book(type, slot, invitation)
    for _twice in range(2):
        actions.withdraw_invitation(invitation, by=world.OFFICER, reason="plus nécessaire")
    booking.refresh_from_db()
    slot.refresh_from_db()
    assert booking.state == State.CANCELLED and standing().state == "withdrawn"
    body = OutboxMessage.objects.get(template="appointment_cancelled").body
    assert "plus nécessaire" in body and "/rdv/invitation/" not in body and "nouvelle demande" not in body
    kinds = list(timeline(Subject(*SOURCE)).values_list("kind", flat=True))
    assert kinds == ["appointment_invited", "appointment_taken", "appointment_given_up", "appointment_called_off"]


def test_called_off_while_the_form_is_filled_it_gives_nothing(type, slot):
    invitation = invite(type)
    held = world.claim(type, slot, session="browser", invitation=invitation)
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=clock.now())
    with pytest.raises(NotInvited):
        actions.give_details(held, world.details(), session_key="browser")
    Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=None)
    actions.withdraw_invitation(invitation, by=world.OFFICER)
    held.refresh_from_db()
    assert held.state == State.LAPSED


def test_what_was_honoured_is_not_called_off(type, slot):
    booking = book(type, slot, invite(type))
    Booking.objects.filter(pk=booking.pk).update(state=State.HONOURED)
    assert actions.withdraw_invitations(SOURCE, by=world.OFFICER) == 0
    assert standing().state == "honoured"
    other = world.a_type(booking.slot.agenda, "autre", identity="invitation")
    invite(other)
    assert actions.withdraw_invitations(SOURCE, by=world.OFFICER) == 1


def test_what_became_of_a_sources_invitations_is_read_in_two_queries(type, slot, agenda, django_assert_num_queries):
    book(type, slot, invite(type))
    with django_assert_num_queries(2):
        (only,) = queries.invitations_of_source(*SOURCE)
        assert only.booking.starts_at_local and only.invitation.type.office.name
    for number in range(3):
        other = world.a_type(agenda, f"autre-{number}", identity="invitation")
        book(other, world.a_slot(agenda, starts_in=timedelta(days=8 + number)), invite(other))
    with django_assert_num_queries(2):
        found = queries.invitations_of_source(*SOURCE)
        assert len([each.booking.starts_at_local and each.invitation.type.office.name for each in found]) == 4
