"""Which language a page speaks, and what changing it keeps."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from guichet.accounts.models import Account
from guichet.web.design import language

HOME_FR, HOME_EN = "Que voulez-vous faire ?", "What do you want to do?"


@pytest.fixture
def client():
    return Client(headers={"host": "localhost"})


@pytest.fixture
def english_account(db):
    return Account.objects.create(identifier="5903007192", email="a@example.org", language="en", display_name="A")


def texts(response):
    return response.content.decode()


@pytest.mark.django_db
def test_french_when_nothing_says_otherwise(client):
    response = client.get("/")
    assert HOME_FR in texts(response) and '<html lang="fr"' in texts(response)
    assert response.headers["Content-Language"] == "fr"
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in response.headers["Vary"].split(",")}


@pytest.mark.django_db
def test_the_browsers_preference_is_followed(client):
    response = client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})
    assert HOME_EN in texts(response) and '<html lang="en"' in texts(response)
    assert HOME_FR in texts(client.get("/", headers={"accept-language": "de"}))


@pytest.mark.django_db
def test_a_choice_in_the_address_is_kept_in_the_browser(client):
    response = client.get("/?lang=en")
    assert HOME_EN in texts(response)
    assert response.cookies["langue"].value == "en" and response.cookies["langue"]["httponly"]
    assert HOME_EN in texts(client.get("/", headers={"accept-language": "fr"}))
    assert HOME_FR in texts(client.get("/?lang=fr"))


@pytest.mark.django_db
def test_an_unknown_language_is_ignored(client):
    response = client.get("/?lang=xx")
    assert HOME_FR in texts(response) and "langue" not in response.cookies
    client.cookies["langue"] = "<script>"
    assert HOME_FR in texts(client.get("/"))


@pytest.mark.django_db
def test_the_accounts_language_comes_after_the_browsers_choice(client, english_account):
    client.force_login(english_account, backend="guichet.accounts.backends.IdentifierBackend")
    assert HOME_EN in texts(client.get("/", headers={"accept-language": "fr"}))
    client.get("/?lang=fr")
    assert HOME_FR in texts(client.get("/"))
    english_account.refresh_from_db()
    assert english_account.language == "en", "a page asked by GET does not change the account"


@pytest.mark.django_db
def test_the_link_to_the_other_language_keeps_the_place(client):
    page = texts(client.get("/titres/?pour=moi&situation=numero"))
    assert 'href="?pour=moi&amp;situation=numero&amp;lang=en"' in page


@pytest.mark.django_db
def test_the_language_does_not_leak_into_the_next_request(client):
    client.get("/?lang=en")
    assert translation.get_language() == "fr"
    assert HOME_FR in texts(Client(headers={"host": "localhost"}).get("/"))


@pytest.mark.django_db
def test_changing_language_in_a_form_keeps_what_was_typed_and_checks_nothing(client):
    typed = {"topic": "fraud", "message": "On m'a vendu un rendez-vous", "email": "pas une adresse", "_language": "en"}
    response = client.post("/contact/", typed)
    page = texts(response)
    assert response.status_code == 200
    assert '<html lang="en"' in page and "Contact us" in page
    assert "On m&#x27;a vendu un rendez-vous" in page and 'value="pas une adresse"' in page
    assert '<option value="fraud" selected>' in page
    assert "fr-message--error" not in page and 'id="erreurs"' not in page
    assert response.cookies["langue"].value == "en"


def test_only_a_form_sent_by_the_language_button_is_a_switch(rf):
    assert language.is_switch(rf.post("/", {"_language": "en"}))
    assert not language.is_switch(rf.post("/", {"_language": "xx"}))
    assert not language.is_switch(rf.post("/?lang=en", {}))
    assert not language.is_switch(rf.get("/?_language=en"))


def test_static_files_are_left_alone(rf):
    answered = language.LanguageMiddleware(lambda request: HttpResponse("css"))(rf.get("/static/design/guichet.css?lang=en"))
    assert "Content-Language" not in answered.headers and not answered.cookies
