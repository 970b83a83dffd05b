"""Cancelling and moving for somebody at the counter or on the telephone."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from guichet.appointments import actions, queries
from guichet.appointments.models import Booking, Slot
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.contracts.world import an_officer
from tests.typography import keyboard
from tests.web_officer.conftest import browser_of
from tests.web_officer.rdv.doing import BY, booked, read

pytestmark = pytest.mark.django_db


def url(name, booking, *more):
    return reverse(f"officer:{name}", args=(booking.pk, *more))


def mail_of_cancelling():
    return keyboard(OutboxMessage.objects.get(template="appointment_cancelled").body)


@pytest.mark.parametrize(
    ("why", "told"), [("asked", "comme vous l'avez demandé"), ("office", "le bureau ne peut pas vous recevoir à cette date")]
)
def test_an_officer_cancels_and_the_mail_says_who_wanted_it(agenda, type, reception, why, told):
    booking = booked(agenda, type)
    page = read(reception.get(url("rdv_booking", booking)))
    assert url("rdv_cancel", booking) in page and url("rdv_move", booking) in page
    asked = read(reception.get(url("rdv_cancel", booking)))
    assert booking.display_name in asked and 'name="whom"' not in asked
    assert 'id="erreurs"' in read(reception.post(url("rdv_cancel", booking), {}), 422)
    for _ in range(2):
        text = read(reception.post(url("rdv_cancel", booking), {"why": why}, follow=True))
    booking.refresh_from_db()
    assert booking.state == "cancelled" and "Annulé" in text
    assert told in mail_of_cancelling()
    assert url("rdv_cancel", booking) not in text


def test_what_has_begun_is_neither_cancelled_nor_moved(agenda, type, reception, clock):
    booking = booked(agenda, type)
    free = world.a_slot(agenda, starts_in=timedelta(hours=3))
    clock.shift(timedelta(minutes=31))
    assert url("rdv_cancel", booking) not in read(reception.get(url("rdv_booking", booking)))
    for name, more in (("rdv_cancel", ()), ("rdv_move", ()), ("rdv_move_to", (free.pk,))):
        assert "ne se change plus" in read(reception.get(url(name, booking, *more), follow=True))
    reception.post(url("rdv_cancel", booking), {"why": "asked"})
    reception.post(url("rdv_move_to", booking, free.pk))
    booking.refresh_from_db()
    assert booking.state == "confirmed" and booking.slot_id != free.pk


def test_an_officer_moves_whatever_the_type_says_and_the_old_paper_is_void(agenda, office, reception):
    type = world.a_type(agenda, confirmation_minutes=0, may_move=False)
    booking = booked(agenda, type)
    before = booking.convocation
    reserved = world.a_slot(agenda, pool="agents", starts_in=timedelta(hours=2))
    week = read(reception.get(url("rdv_move", booking)))
    assert url("rdv_move_to", booking, reserved.pk) in week
    asked = read(reception.get(url("rdv_move_to", booking, reserved.pk)))
    assert "de 12:00 à 12:30" in asked and "place réservée" in asked
    for _ in range(2):
        text = read(reception.post(url("rdv_move_to", booking, reserved.pk), follow=True))
    booking.refresh_from_db()
    assert booking.slot_id == reserved.pk and booking.moves == 1 and booking.convocation != before
    assert "l'ancienne ne vaut plus" in text
    full = world.a_slot(agenda, starts_in=timedelta(hours=4))
    world.ask(type, full)
    assert "n'est plus libre" in read(reception.get(url("rdv_move_to", booking, full.pk), follow=True))
    assert "Cette plage vient d'être prise" in read(reception.post(url("rdv_move_to", booking, full.pk), follow=True))


def test_those_who_come_together_move_together_and_one_of_them_may_be_cancelled(agenda, reception):
    type = world.a_type(agenda, confirmation_minutes=0, party_max=3)
    slot = world.a_slot(agenda, starts_in=timedelta(minutes=30), capacity=2)
    narrow = world.a_slot(agenda, starts_in=timedelta(hours=2))
    wide = world.a_slot(agenda, starts_in=timedelta(hours=3), capacity=2)
    first = actions.book_at_counter(
        BY, type, slot.pk, world.details(), request_key=uuid.uuid4(), others=[(world.details(email=""), 0)]
    )
    second = queries.others_of([first])[first.pk][0]
    week = read(reception.get(url("rdv_move", second)))
    assert url("rdv_move_to", second, wide.pk) in week and url("rdv_move_to", second, narrow.pk) not in week
    reception.post(url("rdv_move_to", second, wide.pk))
    assert set(Booking.objects.filter(party=first).values_list("slot", flat=True)) == {wide.pk}
    assert 'name="whom"' in read(reception.get(url("rdv_cancel", second)))
    assert 'id="erreurs"' in read(reception.post(url("rdv_cancel", second), {"why": "asked"}), 422)
    reception.post(url("rdv_cancel", second), {"why": "asked", "whom": "one"})
    assert list(Booking.objects.filter(party=first).order_by("pk").values_list("state", flat=True)) == [
        "confirmed",
        "cancelled",
    ]
    third = booked(agenda, type, starts_in=timedelta(hours=5))
    assert 'name="whom"' not in read(reception.get(url("rdv_cancel", third)))


def test_all_who_come_together_are_cancelled_at_once(agenda, reception):
    type = world.a_type(agenda, confirmation_minutes=0, party_max=3)
    slot = world.a_slot(agenda, starts_in=timedelta(minutes=30), capacity=2)
    first = actions.book_at_counter(
        BY, type, slot.pk, world.details(), request_key=uuid.uuid4(), others=[(world.details(email=""), 0)]
    )
    reception.post(url("rdv_cancel", first), {"why": "asked", "whom": "all"})
    assert set(Booking.objects.filter(party=first).values_list("state", flat=True)) == {"cancelled"}
    assert OutboxMessage.objects.filter(template="appointment_cancelled").count() == 1


def test_nobody_changes_the_appointments_of_another_office(agenda, type, reception):
    booking, free = booked(agenda, type), world.a_slot(agenda, starts_in=timedelta(hours=3))
    stranger = browser_of(an_officer("reception", world.an_office()).account)
    for name, more in (("rdv_cancel", ()), ("rdv_move", ()), ("rdv_move_to", (free.pk,))):
        assert stranger.get(url(name, booking, *more)).status_code == 404
    assert stranger.post(url("rdv_cancel", booking), {"why": "asked"}).status_code == 404
    assert stranger.post(url("rdv_move_to", booking, free.pk)).status_code == 404
    elsewhere = world.a_slot(world.an_empty_agenda(), starts_in=timedelta(hours=3))
    reception.post(url("rdv_move_to", booking, elsewhere.pk))
    booking.refresh_from_db()
    assert booking.state == "confirmed" and booking.slot_id not in (free.pk, elsewhere.pk)
    assert Slot.objects.get(pk=elsewhere.pk).taken == 0


@pytest.mark.parametrize(
    ("phone", "why", "told"),
    [
        ("+33612345678", "office", "appelez-la au +33 6 12 34 56 78."),
        ("", "office", "ni adresse électronique ni téléphone"),
        ("+33612345678", "asked", "Rien n'est envoyé : la personne n'a pas d'adresse électronique."),
    ],
)
def test_who_has_no_mail_is_told_by_the_officer(agenda, type, reception, phone, why, told):
    booking = booked(agenda, type, email="", phone=phone)
    asked = read(reception.get(url("rdv_cancel", booking)))
    assert "rien ne lui est envoyé" in asked and "Le courriel à la personne le dit." not in asked
    assert ("+33 6 12 34 56 78" in asked) == bool(phone)
    assert told in read(reception.post(url("rdv_cancel", booking), {"why": why}, follow=True))
    assert not OutboxMessage.objects.exists()
