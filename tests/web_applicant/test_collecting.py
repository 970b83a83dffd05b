"""An application whose card is ready, its decision read or not: what to do first is said, and neither waits for the other."""

import html

import pytest
from django.test import Client

from guichet.appointments.actions import check_in
from guichet.appointments.models import Booking, Invitation
from guichet.instruction import actions
from guichet.instruction.models import Decision
from tests.appointments import world as rdv
from tests.appointments.draw_world import after
from tests.instruction import world as worlds
from tests.instruction.test_convoking import approve, booked
from tests.typography import keyboard

pytestmark = pytest.mark.django_db
MADE = "Votre titre va être fabriqué"
ARRIVED = "Votre titre de séjour est arrivé"


@pytest.fixture
def world(db):
    return worlds.build()


@pytest.fixture
def agent(world):
    return world.officers["case_officer"]


@pytest.fixture
def agenda(world):
    return rdv.an_empty_agenda(office=world.office)


@pytest.fixture
def collection(agenda):
    return rdv.a_type(agenda, "remise-de-titre", name_fr="Remise des titres", identity="invitation", confirmation_minutes=0)


@pytest.fixture
def application(world, agent):
    found = world.deposited()
    actions.take_up(found, agent)
    return found


@pytest.fixture
def granted(application, agent):
    approve(application, agent)
    application.refresh_from_db()
    return application


def read(application):
    return actions.open_decision(Decision.objects.get(application=application), application.filed_by)


def page(application):
    browser = Client(headers={"Accept-Language": "fr"})
    browser.force_login(application.filed_by)
    answer = browser.get(f"/demandes/{application.number}/")
    assert answer.status_code == 200
    return keyboard(html.unescape(answer.content.decode()))


def anchor():
    return f'href="#rendez-vous-{Invitation.objects.get().pk}"'


def test_a_card_ready_before_its_decision_was_read_says_both_in_order_and_neither_waits(granted, agent, collection):
    actions.announce_permit(granted, agent)
    said = page(granted)
    assert "Deux actions vous attendent" in said and "sans attendre" in said
    assert said.index("Lire la décision") < said.index("choisissez aussi la date") < said.index("Prendre rendez-vous")
    assert anchor() in said and MADE not in said and "Une action vous attend" not in said


def test_the_decision_read_the_date_is_what_is_left(granted, agent, collection):
    actions.announce_permit(granted, agent)
    read(granted)
    said = page(granted)
    assert "Une action vous attend" in said and ARRIVED in said and anchor() in said
    assert MADE not in said and "Et maintenant ?" not in said and "Et pour le reste" not in said


def test_a_date_taken_before_the_decision_was_read_is_kept_and_said(granted, agent, agenda, collection):
    actions.announce_permit(granted, agent)
    booking = booked(agenda, Invitation.objects.get())
    sealed = page(granted)
    assert "Une action vous attend" in sealed and "Lire la décision" in sealed and booking.reference in sealed
    read(granted)
    said = page(granted)
    assert "Venez le chercher à votre rendez-vous" in said and "Une action vous attend" not in said and MADE not in said


def test_who_was_received_is_told_what_to_do_without_the_card(granted, agent, agenda, collection):
    actions.announce_permit(granted, agent)
    booking = booked(agenda, Invitation.objects.get())
    read(granted)
    with after(booking.slot.starts_at):
        check_in(Booking.objects.get(pk=booking.pk), granted.office, rdv.OFFICER)
    said = page(granted)
    assert "Vous avez été reçu pour retirer" in said and MADE not in said


def test_where_no_appointment_is_given_the_card_is_said_to_be_there(granted, agent):
    actions.announce_permit(granted, agent)
    read(granted)
    said = page(granted)
    assert "Attendez son message" in said and MADE not in said


def test_before_the_card_is_ready_nothing_changes(granted, collection):
    read(granted)
    said = page(granted)
    assert MADE in said and "Et maintenant ?" in said and ARRIVED not in said


def test_an_appointment_during_the_review_is_an_action_and_the_rest_is_said_apart(application, agent, agenda):
    type = rdv.a_type(agenda, "convocation", name_fr="Entretien", identity="invitation", confirmation_minutes=0)
    actions.convoke(application, agent, type.pk, "Nous avons besoin de voir votre passeport.")
    said = page(application)
    assert "Choisissez la date de ce rendez-vous : Entretien." in said and anchor() in said
    assert said.index("Une action vous attend") < said.index("Et pour le reste de la demande ?") < said.index("Date à retenir")
