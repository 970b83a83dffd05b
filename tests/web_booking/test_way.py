"""The way to an appointment: from the conditions to the mail, and back."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from guichet.appointments.models import Booking, Slot
from guichet.core import bot_check, clock
from guichet.core.models import SpentCheck
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.typography import keyboard
from tests.web_booking.conftest import Visitor, solved


def text_of(response):
    return keyboard(response.content.decode()).replace("&#x27;", "'")


def the_booking():
    return Booking.objects.get(state__in=["held", "to_confirm", "confirmed"])


# Before ---------------------------------------------------------------------------------------------------------------------


def test_offices_and_types_are_listed(visitor, slot):
    page = text_of(Client().get("/rdv/"))
    assert visitor.base in page and "Admission exceptionnelle au séjour" in page and "/rdv/gerer/" in page


def test_the_page_of_a_type_says_for_whom_and_with_what(visitor):
    page = text_of(visitor.get())
    for said in ("Vous venez déposer une demande.", "Vous êtes européen.", "Passeport", "documents.pdf", "48 heures"):
        assert said in page
    assert "Écrivez à : 2 rue Charles-de-Gaulle, 42022 Saint-Étienne." in page


def test_the_list_of_documents_is_a_pdf_to_bring(visitor):
    from tests.journeys.world import text_of as read

    response = visitor.get("documents.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert "Documents à apporter" in keyboard(read(response.content)) and "Passeport" in read(response.content)


def test_an_unknown_type_or_office_is_not_found(visitor, agenda):
    assert Client().get("/rdv/nulle-part/admission/").status_code == 404
    assert Client().get(f"/rdv/{agenda.office.slug}/autre/").status_code == 404


def test_the_box_is_to_be_ticked(visitor):
    answer = visitor.post()
    assert answer.status_code == 422 and "cochez la case" in text_of(answer)
    assert visitor.get("descriptif/").status_code == 302


def test_with_places_the_description_says_the_first(visitor, slot):
    assert visitor.accepts()["Location"].endswith("/descriptif/")
    assert f"{world.wall(slot.agenda, slot):%H:%M}" in text_of(visitor.get("descriptif/"))


def test_nothing_free_says_when_to_come_back(visitor, agenda):
    release = clock.now() + timedelta(days=2)
    world.a_slot(agenda, released_at=release)
    visitor.accepts()
    page = text_of(visitor.get("descriptif/"))
    assert "Il n'y a plus de plage libre" in page and "Essayer à nouveau" in page
    assert f"{release.astimezone(agenda.zone):%H:%M}" in page


def test_nothing_free_and_no_release_known(visitor):
    visitor.accepts()
    assert "pas encore connue" in text_of(visitor.get("descriptif/"))


# The check ------------------------------------------------------------------------------------------------------------------


def test_choosing_needs_the_conditions(visitor, slot):
    assert visitor.takes(slot)["Location"] == visitor.base
    assert not Booking.objects.exists()


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "1.5", "\x00"])
def test_a_slot_that_is_none_leads_back_to_the_grid(visitor, slot, sent):
    visitor.accepts()
    assert "/creneaux/" in visitor.post("creneaux/", {"plage": sent})["Location"]


def test_choosing_selects_and_the_check_holds(visitor, slot):
    visitor.accepts()
    assert visitor.takes(slot)["Location"].endswith("/controle/")
    assert not Booking.objects.exists(), "choosing writes nothing"
    assert visitor.passes()["Location"].endswith("/coordonnees/")
    held = the_booking()
    assert (held.state, held.slot_id) == ("held", slot.pk)
    assert held.held_until - held.claimed_at == timedelta(minutes=10)
    page = text_of(visitor.get("coordonnees/"))
    assert f"jusqu'à {held.held_until.astimezone(slot.agenda.zone):%H:%M}" in page and 'data-seconds="' in page


def test_a_proof_serves_once(visitor, type, agenda):
    first, second = world.a_slot(agenda), world.a_slot(agenda, starts_in=timedelta(days=6))
    visitor.accepts()
    visitor.takes(first)
    proof = visitor.proof()
    assert visitor.passes(proof).status_code == 302
    other = Visitor(type)
    other.accepts()
    other.takes(second)
    replayed = other.passes(proof)
    assert replayed.status_code == 422 and "déjà servi" in text_of(replayed)
    assert Booking.objects.count() == 1


def test_the_button_pressed_twice_leads_to_the_place_that_is_held(visitor, type, slot, agenda):
    """A browser shows the second answer only."""
    visitor.accepts()
    visitor.takes(slot)
    proof = visitor.proof()
    for _press in range(2):
        assert visitor.passes(proof)["Location"].endswith("/coordonnees/")
    assert Booking.objects.count() == 1
    visitor.takes(world.a_slot(agenda, starts_in=timedelta(days=6)))
    assert visitor.passes(proof).status_code == 422, "another place is another check"


def test_a_proof_replayed_after_a_refusal_is_refused_too(visitor, type, slot):
    """Even when it won no place: the row stays."""
    Slot.objects.filter(pk=slot.pk).update(capacity=1)
    visitor.accepts()
    visitor.takes(slot)
    proof = visitor.proof()
    world.claim(type, slot)
    assert "/creneaux/" in visitor.passes(proof)["Location"]
    visitor.takes(slot)
    assert visitor.passes(proof).status_code == 422


def test_a_proof_expires(visitor, slot, movable_clock):
    visitor.accepts()
    visitor.takes(slot)
    proof = visitor.proof()
    movable_clock.move(minutes=21)
    answer = visitor.passes(proof)
    assert answer.status_code == 422 and "trop longtemps" in text_of(answer)
    assert not Booking.objects.exists() and not SpentCheck.objects.exists()


def test_a_proof_that_was_tampered_with_is_refused(visitor, slot):
    visitor.accepts()
    visitor.takes(slot)
    challenge = bot_check.challenge()
    later = {**challenge, "salt": challenge["salt"].replace("until=", "until=9")}
    for sent in (solved({**challenge, "signature": "0" * 64}), "x", "e30=", "W10=", "bnVsbA==", "/w==", "A" * 9000):
        assert visitor.passes(sent).status_code == 422
    import base64

    good = json.loads(base64.b64decode(solved(challenge)))
    for changes in ({"number": "1"}, {"number": True}, {"number": -1}, {"salt": later["salt"]}, {"algorithm": "SHA-1"}):
        sent = base64.b64encode(json.dumps(good | changes).encode()).decode()
        assert visitor.passes(sent).status_code == 422, changes
    assert not Booking.objects.exists()


def test_gone_meanwhile_leads_back_to_the_nearest(visitor, type, agenda, slot):
    Slot.objects.filter(pk=slot.pk).update(capacity=1)
    near = world.a_slot(agenda, starts_in=timedelta(days=5, hours=1))
    visitor.accepts()
    visitor.takes(slot)
    proof = visitor.proof()
    world.claim(type, slot)
    answer = visitor.passes(proof)
    assert f"plage={slot.pk}" in answer["Location"]
    page = text_of(visitor.browser.get(answer["Location"]))
    assert "vient d'être prise" in page and f"plage={near.pk}" in page


def test_another_choice_gives_the_first_up(visitor, agenda, slot):
    other = world.a_slot(agenda, starts_in=timedelta(days=6))
    visitor.holds(slot)
    visitor.takes(other)
    visitor.passes()
    assert the_booking().slot_id == other.pk
    assert Booking.objects.filter(slot=slot, state="lapsed").count() == 1


def test_the_same_choice_again_goes_on_without_another_check(visitor, slot):
    visitor.holds(slot)
    assert visitor.takes(slot)["Location"].endswith("/coordonnees/")


# Details --------------------------------------------------------------------------------------------------------------------


def test_details_need_a_held_place(visitor, slot):
    assert "/creneaux/" in visitor.get("coordonnees/")["Location"]
    assert "/creneaux/" in visitor.get("valider/")["Location"]


def test_errors_are_said_twice_and_what_was_typed_is_kept(visitor, slot):
    visitor.holds(slot)
    answer = visitor.gives(last_name="", email_again="autre@example.org", companion="Mon frère")
    page = text_of(answer)
    assert answer.status_code == 422
    assert page.count("À remplir : Nom") >= 2 and page.count("Les deux adresses ne sont pas les mêmes") == 2
    assert 'value="Maria"' in page and 'value="Mon frère"' in page


@pytest.mark.parametrize("name", ["http://x.example", "Gagnez 100", "a@b.c", "<b>x</b>", "x.example/y"])
def test_a_name_is_no_address(visitor, slot, name):
    visitor.holds(slot)
    assert visitor.gives(last_name=name).status_code == 422


@pytest.mark.parametrize("name", ["N'Guyen-Lê", "D’Almeida", "محمد", "แสงจันทร์", "Ólafsdóttir", "अमित", "O", "St. Clair"])
def test_a_name_of_anywhere_is_one(visitor, slot, name):
    visitor.holds(slot)
    assert visitor.gives(last_name=name).status_code == 302


def test_a_single_name_and_a_year_of_birth(visitor, slot):
    visitor.holds(slot)
    given = {"first_names": "", "last_name": "Madhavan", "single_name": "on", "birth_date_day": "", "birth_date_month": ""}
    assert visitor.gives(**given).status_code == 422
    assert visitor.gives(**given, birth_date_unknown="1").status_code == 302
    assert "Madhavan" in text_of(visitor.get("valider/"))
    visitor.finishes()
    booking = the_booking()
    assert (booking.first_names, booking.last_name, booking.birth_date_text) == ("", "Madhavan", "1990")


def test_going_back_loses_nothing(visitor, slot):
    visitor.holds(slot)
    visitor.gives(access="Accès sans marche", interpreter="pachto")
    page = text_of(visitor.get("coordonnees/"))
    for value in ("Maria", "Lopez", "12", "1990", "maria@example.org", "Accès sans marche", "pachto"):
        assert f'value="{value}"' in page
    assert "checked" in text_of(visitor.get())
    assert "Continuer avec cette plage" in text_of(visitor.get("creneaux/"))


def test_a_hold_that_is_over_leads_back_and_keeps_what_was_typed(visitor, slot, movable_clock):
    visitor.holds(slot)
    visitor.gives()
    movable_clock.move(minutes=11)
    assert "/creneaux/" in visitor.finishes()["Location"]
    assert not OutboxMessage.objects.exists()
    visitor.takes(slot)
    visitor.passes()
    assert 'value="Lopez"' in text_of(visitor.get("coordonnees/"))


# Finishing ------------------------------------------------------------------------------------------------------------------


def test_finishing_writes_a_mail_to_answer(visitor, slot):
    assert visitor.asks(slot, access="Accès sans marche")["Location"].endswith("/termine/")
    booking = the_booking()
    assert booking.state == "to_confirm" and booking.needs == {"access": "Accès sans marche"}
    assert booking.confirm_until - booking.asked_at == timedelta(minutes=2880)
    page = text_of(visitor.get("termine/"))
    assert "Il reste à confirmer" in page and "maria@example.org" in page
    assert booking.reference not in page, "the reference comes by mail: it shows that the address is right"
    assert OutboxMessage.objects.get().address == "maria@example.org"


def test_finishing_twice_is_finishing_once(visitor, slot):
    visitor.asks(slot)
    assert visitor.finishes()["Location"].endswith("/termine/")
    assert Booking.objects.filter(state="to_confirm").count() == OutboxMessage.objects.count() == 1


def test_where_nothing_is_to_be_confirmed_it_is_firm(agenda, slot):
    type = world.a_type(agenda, confirmation_minutes=0)
    visitor = Visitor(type)
    assert "ferme aussitôt" in text_of(visitor.get())
    visitor.asks(slot)
    assert the_booking().state == "confirmed"
    page = text_of(visitor.get("termine/"))
    assert "Rendez-vous confirmé" in page and the_booking().reference in page
    assert OutboxMessage.objects.get().attachments


def test_one_request_per_person_and_nothing_of_the_other_is_shown(visitor, type, slot):
    visitor.asks(slot)
    again = Visitor(type)
    answer = again.asks(slot, email="ailleurs@example.org", email_again="ailleurs@example.org")
    assert answer["Location"] == "/rdv/gerer/"
    page = text_of(again.browser.get("/rdv/gerer/"))
    assert "Vous avez déjà une demande" in page and "maria@example.org" not in page and the_booking().reference not in page
    assert OutboxMessage.objects.count() == 1


def test_english_all_the_way(type, slot):
    visitor = Visitor(type, language="en")
    visitor.asks(slot)
    assert "You still have to confirm" in visitor.get("termine/").content.decode()
    assert the_booking().language == "en" and OutboxMessage.objects.get().language == "en"


@pytest.mark.parametrize("identity", ["student", "invitation"])
def test_who_one_is_comes_before_any_place(agenda, slot, identity):
    """A type that asks who one is never leads straight to the grid, nor claims for nobody."""
    visitor = Visitor(world.a_type(agenda, identity=identity))
    answer = visitor.accepts()
    assert not answer.headers.get("Location", "").endswith("/descriptif/")
    assert visitor.takes(slot).status_code == 302
    if visitor.get("controle/").status_code == 200:
        visitor.passes()
    assert not Booking.objects.exists()
