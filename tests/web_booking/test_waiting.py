"""The waiting list as people walk it: joining, the link of the mail, answering an offer, leaving."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guichet.appointments import actions, due, keys
from guichet.appointments.models import Booking, Offer, WaitingEntry
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.typography import keyboard
from tests.web_booking.conftest import Visitor, solved, typed

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def taken(agenda, type):
    """The only slot, taken whole."""
    return world.ask(type, world.a_slot(agenda))


def said(response):
    return keyboard(response.content.decode()).replace("&#x27;", "'")


def passes(visitor, page):
    shown = visitor.get(page).content.decode()
    return visitor.post(page, {"proof": solved(json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', shown)[1])))})


def joins(visitor, **changes):
    visitor.accepts()
    visitor.post("attente/", typed(**changes))
    return passes(visitor, "attente/controle/")


def opens(entry, browser=None):
    browser = browser or Client()
    browser.get(f"/rdv/attente/{keys.token_of_entry(entry.key)}/")
    return browser


def offered(taken, entry):
    actions.cancel(world.token(taken))
    Booking.objects.filter(state="returning").update(returns_at=clock.now())
    due.give_places_back()
    return Offer.objects.get(entry=entry, state="open")


def test_the_page_without_a_free_place_leads_to_the_list_and_to_the_certificate(visitor, taken):
    visitor.accepts()
    for page in ("descriptif/", "creneaux/"):
        shown = said(visitor.get(page))
        assert f"{visitor.base}attente/" in shown and f"{visitor.base}attestation/" in shown


def test_joining_from_the_rule_to_the_mail(visitor, taken):
    visitor.accepts()
    page = said(visitor.get("attente/"))
    for rule in ("4 heures", "de 8 h à 20 h", "vous gardez votre tour", "moins de 10 personnes", "C'est gratuit"):
        assert rule in page
    assert visitor.post("attente/", typed())["Location"].endswith("/attente/controle/")
    assert not WaitingEntry.objects.exists()
    assert passes(visitor, "attente/controle/")["Location"].endswith("/attente/inscrit/")
    entry = WaitingEntry.objects.get()
    assert (entry.first_names, entry.last_name, entry.language) == ("Maria", "Lopez", "fr")
    done = said(visitor.get("attente/inscrit/"))
    assert "maria@example.org" in done and "Avant vous" in done
    assert OutboxMessage.objects.filter(template="waiting_joined", address="maria@example.org").count() == 1


def test_without_scripts_a_question_opens_the_list(visitor, taken, monkeypatch):
    visitor.accepts()
    visitor.post("attente/", typed())
    page = visitor.get("attente/controle/", question=1).content.decode()
    token = re.search(r'name="question" value="([^"]+)"', page)[1]
    monkeypatch.setattr("guichet.core.questions.is_right", lambda pick, typed: typed == "right")
    assert visitor.post("attente/controle/", {"question": token, "answer": "wrong"}).status_code == 422
    assert not WaitingEntry.objects.exists()
    token = re.search(r'name="question" value="([^"]+)"', visitor.get("attente/controle/").content.decode())[1]
    assert visitor.post("attente/controle/", {"question": token, "answer": "right"}).status_code == 302
    assert WaitingEntry.objects.count() == 1


def test_a_check_opens_one_entry_only(visitor, taken):
    visitor.accepts()
    visitor.post("attente/", typed())
    page = visitor.get("attente/controle/").content.decode()
    proof = solved(json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', page)[1])))
    assert visitor.post("attente/controle/", {"proof": proof}).status_code == 302
    visitor.post("attente/", typed(last_name="Other"))
    assert visitor.post("attente/controle/", {"proof": proof}).status_code == 422
    assert WaitingEntry.objects.count() == 1


def test_what_is_wrong_in_the_form_is_said(visitor, taken):
    visitor.accepts()
    answer = visitor.post("attente/", typed(email_again="other@example.org"))
    assert answer.status_code == 422 and "ne sont pas les mêmes" in said(answer)


def test_free_places_come_before_the_list(visitor, slot):
    visitor.accepts()
    answer = visitor.get("attente/", follow=True)
    assert visitor.get("attente/")["Location"].endswith("/creneaux/") and answer.status_code == 302
    assert "Des plages sont libres" in said(visitor.get("creneaux/"))


@pytest.mark.parametrize("page", ["attente/", "attente/controle/", "attente/inscrit/"])
def test_the_conditions_come_first(visitor, taken, page):
    assert visitor.get(page)["Location"] == visitor.base


def test_a_student_says_first_who_they_are(agenda):
    type = world.a_type(agenda, "admission", identity="student")
    world.claim(type, world.a_slot(agenda), session="s", person_key="k" * 64)
    visitor = Visitor(type)
    visitor.accepts()
    assert visitor.get("attente/")["Location"].endswith("/identite/")


def test_who_has_an_appointment_is_led_to_it(visitor, type, agenda, taken):
    slot = world.a_slot(agenda, starts_in=timedelta(days=8))
    world.ask(type, slot, world.details(first_names="Maria", last_name="Lopez", birth_date=PartialDate(1990, 5, 12)))
    assert joins(visitor)["Location"] == "/rdv/gerer/"
    assert not WaitingEntry.objects.exists()


# By the link ----------------------------------------------------------------------------------------------------------------


def test_the_link_shows_the_entry_and_writes_nothing(visitor, taken):
    joins(visitor)
    entry = WaitingEntry.objects.get()
    browser = Client()
    assert browser.get(f"/rdv/attente/{keys.token_of_entry(entry.key)}/")["Location"] == "/rdv/attente/"
    page = said(browser.get("/rdv/attente/"))
    assert "En attente" in page and "Maria Lopez" in page and "moins de 10 personnes" in page
    assert WaitingEntry.objects.get().state == "waiting"


def test_a_wrong_link_says_what_to_do(client, db):
    assert "Ouvrez celui du dernier courriel" in said(client.get("/rdv/attente/un-lien-qui-n-existe-pas/", follow=True))
    assert client.get("/rdv/attente/")["Location"] == "/rdv/gerer/"


def test_accepting_from_the_mail_is_an_appointment(visitor, taken):
    joins(visitor)
    entry = WaitingEntry.objects.get()
    offer = offered(taken, entry)
    browser = opens(entry)
    page = said(browser.get("/rdv/attente/"))
    assert "Une place vous est proposée" in page and "Répondez avant" in page and "16:00" in page
    assert browser.get("/rdv/attente/accepter/")["Location"] == "/rdv/attente/"  # a link that is followed does nothing
    assert Offer.objects.get().state == "open"
    answer = browser.post("/rdv/attente/accepter/", {"offer": offer.pk})
    assert answer["Location"] == "/rdv/demande/"
    shown = said(browser.get("/rdv/demande/"))
    assert "Votre rendez-vous est confirmé" in shown and "convocation.pdf" in shown
    assert Booking.objects.get(pk=offer.booking_id).state == "confirmed"
    assert "Vous avez un rendez-vous" in said(browser.get("/rdv/attente/"))


def test_declining_keeps_the_turn(visitor, taken):
    joins(visitor)
    entry = WaitingEntry.objects.get()
    offer = offered(taken, entry)
    browser = opens(entry)
    answer = browser.post("/rdv/attente/refuser/", {"offer": offer.pk}, follow=True)
    assert "Vous gardez votre tour" in said(answer) and WaitingEntry.objects.get().state == "waiting"


def test_too_late_is_said_and_nothing_can_be_accepted(visitor, taken, noon):
    joins(visitor)
    entry = WaitingEntry.objects.get()
    offer = offered(taken, entry)
    browser = opens(entry)
    noon.move(hours=4, minutes=1)
    page = said(browser.get("/rdv/attente/"))
    assert "Il est trop tard" in page and "Accepter cette place" not in page
    answer = browser.post("/rdv/attente/accepter/", {"offer": offer.pk}, follow=True)
    assert "n'est plus proposée" in said(answer)


@pytest.mark.parametrize("sent", [{}, {"offer": "x"}, {"offer": "9" * 30}, {"offer": "0"}])
def test_an_offer_that_is_none_is_refused(visitor, taken, sent):
    joins(visitor)
    browser = opens(WaitingEntry.objects.get())
    for act in ("accepter", "refuser"):
        assert "n'est plus proposée" in said(browser.post(f"/rdv/attente/{act}/", sent, follow=True))


def test_leaving_asks_first_then_takes_one_post(visitor, taken):
    joins(visitor)
    entry = WaitingEntry.objects.get()
    browser = opens(entry)
    assert "Voulez-vous quitter la liste ?" in said(browser.get("/rdv/attente/quitter/"))
    assert WaitingEntry.objects.get().state == "waiting"
    answer = browser.post("/rdv/attente/quitter/", follow=True)
    assert "Vous n'êtes plus sur la liste d'attente" in said(answer)
    assert WaitingEntry.objects.get().state == "left"
    assert browser.get("/rdv/attente/quitter/")["Location"] == "/rdv/attente/"


def test_in_english_too(agenda, type, taken):
    visitor = Visitor(type, language="en")
    joins(visitor)
    assert WaitingEntry.objects.get().language == "en"
    assert "You are on the waiting list" in said(visitor.get("attente/inscrit/"))
    assert OutboxMessage.objects.get(template="waiting_joined").subject == "You are on the waiting list"


def test_overseas_every_hour_is_that_of_the_office(movable_clock, agenda):
    """The filters of Django's templates would turn them all into the hour of Paris."""
    agenda = world.an_empty_agenda(office=world.an_office(time_zone="Indian/Reunion"))
    type, slot = world.a_type(agenda), world.a_slot(agenda)
    visitor = Visitor(type)
    visitor.accepts()
    begins = f"{world.wall(agenda, slot):%H:%M}"
    assert begins in said(visitor.get("descriptif/"))
    assert said(visitor.get("creneaux/", vue="grille")).count(begins) >= 3  # the table, and the list of a phone twice
    visitor.takes(slot)
    assert visitor.passes().status_code == 302
    until = (clock.now() + timedelta(minutes=10)).astimezone(agenda.zone)
    assert f"jusqu'à {until:%H:%M}" in said(visitor.get("coordonnees/"))
    Booking.objects.all().delete()
    booking = world.ask(type, slot)
    entry = actions.join_waiting_list(type, world.details())
    movable_clock.move(hours=-1)  # 14:00 there
    offered(booking, entry)
    assert "18:00, heure du bureau" in said(opens(entry).get("/rdv/attente/"))


def test_the_pages_ask_as_many_queries_however_many_wait(visitor, type, taken):
    joins(visitor)
    browser = opens(WaitingEntry.objects.get())
    pages = (
        ("/rdv/attente/", browser),
        (f"{visitor.base}attente/", visitor.browser),
        (f"{visitor.base}attente/inscrit/", visitor.browser),
    )

    def counted():
        found = []
        for page, who in pages:
            with CaptureQueriesContext(connection) as seen:
                assert who.get(page).status_code == 200
            found.append(len(seen))
        return found

    one = counted()
    for _ in range(14):
        actions.join_waiting_list(type, world.details())
    assert counted() == one
