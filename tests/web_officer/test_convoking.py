"""The officers' page of an application's appointments: convoking, calling off, a card that has arrived."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.applications import words
from guichet.applications.moves import subject_of
from guichet.applications.queries import timeline
from guichet.appointments import actions as rdv_actions
from guichet.appointments import lifecycle
from guichet.appointments import queries as appointments
from guichet.appointments.actions import give_details
from guichet.appointments.errors import Full
from guichet.appointments.models import Invitation
from guichet.core.events import Actor
from guichet.instruction import actions
from guichet.permits.models import Handover
from guichet.web.officer import words as officer_words
from guichet.web.officer.rdv.words import needs_of
from tests.appointments import world as rdv
from tests.instruction.test_convoking import approve
from tests.typography import keyboard

pytestmark = pytest.mark.django_db
REASON = "Nous devons voir votre passeport."


def text_of(response):
    return keyboard(response.content.decode()).replace("&#x27;", "'")


@pytest.fixture
def agenda(world):
    return rdv.an_empty_agenda(office=world.office)


@pytest.fixture
def by_invitation(agenda):
    return rdv.a_type(agenda, "convocation", identity="invitation", confirmation_minutes=0, name_fr="Entretien")


@pytest.fixture
def sheet(application, agent, browse, by_invitation):
    client = browse(agent)
    address = reverse("officer:file_appointments", args=[application.number])
    return client, address


def convoke(sheet, type, reason=REASON):
    client, address = sheet
    return client.post(address, {"act": "convoke", "type": type.pk, "reason": reason})


def state_of(application):
    return appointments.invitations_of_source(*subject_of(application))[0].state


def book(agenda, days=6):
    invitation = Invitation.objects.latest("pk")
    held = rdv.claim(invitation.type, rdv.a_slot(agenda, starts_in=timedelta(days=days)), session="s", invitation=invitation)
    return give_details(held, rdv.details(), session_key="s")


def test_convoked_then_booked_then_called_off(sheet, application, by_invitation, agenda):
    client, address = sheet
    assert "n'a été invitée à aucun rendez-vous" in text_of(client.get(address))
    assert convoke(sheet, by_invitation).url == address
    page = text_of(client.get(address))
    for said in ("Entretien", "Invité, date à choisir", REASON, "Retirer l'invitation"):
        assert said in page, said
    booking = book(agenda)
    page = text_of(client.get(address))
    assert booking.reference in page and f"{booking.starts_at_local:%H:%M}" in page and "et annuler le rendez-vous" in page
    review = text_of(client.get(reverse("officer:review", args=[application.number])))
    assert booking.reference in review and address in review and "Personne invitée à un rendez-vous" in review
    asked = text_of(client.get(address, {"retirer": booking.invitation_id}))
    assert "Oui, retirer et annuler" in asked and "Oui, retirer" not in page, "nothing is called off by one press"
    assert state_of(application) == "booked"
    client.post(address, {"act": "call_off", "invitation": booking.invitation_id})
    assert state_of(application) == "withdrawn"
    assert "Invitation retirée" in text_of(client.get(address))


def test_what_becomes_of_the_appointment_is_in_the_timeline(sheet, application, agent, by_invitation, agenda):
    by = Actor("officer", str(agent.account.pk))
    convoke(sheet, by_invitation)
    booking = book(agenda)
    rdv_actions.reschedule(booking, rdv.a_slot(agenda, starts_in=timedelta(days=7)).pk)
    rdv_actions.cancel(rdv.token(booking))
    booking = book(agenda, days=8)
    with time_machine.travel(booking.slot.starts_at, tick=False):
        rdv_actions.check_in(booking, agenda.office, by)
        rdv_actions.undo_check_in(booking, by)
        rdv_actions.mark_missed(booking, by)
        rdv_actions.check_in(booking, agenda.office, by)
    told = [entry.kind for entry in timeline(application)]
    taken = "appointment_taken"
    came = ["appointment_attended", "appointment_not_attended", "appointment_missed_by_person", "appointment_attended"]
    assert told[told.index(taken) :] == [taken, "appointment_changed", "appointment_given_up", taken, *came]
    assert set(lifecycle.TOLD_TO_SOURCE.values()) <= set(words.EVENTS) & set(officer_words.ACTS)
    client, _address = sheet
    review = text_of(client.get(reverse("officer:review", args=[application.number])))
    assert "Date du rendez-vous changée" in review and "Rendez-vous manqué" in review


def test_the_appointment_of_the_day_leads_to_its_application(sheet, application, by_invitation, agenda):
    convoke(sheet, by_invitation)
    booking = book(agenda)
    client, _address = sheet
    page = text_of(client.get(reverse("officer:rdv_booking", args=[booking.pk])))
    assert reverse("officer:review", args=[application.number]) in page
    other = rdv.a_type(agenda, "autre", confirmation_minutes=0)
    alone = rdv.ask(other, rdv.a_slot(agenda))
    assert "/agents/dossiers/5" not in text_of(client.get(reverse("officer:rdv_booking", args=[alone.pk])))


def with_reserved_places(agenda, *pools):
    for pool in pools:
        agenda.hours.create(weekday=0, opens=time(9), closes=time(10), desks=1, pool=pool)


def test_the_officer_invites_to_reserved_places_where_the_type_has_some(sheet, application, agenda, by_invitation):
    client, address = sheet
    assert 'name="pool"' not in text_of(client.get(address))
    with_reserved_places(agenda, "expiring", "officers")
    page = text_of(client.get(address))
    assert "Réservées : Les titres qui se terminent bientôt" in page
    assert "Les agents, au guichet" not in page, "these are given at the counter, as the office publishes"
    asked = {"act": "convoke", "type": by_invitation.pk, "reason": REASON}
    assert client.post(address, {**asked, "pool": "officers"}).status_code == 422
    client.post(address, {**asked, "pool": "expiring"})
    invitation = Invitation.objects.get()
    assert invitation.pool == "expiring"
    assert "Sur des places réservées : Les titres qui se terminent bientôt" in text_of(client.get(address))
    public, kept = (rdv.a_slot(agenda, starts_in=timedelta(days=6), pool=pool) for pool in ("public", "expiring"))
    with pytest.raises(Full):
        rdv.claim(by_invitation, public, session="s", invitation=invitation)
    assert rdv.claim(by_invitation, kept, session="s", invitation=invitation).slot == kept


def test_reserved_places_of_one_type_are_not_those_of_another(sheet, application, agenda, by_invitation):
    client, address = sheet
    other_agenda = rdv.an_empty_agenda(office=agenda.office, slug="autre")
    with_reserved_places(other_agenda, "expiring")
    rdv.a_type(other_agenda, "autre", identity="invitation", confirmation_minutes=0)
    asked = {"act": "convoke", "type": by_invitation.pk, "reason": REASON, "pool": "expiring"}
    answer = client.post(address, asked)
    assert answer.status_code == 422 and "n'a pas de places réservées de cette sorte" in text_of(answer)
    assert not Invitation.objects.exists()


def test_what_is_missing_is_said_and_kept(sheet, application, by_invitation):
    client, address = sheet
    answer = convoke(sheet, by_invitation, reason="")
    assert answer.status_code == 422 and "selected" in text_of(answer)
    answer = client.post(address, {"act": "convoke", "type": "", "reason": REASON})
    assert answer.status_code == 422 and REASON in text_of(answer)
    assert not Invitation.objects.exists()
    client.post(address, {"act": "call_off", "invitation": "x"})
    client.post(address, {"act": "autre"})


def test_read_in_english_nothing_is_done_and_what_is_typed_stays(sheet, by_invitation):
    client, address = sheet
    answer = client.post(address, {"act": "convoke", "type": by_invitation.pk, "reason": REASON, "_language": "en"})
    assert "Call the person in" in text_of(answer) and REASON in text_of(answer)
    assert not Invitation.objects.exists()


def test_a_card_that_has_arrived_is_noted_once_the_decision_is_favourable(sheet, application, agent, agenda):
    rdv.a_type(agenda, "remise-de-titre", identity="invitation", name_fr="Remise")
    client, address = sheet
    assert "Le titre est arrivé" not in text_of(client.get(address))
    approve(application, agent)
    assert "prévenir la personne" in text_of(client.get(address))
    for _twice in range(2):
        client.post(address, {"act": "announce_permit"})
    page = text_of(client.get(address))
    assert Handover.objects.count() == 1 and "Le titre est arrivé le" in page and "prévenir la personne" not in page
    assert "Remise" in page


def test_reception_reads_and_does_not_convoke(world, sheet, application, browse, by_invitation):
    _client, address = sheet
    client = browse(world.officers["reception"])
    page = text_of(client.get(address))
    assert "Convoquer la personne" not in page
    assert client.post(address, {"act": "convoke", "type": by_invitation.pk, "reason": REASON}).status_code == 403


def test_the_page_reads_as_much_with_one_invitation_as_with_several(sheet, application, agent, by_invitation, agenda):
    client, address = sheet
    convoke(sheet, by_invitation)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(3):
        other = rdv.a_type(agenda, f"autre-{number}", identity="invitation", confirmation_minutes=0)
        actions.convoke(application, agent, other.pk, REASON)
        book(agenda, days=7 + number) if number == 0 else None
    with CaptureQueriesContext(connection) as several:
        client.get(address)
    assert len(several) == len(one)


def test_the_day_says_what_a_student_comes_for(agenda):
    type = rdv.a_type(agenda, "etudiants", identity="student", confirmation_minutes=0)
    held = rdv.claim(type, rdv.a_slot(agenda), session="s", person_key="k" * 64)
    booking = give_details(held, rdv.details(situation="renewal", needs={"interpreter": "dari"}), session_key="s")
    assert [keyboard(line) for line in needs_of(booking)] == [
        "Situation : Renouveler ma carte de séjour étudiant",
        "Interprète : dari",
    ]
