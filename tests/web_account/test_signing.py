"""Signing in and out, forgotten password and identifier, as pages."""

import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account, OpenSession
from tests.accounts.helpers import EMAIL, NUMBER, PASSWORD, mails, make_account, path_in
from tests.web_account.test_opening import changeless

pytestmark = pytest.mark.django_db
SIGN_IN = reverse("account:sign_in")
NEW = "Quatre-chiens-noirs-8"
HOME = reverse("account:home")


@pytest.fixture
def account():
    return make_account()


def sign_in(client, identifier=NUMBER, password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"identifier": identifier, "password": password}, **extra)


def is_in(client):
    return SESSION_KEY in client.session


@pytest.mark.parametrize("identifier", [NUMBER, "59 08 00 20 10", " 5908.002.010 "])
def test_the_foreigner_number_signs_in_however_it_is_spaced(account, client, identifier):
    assert sign_in(client, identifier).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("identifier", ["nadia@exemple.fr", " Nadia@Exemple.FR "])
def test_the_e_mail_signs_in_when_it_is_the_identifier(client, identifier):
    make_account("nadia@exemple.fr", email="nadia@exemple.fr")
    sign_in(client, identifier)
    assert is_in(client)


def test_the_address_of_a_number_account_is_no_identifier(account, client):
    sign_in(client, EMAIL)
    assert not is_in(client)


def test_unknown_wrong_and_officer_are_told_alike():
    make_account(NUMBER)
    make_account("agent@lille.fr", email="agent@lille.fr", kind="officer")

    def told(identifier, password):
        page = sign_in(Client(), identifier, password)
        return page.status_code, changeless(page).replace(identifier, "I")

    answers = {
        told(NUMBER, "faux"),
        told("5900000000", "faux"),
        told("agent@lille.fr", PASSWORD),
        told("x@exemple.fr", PASSWORD),
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 200


def test_a_closed_account_does_not_sign_in(account, client):
    Account.objects.update(is_active=False)
    sign_in(client)
    assert not is_in(client)


def test_the_password_is_never_written_back_and_the_identifier_is_kept(account, client):
    page = sign_in(client, NUMBER, "Faux-secret-1").content.decode()
    assert "Faux-secret-1" not in page
    assert f'value="{NUMBER}"' in page


def test_five_wrong_passwords_lock_this_address_for_this_identifier_only(account, client):
    other = make_account("nadia@exemple.fr", email="nadia@exemple.fr")
    for _ in range(5):
        locked = sign_in(client, NUMBER, "faux", REMOTE_ADDR="203.0.113.9")
    assert locked.status_code == 429
    text = locked.content.decode()
    assert "15 minutes" in text
    assert reverse("account:forgotten_password") in text
    assert sign_in(client, REMOTE_ADDR="203.0.113.9").status_code == 429  # even with the right password
    assert sign_in(client, "59 08 00 20 10", REMOTE_ADDR="203.0.113.9").status_code == 429  # nor spaced otherwise
    assert not is_in(client)
    sign_in(client, other.identifier, REMOTE_ADDR="203.0.113.9")
    assert is_in(client)
    rightful = Client()
    sign_in(rightful, REMOTE_ADDR="198.51.100.7")
    assert is_in(rightful)


def test_a_spray_of_passwords_over_many_identifiers_meets_the_limit_of_the_address(account, client):
    for number in range(60):
        sign_in(client, f"77{number:06}11", "Printemps-2026!", REMOTE_ADDR="203.0.113.9")
    page = sign_in(client, "7700009911", "Printemps-2026!", REMOTE_ADDR="203.0.113.9")
    assert page.status_code == 429
    assert "minutes" in page.content.decode()
    sign_in(client, REMOTE_ADDR="198.51.100.7")
    assert is_in(client)


def test_a_lock_does_not_tell_whether_the_account_exists(account):
    def locked(identifier):
        for _ in range(5):
            page = sign_in(Client(), identifier, "faux")
        return page.status_code, changeless(page)

    assert locked(NUMBER) == locked("5900000000")


def test_a_right_password_forgives_the_wrong_ones_before(account, client):
    for _ in range(3):
        for _ in range(4):
            sign_in(client, NUMBER, "faux")
        assert sign_in(client).status_code == 302


def test_resetting_the_password_opens_the_lock(account, client):
    for _ in range(6):
        sign_in(client, NUMBER, "faux")
    client.post(reverse("account:forgotten_password"), {"identifier": NUMBER})
    client.get(path_in(mails("password_reset")[0], "/compte/reinitialiser/"))
    response = client.post(reverse("account:new_password"), {"password": NEW, "password_again": NEW})
    assert response["Location"] == SIGN_IN
    assert sign_in(client, password=NEW).status_code == 302
    assert is_in(client)


def test_the_session_gets_a_new_key_and_forgets_what_was_anonymous(account, client):
    client.get(reverse("account:activate", args=["quelconque"]))  # something in an anonymous session
    before = client.session.session_key
    assert before
    sign_in(client)
    assert client.session.session_key != before
    assert not SessionStore().exists(before)
    assert "account_link" not in client.session


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/compte/mot-de-passe/", "/compte/mot-de-passe/"),
        ("https://pirate.example/", None),
        ("//pirate.example/", None),
        ("/\\pirate.example/", None),
        ("javascript:alert(1)", None),
        ("http:///pirate.example", None),
    ],
)
def test_one_goes_on_to_pages_of_this_site_only(account, client, wanted, goes):
    response = client.post(SIGN_IN, {"identifier": NUMBER, "password": PASSWORD, "next": wanted})
    assert response["Location"] == (goes or reverse("applicant:applications"))
    again = client.get(SIGN_IN, {"next": wanted})
    assert again["Location"] == (goes or reverse("applicant:applications"))


