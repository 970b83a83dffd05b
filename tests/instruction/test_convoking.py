"""Appointments of an application: convoked by an officer, invited when a card is ready, called off with the decision."""

from datetime import timedelta

import pytest

from guichet.applications import inviting
from guichet.applications.moves import subject_of
from guichet.appointments import queries as appointments
from guichet.appointments.actions import give_details, withdraw_invitations
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Invitation
from guichet.core import clock, events
from guichet.instruction import actions
from guichet.instruction.actions import Invalid, NotAllowed
from guichet.messaging.models import Notification, OutboxMessage
from guichet.offices.actions import load_offices
from guichet.offices.models import Office
from guichet.permits.models import Handover
from tests.appointments import world as rdv
from tests.permits import protection
from tests.permits import world as protected

pytestmark = pytest.mark.django_db
REASON = "Nous avons besoin de voir votre passeport."


@pytest.fixture
def agenda(world):
    return rdv.an_empty_agenda(office=world.office)


@pytest.fixture
def by_invitation(agenda):
    return rdv.a_type(agenda, "convocation", identity="invitation", confirmation_minutes=0)


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


@pytest.fixture
def application(world, agent):
    found = world.deposited()
    actions.take_up(found, agent)
    return found


def standings(application):
    return [each.state for each in appointments.invitations_of_source(*subject_of(application))]


def booked(agenda, invitation):
    slot = rdv.a_slot(agenda, starts_in=timedelta(days=6 + invitation.pk))
    held = rdv.claim(invitation.type, slot, session="browser", invitation=invitation)
    return give_details(held, rdv.details(), session_key="browser")


# An officer convokes --------------------------------------------------------------------------------------------------------


def test_convoking_invites_tells_and_is_recorded(application, agent, by_invitation):
    invitation = actions.convoke(application, agent, by_invitation.pk, f" {REASON} ")
    assert (invitation.reason, invitation.display_name) == (REASON, "Amadou Diallo")
    assert standings(application) == ["open"]
    event = events.timeline(subject_of(application)).get(kind="appointment_invited")
    assert event.actor_id == str(agent.pk) and event.visible
    told = Notification.objects.get(data__what=inviting.INVITED)
    assert told.account == application.filed_by
    mail = OutboxMessage.objects.get(template="appointment_invitation")
    assert mail.address == application.filed_by.email and REASON not in mail.body
    assert not OutboxMessage.objects.filter(template="notification").exists(), "one mail is enough"


def test_a_person_without_an_address_is_told_on_the_site(world, agent, by_invitation):
    account = world.account(language="en")
    account.email = ""
    account.save()
    application = world.deposited(account=account)
    actions.convoke(application, agent, by_invitation.pk, REASON)
    assert Notification.objects.filter(data__what=inviting.INVITED).count() == 1
    assert not OutboxMessage.objects.filter(template="appointment_invitation").exists()


def test_convoking_again_while_it_stands_changes_nothing(application, agent, by_invitation, agenda):
    first = actions.convoke(application, agent, by_invitation.pk, REASON)
    assert actions.convoke(application, agent, by_invitation.pk, "Autre chose.") == first
    booked(agenda, first)
    assert actions.convoke(application, agent, by_invitation.pk, "Autre chose.") == first
    Booking.objects.update(state=State.HONOURED)
    assert actions.convoke(application, agent, by_invitation.pk, "Encore.") != first
    assert standings(application) == ["open", "honoured"]


TYPED = [(0, REASON, "type"), (None, "  ", "reason"), (None, "x" * 1001, "reason")]


@pytest.mark.parametrize(("type_id", "reason", "field"), TYPED)
def test_what_is_missing_is_named(application, agent, by_invitation, type_id, reason, field):
    with pytest.raises(Invalid) as refused:
        actions.convoke(application, agent, by_invitation.pk if type_id is None else type_id, reason)
    assert refused.value.field == field


def test_only_to_what_its_own_office_opens_by_invitation(world, application, agent, agenda):
    elsewhere = rdv.a_type(rdv.an_empty_agenda(office=world.other_office), "ailleurs", identity="invitation")
    public = rdv.a_type(agenda, "pour-tous")
    for type in (elsewhere, public):
        with pytest.raises(Invalid):
            actions.convoke(application, agent, type.pk, REASON)


def test_who_may_not_instruct_may_not_convoke(world, application, by_invitation):
    for officer in (world.officers["reception"], world.elsewhere, world.nobody):
        with pytest.raises(NotAllowed):
            actions.convoke(application, officer, by_invitation.pk, REASON)


