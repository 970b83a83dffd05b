"""The pages of somebody whose slot the office withdrew: nothing that is over is proposed, another date is, one press away."""

import pytest
from django.test import Client

from guichet.appointments import actions, queries
from guichet.appointments.models import Booking
from tests.appointments import world
from tests.web_booking.test_way import text_of


@pytest.fixture
def type(db):
    return world.a_type(world.an_agenda(slot_minutes=180))


@pytest.fixture
def asked(type):
    return world.ask(type, queries.first_free(type))


@pytest.fixture
def reader(asked):
    browser = Client(headers={"Accept-Language": "fr"})
    browser.get(f"/rdv/demande/{world.token(asked)}/")
    return browser


def close(asked, **changes):
    day = queries.booking_of(asked.pk).starts_at_local.date()
    actions.close_days(asked.type.office, day, day, by=world.OFFICER, displace=True, **changes)


def close_for_good(asked):
    agenda = queries.booking_of(asked.pk).slot.agenda
    actions.save_agenda(
        agenda.office, world.rules(slug=agenda.slug, active=False), by=world.OFFICER, agenda=agenda, displace=True
    )


def test_nothing_that_is_over_is_proposed(reader, asked):
    close(asked)
    page = text_of(reader.get("/rdv/demande/"))
    assert "À déplacer" in page and "Ne venez pas ce jour-là" in page and "Choisir une autre date" in page
    assert "Confirmer mon rendez-vous" not in page and "À confirmer avant" not in page
    reader.post("/rdv/demande/confirmer/")
    assert Booking.objects.get(pk=asked.pk).state == "to_confirm"
    assert "Le bureau ne reçoit plus à cette date" in text_of(reader.get("/rdv/demande/"))


def test_confirmed_there_is_no_convocation_for_a_day_that_is_closed(reader, asked):
    reader.post("/rdv/demande/confirmer/")
    close(asked)
    page = text_of(reader.get("/rdv/demande/"))
    assert "Venez 10 minutes avant" not in page and "convocation.pdf" not in page
    assert reader.get("/rdv/demande/convocation.pdf").status_code == 404
    assert reader.get("/rdv/demande/rendez-vous.ics").status_code == 404


def test_the_nearest_free_slots_are_one_press_away(reader, asked):
    close(asked)
    near = queries.nearest_free(asked.type, asked.slot.starts_at)
    page = reader.get("/rdv/demande/").content.decode()
    assert len(near) == 3 and all(f"plage={one.pk}#panneau" in page for one in near)
    reader.post("/rdv/demande/deplacer/", {"plage": near[0].pk})
    assert Booking.objects.get(pk=asked.pk).slot_id == near[0].pk
    assert "À confirmer avant" in text_of(reader.get("/rdv/demande/"))


def test_nothing_free_says_that_the_request_is_kept_and_proposes_nothing_that_is_refused(reader, asked):
    close(asked)
    while free := queries.first_free(asked.type):
        world.claim(asked.type, free)
    page = text_of(reader.get("/rdv/demande/deplacer/"))
    assert "Votre demande est gardée sans limite de temps" in page and "Revenir à ma demande" in page
    assert "liste d'attente" not in page.replace("’", "'") and "Garder ma date" not in page


def test_where_nobody_receives_any_more_the_office_calls(reader, asked):
    close_for_good(asked)
    page = text_of(reader.get("/rdv/demande/"))
    assert "Le bureau vous contactera" in page and "Choisir une autre date" not in page
    assert reader.get("/rdv/demande/deplacer/").status_code == 302
    reader.post("/rdv/demande/annuler/")
    assert Booking.objects.get(pk=asked.pk).state == "cancelled"


def test_the_type_that_replaces_it_is_named_and_its_slots_are_shown(reader, asked):
    other = world.an_agenda(asked.type.office, slug="autre", name_fr="Autre", name_en="Other")
    type = world.a_type(other, slug="autre", name_fr="Accueil des étrangers", name_en="Reception")
    asked.type.replaced_by = type
    asked.type.save()
    close_for_good(asked)
    assert "Vous serez reçu ici : Accueil des étrangers" in text_of(reader.get("/rdv/demande/")).replace("\xa0", " ")
    free = queries.first_free(type)
    assert f'value="{free.pk}"' in reader.get("/rdv/demande/deplacer/").content.decode()
    reader.post("/rdv/demande/deplacer/", {"plage": free.pk})
    moved = queries.booking_of(asked.pk)
    assert (moved.type, moved.slot_id, moved.must_move) == (type, free.pk, False)


def test_the_day_of_the_slot_that_is_gone_goes_by_and_the_way_stays_open(reader, asked, movable_clock):
    reader.post("/rdv/demande/confirmer/")
    close(asked)
    movable_clock.move(days=10)
    page = text_of(reader.get("/rdv/demande/"))
    assert "Choisir une autre date" in page and "Faire une nouvelle demande" not in page
