"""Closing days: whom it concerns is shown first, these people are told and offered another slot, days open again."""

from datetime import timedelta

import pytest

from guichet.appointments import actions, queries
from guichet.appointments.models import Booking, Closure, Slot
from guichet.core import clock
from guichet.core.events import SYSTEM
from guichet.messaging.models import OutboxMessage
from tests.appointments import world as appointments
from tests.web_officer.agendas_world import read, value_of

pytestmark = pytest.mark.django_db
PAGE = "/agents/agendas/essai/fermetures/"


def day_of(booking):
    return queries.booking_of(booking.pk).starts_at_local.date()


def sent(first, last=None, **changes):
    parts = {"first_day": first, "last_day": last}
    days = {
        f"{name}_{part}": str(getattr(day, part)) if day else ""
        for name, day in parts.items()
        for part in ("day", "month", "year")
    }
    return {"agenda": "", "reason": "Grève.", "action": "preview", **days, **changes}


def test_what_closes_and_whom_it_concerns_is_shown_before(chief, asked):
    response = chief.post(PAGE, sent(day_of(asked)))
    page = read(response)
    assert "Traoré" in page and asked.reference in page and "Fermer et prévenir 1 personne" in page
    assert "6 plages disparaissent" in page and "Rien n'est encore enregistré." in page
    assert value_of(response, "seen") == str(asked.pk) and value_of(response, "reason") == "Grève."
    assert not Closure.objects.exists() and not OutboxMessage.objects.filter(template="appointment_withdrawn").exists()


def test_closed_the_person_is_told_and_chooses_another_slot_by_the_link(chief, asked, client):
    day = day_of(asked)
    response = chief.post(PAGE, sent(day, action="close", seen=[str(asked.pk)]), follow=True)
    assert "1 personne est prévenue par courriel et choisit une autre plage." in response.content.decode()
    assert "Tout le bureau" in read(response) and "Grève." in read(response)
    mail = OutboxMessage.objects.get(template="appointment_withdrawn")
    assert mail.address == "awa@example.org" and "Grève." in mail.body
    assert not Slot.objects.filter(starts_at__date=day, withdrawn_at__isnull=True).exists()
    client.get(f"/rdv/demande/{appointments.token(asked)}/")
    mine = read(client.get("/rdv/demande/"))
    assert "Le bureau ne reçoit plus le" in mine and "Choisir une autre date" in mine
    free = queries.first_free(asked.type)
    actions.reschedule(Booking.objects.get(pk=asked.pk), free.pk)
    moved = queries.booking_of(asked.pk)
    assert moved.starts_at_local.date() != day and not moved.must_move and moved.reference == asked.reference


def test_closing_without_having_seen_the_people_is_not_closing(chief, asked):
    response = chief.post(PAGE, sent(day_of(asked), action="close"))
    assert response.status_code == 200 and "Traoré" in read(response) and "Décidez du sort" in read(response)
    assert not Closure.objects.exists()


@pytest.mark.parametrize("seen", ["9" * 5000, "²", "-1", "x", "", "0"])
def test_what_was_seen_is_read_as_numbers_whatever_is_sent(chief, asked, seen):
    response = chief.post(PAGE, sent(day_of(asked), action="close", seen=[seen]))
    assert response.status_code == 200 and not Closure.objects.exists()


def test_one_agenda_closes_and_the_others_receive(chief, world, agenda):
    other = appointments.an_agenda(world.office, slug="autre", name_fr="Autre", name_en="Other")
    day = Slot.objects.filter(agenda=agenda).order_by("starts_at").last().starts_at.astimezone(agenda.zone).date()
    chief.post(PAGE, sent(day, action="close", agenda=agenda.slug))
    assert not Slot.objects.filter(agenda=agenda, starts_at__date=day).exists()
    assert Slot.objects.filter(agenda=other, starts_at__date=day).exists()
    assert Closure.objects.get().agenda == agenda


def test_the_same_form_sent_twice_closes_once(chief, agenda):
    day = clock.today() + timedelta(days=8)
    for _time in range(2):
        assert chief.post(PAGE, sent(day, day + timedelta(days=2), action="close")).status_code == 302
    assert Closure.objects.count() == 1


def test_reopened_the_slots_are_there_again_and_who_had_one_keeps_it(chief, asked):
    chief.post(PAGE, sent(day_of(asked), action="close", seen=[str(asked.pk)]))
    closure = Closure.objects.get()
    address = f"{PAGE}{closure.pk}/rouvrir/"
    assert chief.get(address).status_code == 405
    response = chief.post(address, follow=True)
    assert "Les jours sont rouverts" in response.content.decode() and not Closure.objects.exists()
    assert Slot.objects.get(pk=asked.slot_id).withdrawn_at is None
    assert not queries.booking_of(asked.pk).must_move
    mail = OutboxMessage.objects.get(template="appointment_restored")
    assert mail.address == "awa@example.org" and asked.reference in mail.body and "comme prévu" in mail.subject
    assert chief.post(address).status_code == 302  # pressed twice
    assert OutboxMessage.objects.filter(template="appointment_restored").count() == 1


def test_who_chose_another_slot_meanwhile_hears_nothing_of_the_reopening(chief, asked):
    chief.post(PAGE, sent(day_of(asked), action="close", seen=[str(asked.pk)]))
    actions.reschedule(Booking.objects.get(pk=asked.pk), queries.first_free(asked.type).pk)
    chief.post(f"{PAGE}{Closure.objects.get().pk}/rouvrir/")
    assert not OutboxMessage.objects.filter(template="appointment_restored").exists()


def test_closed_again_the_person_is_told_again(chief, asked):
    for _time in range(2):
        chief.post(PAGE, sent(day_of(asked), action="close", seen=[str(asked.pk)]))
        chief.post(f"{PAGE}{Closure.objects.get().pk}/rouvrir/")
    assert OutboxMessage.objects.filter(template="appointment_withdrawn").count() == 2


def test_who_gave_no_address_is_shown_as_to_be_told_otherwise(chief, agenda):
    type = appointments.a_type(agenda)
    booked = appointments.ask(type, queries.first_free(type), appointments.details(last_name="Sans", email=""))
    assert "Sans adresse : à prévenir autrement" in read(chief.post(PAGE, sent(day_of(booked))))


@pytest.mark.parametrize(
    ("first", "last", "anchor"),
    [(-1, None, "id_first_day_"), (5, 4, "id_last_day_"), (5, 5 + 400, "id_last_day_"), (None, None, "id_first_day_")],
)
def test_days_that_cannot_close_are_told(chief, agenda, first, last, anchor):
    today = clock.today()
    days = [None if offset is None else today + timedelta(days=offset) for offset in (first, last)]
    response = chief.post(PAGE, sent(*days, action="close"))
    assert response.status_code == 200 and f'href="#{anchor}' in response.content.decode()
    assert value_of(response, "reason") == "Grève." and not Closure.objects.exists()


@pytest.mark.parametrize("role", ["reception", "case_officer", "decision_maker", "national_administrator"])
def test_the_others_read_the_closures(world, browse, agenda, role):
    day = clock.today() + timedelta(days=8)
    actions.close_days(world.office, day, day, by=SYSTEM, reason="Travaux.")
    reader = browse(world.officers[role])
    page = read(reader.get(PAGE))
    assert "Travaux." in page and "Rouvrir" not in page and "Fermer des jours" not in page
    assert reader.post(PAGE, sent(day, action="close")).status_code == 403
    assert reader.post(f"{PAGE}{Closure.objects.get().pk}/rouvrir/").status_code == 403
    assert browse(world.elsewhere).get(PAGE).status_code == 404