def test_calling_off_cancels_what_was_booked(application, agent, by_invitation, agenda):
    invitation = actions.convoke(application, agent, by_invitation.pk, REASON)
    booking = booked(agenda, invitation)
    for _twice in range(2):
        actions.call_off(application, agent, invitation.pk)
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED and standings(application) == ["withdrawn"]
    assert OutboxMessage.objects.filter(template="appointment_cancelled").count() == 1
    assert Notification.objects.filter(data__what="appointment_called_off").count() == 1


def test_an_invitation_of_another_application_is_not_called_off(world, application, agent, by_invitation):
    other = world.deposited()
    invitation = actions.convoke(other, agent, by_invitation.pk, REASON)
    actions.call_off(application, agent, invitation.pk)
    assert standings(other) == ["open"]


# The decision ---------------------------------------------------------------------------------------------------------------


def test_a_refusal_calls_off_without_saying_what_was_decided(application, agent, by_invitation, agenda):
    booking = booked(agenda, actions.convoke(application, agent, by_invitation.pk, REASON))
    actions.propose_decision(
        application, agent, "refusal", motivation="Les conditions ne sont pas réunies, en droit et en fait."
    )
    booking.refresh_from_db()
    assert booking.state == State.CANCELLED
    body = OutboxMessage.objects.get(template="appointment_cancelled").body.lower()
    assert "plus nécessaire" in body and "refus" not in body and "décision" not in body


def test_a_favourable_decision_keeps_the_appointment(application, agent, by_invitation, agenda):
    booked(agenda, actions.convoke(application, agent, by_invitation.pk, REASON))
    approve(application, agent)
    assert standings(application) == ["booked"]


def approve(application, agent):
    day = clock.today()
    actions.propose_decision(
        application,
        agent,
        "favourable",
        permit_kind="Carte de séjour temporaire",
        valid_from=day,
        valid_until=day + timedelta(days=364),
    )


# A card is ready ------------------------------------------------------------------------------------------------------------


def test_a_card_that_has_arrived_is_told_once_and_invites_to_collect_it(world, application, agent, agenda):
    collect = rdv.a_type(agenda, "remise-de-titre", identity="invitation", confirmation_minutes=0)
    with pytest.raises(NotAllowed):
        actions.announce_permit(application, agent)
    approve(application, agent)
    for officer in (agent, world.officers["reception"]):
        actions.announce_permit(application, officer)
    assert Handover.objects.get().office == world.office
    assert Invitation.objects.get().type == collect
    assert Notification.objects.get(data__what="permit_ready").account == application.filed_by
    assert OutboxMessage.objects.filter(template="appointment_invitation").count() == 1


def test_where_the_office_gives_no_appointment_to_collect_the_person_waits_for_a_word(application, agent, world):
    approve(application, agent)
    actions.announce_permit(application, agent)
    assert not Invitation.objects.exists()
    assert Notification.objects.filter(data__what="permit_ready_wait").count() == 1


# The deposit ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def protection_office(db):
    load_offices()
    return Office.objects.get(slug="saint-etienne")


def test_the_deposit_invites_to_what_the_procedure_calls_for(protection_office):
    rdv.a_type(rdv.an_empty_agenda(office=protection_office), "protection-internationale", identity="invitation")
    application = protection.a_deposit(protected.person("9908001001"))
    invitation = Invitation.objects.get()
    assert (invitation.source_kind, invitation.source_id) == subject_of(application)
    assert (invitation.first_names, invitation.last_name, invitation.birth_date_text) == ("Mariam", "Haidari", "1999-05-12")
    assert Notification.objects.filter(data__what=inviting.INVITED).count() == 1
    assert inviting.invite(application, application.filed_by) == invitation


@pytest.mark.parametrize("identity", ["none", None])
def test_where_the_office_does_not_open_it_nothing_stops_the_deposit(protection_office, identity):
    if identity:
        rdv.a_type(rdv.an_empty_agenda(office=protection_office), "protection-internationale", identity=identity)
    assert protection.a_deposit(protected.person("9908001001")).number
    assert not Invitation.objects.exists()


def test_taken_up_again_after_a_closing_the_person_is_invited_again(protection_office):
    type = rdv.a_type(rdv.an_empty_agenda(office=protection_office), "protection-internationale", identity="invitation")
    application = protection.a_deposit(protected.person("9908001001"))
    withdraw_invitations(subject_of(application), by=events.SYSTEM)
    assert standings(application) == ["withdrawn"]
    assert inviting.invite(application, application.filed_by).type == type
    assert standings(application) == ["open", "withdrawn"]
