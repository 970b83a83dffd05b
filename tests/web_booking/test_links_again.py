"""The page for who lost the mail with the link: the same for everybody, and where people look for it."""

import html
import json
import re

import pytest
from django.test import Client

from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.contracts.test_logs import stream as stream  # a fixture
from tests.web_booking.conftest import solved
from tests.web_booking.test_way import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "light_check")]
ANA = "ana@example.org"


@pytest.fixture
def asked(type, slot):
    return world.ask(type, slot, world.details(email=ANA))


def a_browser(language="fr"):
    return Client(headers={"Accept-Language": language})


def passes(browser):
    page = browser.get("/rdv/gerer/liens/controle/").content.decode()
    proof = solved(json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', page)[1])))
    return browser.post("/rdv/gerer/liens/controle/", {"proof": proof})


def asks(email, browser=None):
    browser = browser or a_browser()
    assert browser.post("/rdv/gerer/liens/", {"email": email})["Location"] == "/rdv/gerer/liens/controle/"
    assert passes(browser)["Location"] == "/rdv/gerer/liens/envoyes/"
    return browser.get("/rdv/gerer/liens/envoyes/")


def mails():
    return OutboxMessage.objects.filter(template="appointment_links")


def test_from_the_address_to_the_page_of_the_appointment(asked):
    page = text_of(asks(ANA))
    assert ANA in page and "courriers indésirables" in page and "À l'accueil du bureau" in page
    link = next(line for line in mails().get().body.splitlines() if "/rdv/demande/" in line)
    reader = a_browser()
    reader.get("/" + link.split("/", 3)[3])
    assert asked.reference in text_of(reader.get("/rdv/demande/"))


def test_nobody_learns_who_has_an_appointment(asked):
    """The same page, the same status, the same way there, byte for byte but the address."""

    def answers(email):
        browser = a_browser()
        first = browser.post("/rdv/gerer/liens/", {"email": email})
        second = passes(browser)
        third = browser.get("/rdv/gerer/liens/envoyes/")
        body = third.content.decode().replace(email, "x@example.org")
        body = re.sub(r'(csrf[a-z]*" value|nonce)="[^"]*"', "", body)
        return [(one.status_code, one.get("Location")) for one in (first, second, third)], body

    assert answers(ANA) == answers("nobody@example.org")
    assert answers(ANA) == answers("nobody@example.org"), "also when no more is mailed"
    assert mails().count() == 1


def test_nothing_leaves_before_the_check_is_passed(asked):
    browser = a_browser()
    assert browser.get("/rdv/gerer/liens/controle/")["Location"] == "/rdv/gerer/liens/"
    assert browser.get("/rdv/gerer/liens/envoyes/")["Location"] == "/rdv/gerer/liens/"
    browser.post("/rdv/gerer/liens/", {"email": ANA})
    assert ANA in text_of(browser.get("/rdv/gerer/liens/controle/"))
    assert browser.post("/rdv/gerer/liens/controle/", {"proof": "none"}).status_code == 422
    assert browser.get("/rdv/gerer/liens/envoyes/")["Location"] == "/rdv/gerer/liens/"
    assert not mails().exists()


def test_a_check_serves_once(asked):
    browser = a_browser()
    asks(ANA, browser)
    assert browser.get("/rdv/gerer/liens/controle/")["Location"] == "/rdv/gerer/liens/"


def test_without_scripts_a_question_does(asked, monkeypatch):
    browser = a_browser()
    browser.post("/rdv/gerer/liens/", {"email": ANA})
    page = browser.get("/rdv/gerer/liens/controle/?question=1").content.decode()
    token = re.search(r'name="question" value="([^"]+)"', page)[1]
    monkeypatch.setattr("guichet.core.questions.is_right", lambda pick, typed: typed == "right")
    sent = browser.post("/rdv/gerer/liens/controle/", {"question": token, "answer": "right"})
    assert sent["Location"] == "/rdv/gerer/liens/envoyes/" and mails().count() == 1


@pytest.mark.parametrize("typed", ["", "ana", "ana@", "ana@example"])
def test_an_address_that_is_none_is_kept_and_said_to_be_wrong(typed):
    answer = a_browser().post("/rdv/gerer/liens/", {"email": typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and f'value="{typed}"' in page if typed else answer.status_code == 422
    assert 'href="#liens_email"' in page and 'id="liens_email"' in page


def test_the_address_is_there_to_be_corrected():
    browser = a_browser()
    browser.post("/rdv/gerer/liens/", {"email": "anna@example.org"})
    assert 'value="anna@example.org"' in browser.get("/rdv/gerer/liens/").content.decode()


def test_one_place_has_both_ways_and_is_found_from_everywhere(visitor, asked):
    browser = a_browser()
    page = browser.get("/rdv/gerer/").content.decode()
    assert 'action="/rdv/gerer/liens/"' in page and 'name="reference"' in page
    assert len(re.findall(r'id="[a-z]+_email"', page)) == len(set(re.findall(r'id="[a-z]+_email"', page))) == 2
    for address in ("/rdv/", visitor.base, "/aide/", "/aide/rendez-vous-etudiant/", "/plan-du-site/"):
        assert 'href="/rdv/gerer/"' in browser.get(address).content.decode(), address


def test_a_link_that_is_none_leads_there():
    for address in ("/rdv/demande/x/", "/rdv/attente/x/", "/rdv/inscription/x/"):
        assert a_browser().get(address)["Location"] == "/rdv/gerer/", address


def test_in_english(asked):
    page = text_of(asks(ANA, a_browser("en")))
    assert "spam" in page and "courriel" not in page
    assert mails().get().language == "en"


def test_no_log_and_no_address_bar_tells_whose_it_is(stream, asked):
    browser = a_browser()
    answers = [browser.post("/rdv/gerer/liens/", {"email": ANA}), passes(browser), browser.get("/rdv/gerer/liens/envoyes/")]
    assert not [one for one in answers if ANA in one.get("Location", "")]
    assert all("no-store" in one["Cache-Control"] for one in answers)
    stream.assert_silent_on(ANA, world.token(asked))


def test_who_has_a_request_already_finds_their_address_typed(visitor, slot, asked):
    """They were led there from the form that they had just filled in."""
    same = {"first_names": asked.first_names, "last_name": asked.last_name, "email": "new@example.org"}
    assert visitor.asks(slot, **same, email_again="new@example.org")["Location"] == "/rdv/gerer/"
    page = visitor.browser.get("/rdv/gerer/").content.decode()
    assert page.count('value="new@example.org"') == 1
    assert ANA not in page, "nothing of the other request is shown"


@pytest.mark.parametrize(
    "page", ["demande/", "demande/annuler/", "attente/", "attente/quitter/", "inscription/", "inscription/voeux/"]
)
def test_the_day_after_or_on_another_device_the_page_of_a_link_says_how_to_have_it_again(page):
    for answer in (a_browser().get(f"/rdv/{page}", follow=True), a_browser().post(f"/rdv/{page}", follow=True)):
        if answer.status_code != 405:
            assert answer.redirect_chain[-1][0] == "/rdv/gerer/" and "Nous vous le renvoyons ci-dessous" in text_of(answer)


def test_an_address_that_looks_mistyped_is_corrected_by_one_press():
    browser = a_browser()
    browser.post("/rdv/gerer/liens/", {"email": "ana@gmial.com"})
    page = text_of(browser.get("/rdv/gerer/liens/controle/"))
    assert "Vouliez-vous dire" in page and 'name="email" value="ana@gmail.com"' in page
    assert browser.post("/rdv/gerer/liens/", {"email": "ana@gmail.com"})["Location"] == "/rdv/gerer/liens/controle/"
    assert "Vouliez-vous dire" not in text_of(browser.get("/rdv/gerer/liens/controle/"))