def test_a_guarded_page_comes_back_after_signing_in(account, client):
    response = client.get(reverse("account:change_password"))
    assert response["Location"] == f"{SIGN_IN}?next=%2Fcompte%2Fmot-de-passe%2F"
    page = client.get(response["Location"]).content.decode()
    assert 'name="next" value="/compte/mot-de-passe/"' in page
    assert client.post(reverse("account:close_sessions"))["Location"] == SIGN_IN


def test_signing_out_takes_a_post(account, client):
    sign_in(client)
    assert client.get(reverse("account:sign_out")).status_code == 200
    assert is_in(client)
    client.post(reverse("account:sign_out"))
    assert not is_in(client)
    assert not OpenSession.objects.exists()


def test_forgotten_password_says_the_same_whoever_is_asked_for(account):
    def walk(identifier):
        browser = Client()
        first = browser.post(reverse("account:forgotten_password"), {"identifier": identifier})
        return first.status_code, first["Location"], changeless(browser.get(first["Location"]))

    make_account("agent@lille.fr", email="agent@lille.fr", kind="officer")
    assert len({walk(NUMBER), walk("5900000000"), walk("agent@lille.fr"), walk("x@exemple.fr")}) == 1
    assert [mail.address for mail in mails()] == [EMAIL]


def test_forgotten_identifier_says_the_same_whatever_the_address(account):
    def walk(email):
        browser = Client()
        first = browser.post(reverse("account:forgotten_identifier"), {"email": email})
        return first.status_code, first["Location"], changeless(browser.get(first["Location"]))

    assert walk(EMAIL) == walk("personne@exemple.fr")


def test_too_many_forgotten_passwords_from_one_address_wait(account, client):
    for _ in range(6):
        client.post(reverse("account:forgotten_password"), {"identifier": NUMBER})
    page = client.post(reverse("account:forgotten_password"), {"identifier": NUMBER})
    assert page.status_code == 429
    assert f'value="{NUMBER}"' in page.content.decode()


