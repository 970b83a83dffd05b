"""A request by its link or its reference: consult, confirm, cancel, move, download again."""

from datetime import timedelta

import pytest
from django.test import Client

from guichet.appointments import rules
from guichet.appointments.models import Booking
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_booking.test_way import text_of


@pytest.fixture
def asked(type, slot):
    return world.ask(type, slot)


@pytest.fixture
def reader(asked):
    """Whoever opened the mailed link."""
    browser = Client(headers={"Accept-Language": "fr"})
    browser.get(f"/rdv/demande/{world.token(asked)}/")
    return browser


def state(booking):
    return Booking.objects.get(pk=booking.pk).state


def test_the_link_shows_and_changes_nothing(reader, asked):
    page = text_of(reader.get("/rdv/demande/"))
    assert "À confirmer" in page and asked.reference in page and "Confirmer mon rendez-vous" in page
    assert world.token(asked) not in page
    assert reader.get("/rdv/demande/confirmer/").status_code == 302 and state(asked) == "to_confirm"
    assert reader.get("/rdv/demande/annuler/").status_code == 200 and state(asked) == "to_confirm"


def test_confirming_gives_the_convocation_and_the_calendar_file(reader, asked):
    assert reader.get("/rdv/demande/convocation.pdf").status_code == 404
    reader.post("/rdv/demande/confirmer/")
    assert state(asked) == "confirmed"
    page = text_of(reader.get("/rdv/demande/"))
    assert "convocation.pdf" in page and "rendez-vous.ics" in page
    assert reader.get("/rdv/demande/convocation.pdf").content.startswith(b"%PDF")
    assert b"BEGIN:VCALENDAR" in reader.get("/rdv/demande/rendez-vous.ics").content


def test_confirming_too_late_says_so(reader, asked, movable_clock):
    movable_clock.move(minutes=2881)
    reader.post("/rdv/demande/confirmer/")
    page = text_of(reader.get("/rdv/demande/"))
    assert state(asked) == "to_confirm" and "Non confirmé à temps" in page and "Faire une nouvelle demande" in page


def test_cancelling_is_asked_first_then_done(reader, asked):
    assert "Oui, annuler" in text_of(reader.get("/rdv/demande/annuler/"))
    reader.post("/rdv/demande/annuler/")
    assert state(asked) == "cancelled"
    assert "Annulé" in text_of(reader.get("/rdv/demande/"))


def test_moving_keeps_the_request(reader, asked, agenda):
    later = world.a_slot(agenda, starts_in=timedelta(days=6))
    assert "Garder ma date" in text_of(reader.get("/rdv/demande/deplacer/"))
    reader.post("/rdv/demande/deplacer/", {"plage": later.pk})
    moved = Booking.objects.get(pk=asked.pk)
    assert (moved.slot_id, moved.reference) == (later.pk, asked.reference)


def test_a_type_that_does_not_move(agenda, slot):
    asked = world.ask(world.a_type(agenda, may_move=False), slot)
    browser = Client()
    browser.get(f"/rdv/demande/{world.token(asked)}/")
    assert "deplacer" not in browser.get("/rdv/demande/").content.decode()
    later = world.a_slot(agenda, starts_in=timedelta(days=6))
    assert browser.post("/rdv/demande/deplacer/", {"plage": later.pk}).status_code == 302
    assert Booking.objects.get(pk=asked.pk).slot_id == slot.pk


def test_moved_often_enough_it_says_why_it_moves_no_more(reader, asked, agenda):
    Booking.objects.filter(pk=asked.pk).update(moves=rules.MOVES_AT_MOST)
    later = world.a_slot(agenda, starts_in=timedelta(days=6))
    page = reader.get("/rdv/demande/")
    assert "déjà changé de date plusieurs fois" in text_of(page) and "deplacer" not in page.content.decode()
    reader.post("/rdv/demande/deplacer/", {"plage": later.pk})
    assert Booking.objects.get(pk=asked.pk).slot_id == asked.slot_id


