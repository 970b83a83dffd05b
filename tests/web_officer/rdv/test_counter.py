"""Taking an appointment for somebody who stands at the counter."""

from datetime import timedelta

import pytest
from django.urls import reverse

from guichet.appointments import queries
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Slot
from guichet.core.dates import PartialDate
from tests.appointments import world
from tests.web_officer.rdv.doing import read, typed

pytestmark = pytest.mark.django_db


def test_an_appointment_is_taken_at_the_counter_in_any_pool(agenda, type, office, reception):
    slot = world.a_slot(agenda, pool="agents", starts_in=timedelta(hours=1))
    assert type.name in read(reception.get(reverse("officer:rdv_types")))
    week = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,))))
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    assert url in week and "réservée" in week and "11:00" in week
    assert "place réservée" in read(reception.get(url))
    answer = reception.post(url, typed(access="ascenseur"), follow=True)
    booking = Booking.objects.get()
    assert booking.reference in read(answer) and "Imprimer la convocation" in read(answer)
    assert booking.state == State.CONFIRMED and booking.needs == {"access": "ascenseur"} and booking.email == ""
    assert Slot.objects.get(pk=slot.pk).taken == 1


def test_a_form_sent_twice_at_the_counter_is_one_appointment(agenda, type, reception):
    slot = world.a_slot(agenda, capacity=3)
    given = typed()
    for _ in range(2):
        read(reception.post(reverse("officer:rdv_book", args=(type.slug, slot.pk)), given, follow=True))
    assert Booking.objects.count() == 1


def test_a_homonym_is_booked_once_the_officer_has_looked(agenda, type, reception):
    slot = world.a_slot(agenda, capacity=3)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    reception.post(url, typed())
    text = read(reception.post(url, typed()), 422)
    assert "a déjà un rendez-vous de ce type" in text and 'name="homonym"' in text
    assert Booking.objects.get().reference in text
    for _ in range(2):
        reception.post(url, typed(homonym="on"))
    assert Booking.objects.count() == 3


def test_errors_at_the_counter_are_told_and_nothing_is_lost(agenda, type, reception):
    slot = world.a_slot(agenda)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    text = read(reception.post(url, typed(last_name="", birth_date_year="")), 422)
    assert 'id="erreurs"' in text and 'value="Maria"' in text
    assert not Booking.objects.exists()


def test_a_slot_that_went_meanwhile_leads_back_to_the_week(agenda, type, reception):
    slot = world.a_slot(agenda)
    world.ask(type, slot)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    assert "plus libre" in read(reception.get(url, follow=True))
    assert "Cette plage vient d'être prise" in read(reception.post(url, typed(), follow=True))


def test_students_are_known_by_ine_at_the_counter_too(agenda, reception):
    type = world.a_type(agenda, "etudiants", identity="student", confirmation_minutes=0)
    slot = world.a_slot(agenda, capacity=3)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    assert 'name="number"' in read(reception.get(url))
    reception.post(url, typed(number="1234567890 a"))
    assert Booking.objects.get().person_key == queries.key_of_number("ine", "1234567890A")
    text = read(reception.post(url, typed(number="1234567890A", last_name="Autre")), 422)
    assert "a déjà un rendez-vous" in text and 'name="homonym"' not in text


def test_types_and_slots_of_elsewhere_do_not_exist(agenda, type, reception):
    far = world.an_empty_agenda()
    theirs = world.a_type(far, "ailleurs")
    assert reception.get(reverse("officer:rdv_slots", args=(theirs.slug,))).status_code == 404
    slot = world.a_slot(far)
    reception.post(reverse("officer:rdv_book", args=(type.slug, slot.pk)), typed())
    assert not Booking.objects.exists()


def test_the_counter_says_when_nothing_is_free(agenda, type, reception):
    text = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,))))
    assert "Aucune plage libre cette semaine" in text and "Rien n'est libre" in text
    slot = world.a_slot(agenda, starts_in=timedelta(days=14))
    text = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,)), {"semaine": "2026-W48"}))
    assert "Aller à la première plage libre" in text and slot.pk
    assert "Semaine du 7 décembre" in read(reception.get(reverse("officer:rdv_slots", args=(type.slug,))))
    for nonsense in ("2026-W99", "x", "0000-W01"):
        read(reception.get(reverse("officer:rdv_slots", args=(type.slug,)), {"semaine": nonsense}))


def test_somebody_without_a_sure_birth_date_or_with_one_name_is_booked(agenda, type, reception):
    slot = world.a_slot(agenda)
    given = typed(first_names="", single_name="on", birth_date_day="", birth_date_month="", birth_date_unknown="1")
    reception.post(reverse("officer:rdv_book", args=(type.slug, slot.pk)), given)
    booking = Booking.objects.get()
    assert booking.birth_date == PartialDate(1990) and booking.display_name == "Lopez"