def test_a_reset_link_leads_to_a_form_without_token_and_serves_once(account, client):
    client.post(reverse("account:forgotten_password"), {"identifier": NUMBER})
    link = path_in(mails()[0], "/compte/reinitialiser/")
    page = client.get(link, follow=True)
    assert page.redirect_chain == [(reverse("account:new_password"), 302)]
    assert client.post(reverse("account:new_password"), {"password": "court", "password_again": "court"}).status_code == 200
    client.post(reverse("account:new_password"), {"password": NEW, "password_again": NEW})
    used = client.get(link, follow=True)
    assert used.status_code == 410
    assert reverse("account:forgotten_password") in used.content.decode()


def test_an_activation_link_is_no_reset_link(account, client):
    client.post(reverse("account:forgotten_password"), {"identifier": NUMBER})
    token = path_in(mails()[0], "/compte/reinitialiser/").split("/")[3]
    assert client.get(reverse("account:activate", args=[token]), follow=True).status_code == 404


# My account


def test_my_account_shows_identity_people_and_browsers_at_a_constant_cost(account, client, django_assert_max_num_queries):
    sign_in(client)
    others = [Client() for _ in range(5)]
    for other in others:
        sign_in(other, headers={"user-agent": "Mozilla/5.0 (Android 15) Firefox/140.0"})
    with django_assert_max_num_queries(6):
        page = client.get(HOME).content.decode()
    assert NUMBER in page
    assert EMAIL in page
    assert "Amadou DIALLO" in page
    assert page.count("Firefox, Android") == 5
    assert page.count("Cet appareil") == 1


def test_signing_out_elsewhere_or_everywhere(account, client):
    sign_in(client)
    other = Client()
    sign_in(other)
    client.post(reverse("account:close_sessions"), {"which": "others"})
    assert client.get(HOME).status_code == 200
    assert other.get(HOME).status_code == 302
    sign_in(other)
    client.post(reverse("account:close_sessions"), {"which": "all"})
    assert client.get(HOME).status_code == 302
    assert other.get(HOME).status_code == 302


def test_changing_the_password_ends_the_other_browsers_and_not_this_one(account, client):
    sign_in(client)
    other = Client()
    sign_in(other)
    url = reverse("account:change_password")
    wrong = client.post(url, {"current": "faux", "password": NEW, "password_again": NEW})
    assert "actuel" in wrong.content.decode()
    response = client.post(url, {"current": PASSWORD, "password": NEW, "password_again": NEW})
    assert response["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert client.get(HOME).content.decode().count("Cet appareil") == 1
    assert other.get(HOME).status_code == 302
    assert [mail.template for mail in mails()] == ["password_changed"]


def test_the_language_chosen_is_that_of_pages_and_mails(account, client):
    sign_in(client)
    response = client.post(reverse("account:choose_language"), {"language": "en"}, follow=True)
    assert "My account" in response.content.decode()
    account.refresh_from_db()
    assert account.language == "en"
    client.post(reverse("account:choose_language"), {"language": "xx"})
    account.refresh_from_db()
    assert account.language == "en"


def test_adding_a_person_without_number(account, client):
    sign_in(client)
    url = reverse("account:add_person")
    assert "À quel titre" in client.post(url, {"birth_name": "Keita"}).content.decode()
    client.post(url, {"capacity": "guardian", "birth_name": "Keita", "first_names": "Fanta"})
    assert re.search(r"Fanta KEITA</strong>\s*– sous ma tutelle", client.get(HOME).content.decode())


def test_an_officer_is_refused_on_an_applicant_s_page(client):
    officer = make_account("agent@lille.fr", email="agent@lille.fr", kind="officer")
    client.force_login(officer)
    assert client.get(HOME).status_code == 403


@pytest.mark.parametrize("wanted", ["home", "?onglet=titres", "//autre.example/", "https://autre.example/", "account:home"])
def test_what_is_not_a_page_of_this_site_leads_nowhere_and_breaks_nothing(account, client, wanted):
    """A bare word would be read as the name of a route: an error right after signing in, and the session lost with it."""
    response = client.post(SIGN_IN, {"identifier": NUMBER, "password": PASSWORD, "next": wanted})
    assert (response.status_code, response["Location"]) == (302, reverse("applicant:applications"))