def test_reference_and_email_find_it_but_do_not_confirm(asked):
    """Confirming shows that the address is right: whoever mistyped it could not."""
    browser = Client(headers={"Accept-Language": "fr"})
    typed = {"reference": asked.reference.lower().replace("-", " "), "email": asked.email.upper()}
    assert browser.post("/rdv/gerer/", typed)["Location"] == "/rdv/demande/"
    page = text_of(browser.get("/rdv/demande/"))
    assert asked.reference in page and "Confirmer mon rendez-vous" not in page
    browser.post("/rdv/demande/confirmer/")
    assert state(asked) == "to_confirm"
    browser.post("/rdv/demande/annuler/")
    assert state(asked) == "cancelled"


def test_a_wrong_email_and_an_unknown_reference_answer_alike(asked):
    browser = Client(headers={"Accept-Language": "fr"})
    pages = [
        text_of(browser.post("/rdv/gerer/", {"reference": reference, "email": "autre@example.org"}))
        for reference in (asked.reference, "RDV-2222-2222")
    ]
    assert all("Aucun rendez-vous ne correspond" in page for page in pages)


def test_guessing_is_throttled(asked):
    browser = Client(headers={"Accept-Language": "fr"})
    for _ in range(10):
        browser.post("/rdv/gerer/", {"reference": "RDV-2222-2222", "email": asked.email})
    page = text_of(browser.post("/rdv/gerer/", {"reference": asked.reference, "email": asked.email}))
    assert "Trop d'essais" in page


@pytest.mark.django_db
def test_a_link_that_is_none_leads_to_the_reference():
    answer = Client().get("/rdv/demande/un-lien/")
    assert answer["Location"] == "/rdv/gerer/"


def test_mails_lead_to_the_page(asked):
    assert f"/rdv/demande/{world.token(asked)}/" in OutboxMessage.objects.get().body


def test_confirmed_it_may_be_cancelled_and_moved_until_its_day(reader, asked, movable_clock):
    """The time to confirm is over; the appointment is not."""
    reader.post("/rdv/demande/confirmer/")
    movable_clock.move(minutes=2881)
    page = text_of(reader.get("/rdv/demande/"))
    assert "Confirmé" in page and "Changer de date" in page and "Annuler ce rendez-vous" in page
    assert "Faire une nouvelle demande" not in page
    assert reader.get("/rdv/demande/deplacer/").status_code == 200
    reader.post("/rdv/demande/annuler/")
    assert state(asked) == "cancelled"


@pytest.mark.parametrize("page", ["", "confirmer/", "annuler/", "deplacer/", "convocation.pdf", "rendez-vous.ics"])
@pytest.mark.parametrize("session", ["none", "gone"])
def test_without_its_link_the_page_leads_to_where_it_is_found_again(asked, page, session):
    """A phone that forgot the visit: no page that «does not exist», a way to go on."""
    browser = Client(headers={"Accept-Language": "fr"})
    if session == "gone":
        browser.get(f"/rdv/demande/{world.token(asked)}/")
        browser.cookies.clear()
    assert browser.get(f"/rdv/demande/{page}")["Location"] == "/rdv/gerer/"
    if page in ("confirmer/", "annuler/", "deplacer/"):
        assert browser.post(f"/rdv/demande/{page}")["Location"] == "/rdv/gerer/"
    assert "Ouvrez à nouveau le lien de votre courriel" in text_of(browser.get("/rdv/gerer/"))
    assert state(asked) == "to_confirm"


@pytest.mark.parametrize(
    ("become", "said"), [("lapsed", "a été rendue"), ("cancelled", "ne vous attend"), ("missed", "contactez")]
)
def test_what_is_over_says_what_became_of_the_place_and_what_to_do(reader, asked, become, said):
    Booking.objects.filter(pk=asked.pk).update(state=become)
    page = text_of(reader.get("/rdv/demande/"))
    assert said in page and "nouvelle demande" in page


def test_what_is_to_be_done_comes_before_what_is_known(reader, asked):
    page = text_of(reader.get("/rdv/demande/"))
    assert page.index("Confirmer mon rendez-vous") < page.index(asked.reference)


def test_who_asked_with_this_browser_may_correct_the_address_from_here(visitor, slot, reader, asked):
    assert "termine/adresse/" not in text_of(reader.get("/rdv/demande/"))
    visitor.asks(slot, last_name="Durand")
    booking = Booking.objects.get(last_name="Durand")
    visitor.browser.post("/rdv/gerer/", {"reference": booking.reference, "email": booking.email})
    assert "termine/adresse/" in text_of(visitor.browser.get("/rdv/demande/"))
