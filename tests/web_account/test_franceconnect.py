"""The pages of the way in by FranceConnect, with a provider that may lie."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse

from guichet.accounts.limits import FRANCECONNECT_STARTS
from guichet.accounts.models import Account, FranceConnectLink
from guichet.support.models import Ticket
from tests.accounts.helpers import EMAIL, NUMBER, activation_token, mails, make_account
from tests.web_account.franceconnect import (
    BEGIN,
    CALLBACK,
    IDENTITY,
    LANDING,
    MISMATCH,
    TROUBLE,
    come_back,
    give_number,
    is_in,
    leave,
    text,
)

pytestmark = pytest.mark.django_db


# The button


@pytest.mark.parametrize("page", ["sign_in", "create"])
def test_the_ways_in_offer_franceconnect_and_say_that_it_is_simulated(provider, client, page):
    shown = text(client.get(reverse(f"account:{page}")))
    assert f'href="{BEGIN}"' in shown
    assert "simulé" in shown


@pytest.mark.parametrize("page", ["sign_in", "create"])
def test_the_real_one_is_not_called_simulated(provider, client, settings, page):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "simulated": False}
    assert "simulé" not in text(client.get(reverse(f"account:{page}")))


def test_a_site_that_is_not_connected_says_so_and_opens_nothing(client):
    assert BEGIN not in text(client.get(reverse("account:sign_in")))
    shown = text(client.get(reverse("account:create")))
    assert BEGIN not in shown and "Ce site n'est pas raccordé à FranceConnect".replace("'", "&#x27;") in shown.replace(
        "'", "&#x27;"
    )
    assert client.get(BEGIN).status_code == 404


# The way


def test_whoever_is_known_gets_in_at_once(provider, client):
    make_account()
    come_back(client, provider)
    give_number(client)
    again = Client()
    assert come_back(again, provider).headers["Location"] == LANDING
    assert is_in(again)
    assert Account.objects.get().open_sessions.count() == 2


def test_one_comes_back_to_the_page_one_came_for(provider, client):
    make_account()
    come_back(client, provider, next="/notifications/")
    assert give_number(client).headers["Location"] == "/notifications/"


def test_nobody_is_led_out_of_the_site(provider, client):
    make_account()
    come_back(client, provider, next="https://evil.example.org/")
    assert give_number(client).headers["Location"] == LANDING


def test_the_first_time_the_number_is_asked_and_the_account_linked(provider, client):
    make_account()
    back = come_back(client, provider)
    assert back.headers["Location"] == IDENTITY and not is_in(client)
    shown = text(client.get(IDENTITY))
    assert "AMADOU DIALLO" in shown and 'value="Amadou@Exemple.fr"' in shown
    assert give_number(client, " 59 08 00 20 10 ").headers["Location"] == LANDING
    assert is_in(client)
    assert FranceConnectLink.objects.get().account.identifier == NUMBER
    assert len(mails("franceconnect_linked")) == 1


def test_the_session_changes_its_key_and_forgets_the_identity(provider, client):
    make_account()
    come_back(client, provider)
    before = client.session.session_key
    give_number(client)
    assert client.session.session_key != before
    assert not {"franceconnect_identity", "franceconnect_departures"} & set(client.session.keys())
    assert client.get(IDENTITY).status_code == 302


def test_no_identity_and_no_token_stand_in_an_address(provider, client):
    make_account()
    for response in (come_back(client, provider), give_number(client)):
        assert not parse_qs(urlsplit(response.headers["Location"]).query)


def test_whoever_is_not_that_person_makes_this_device_forget_them(provider, client):
    leave(client)
    come_back(client, provider)
    assert reverse("account:forget") in text(client.get(IDENTITY))
    assert client.post(reverse("account:forget"))["Location"] == reverse("account:create")
    assert "franceconnect_identity" not in client.session
    assert not is_in(client) and client.get(IDENTITY)["Location"] == reverse("account:sign_in")


def test_without_an_account_a_link_is_mailed(provider, client):
    come_back(client, provider)
    assert give_number(client, email="lu@exemple.fr").headers["Location"] == reverse("account:sent")
    shown = text(client.get(reverse("account:sent")))
    assert "lu@exemple.fr" in shown and IDENTITY in shown
    assert not is_in(client) and not Account.objects.exists()
    client.get(reverse("account:activate", args=[activation_token("lu@exemple.fr")]))
    done = client.post(
        reverse("account:activation"), {"password": "Trois-chats-gris-7", "password_again": "Trois-chats-gris-7"}
    )
    assert done.status_code == 302
    again = Client()
    come_back(again, provider)
    assert is_in(again)


def test_a_temporary_password_is_chosen_anew_first(provider, client):
    from guichet.core import clock

    account = make_account()
    account.temporary_password_until = clock.now()
    account.save()
    come_back(client, provider)
    assert give_number(client).headers["Location"] == reverse("account:change_password")


def test_an_officer_signed_in_the_same_browser_becomes_an_applicant_only(provider, client):
    make_account()
    client.force_login(make_account("agent@lille.fr", email="agent@lille.fr", kind="officer"))
    come_back(client, provider)
    give_number(client)
    assert str(client.session[SESSION_KEY]) == str(Account.objects.get(identifier=NUMBER).pk)


# What does not match


def test_another_identity_opens_nothing_says_so_and_is_handed_to_an_officer(provider, client):
    make_account()
    provider.claims["birthdate"] = "1990-01-02"
    come_back(client, provider)
    assert give_number(client).headers["Location"] == MISMATCH
    assert not is_in(client) and not FranceConnectLink.objects.exists()
    ticket = Ticket.objects.get()
    shown = text(client.get(MISMATCH))
    assert ticket.number in shown and "Rien n&#x27;a été ouvert".replace("&#x27;", "'") in shown.replace("&#x27;", "'")
    assert f'href="{IDENTITY}"' in shown
    assert (ticket.kind, ticket.email, ticket.context["door"], ticket.context["why"]) == (
        "blocked_account",
        EMAIL,
        "franceconnect",
        "mismatch",
    )
    claimed = ticket.context["claimed"]
    assert (claimed["foreigner_number"], claimed["last_name"], claimed["birth_date"]) == (NUMBER, "DIALLO", "1990-01-02")
    assert "la date de naissance" in ticket.message


def test_what_differs_is_for_the_officer_not_for_the_page(provider, client):
    """The page is the same whether the number is somebody else's or nobody's."""
    pages = []
    for number in (NUMBER, "5900000000"):
        visitor = Client()
        provider.claims["family_name"] = "AUTRE"
        come_back(visitor, provider)
        give_number(visitor, number)
        shown = text(visitor.get(MISMATCH))
        pages.append(shown.replace(visitor.session["franceconnect_ticket"], "N").split("<main")[1].split("</main>")[0])
    assert pages[0] == pages[1]
    assert [ticket.context["why"] for ticket in Ticket.objects.order_by("created_at")] == ["mismatch", "not_found"]


def test_the_same_mismatch_twice_is_one_ticket(provider, client):
    provider.claims["family_name"] = "AUTRE"
    come_back(client, provider)
    give_number(client)
    give_number(client)
    assert Ticket.objects.count() == 1


def test_after_a_mistake_the_right_number_opens(provider, client):
    make_account()
    come_back(client, provider)
    give_number(client, "5900000000")
    assert 'value="5900000000"' in text(client.get(IDENTITY))
    assert give_number(client).headers["Location"] == LANDING


def test_wrong_numbers_are_counted(provider, client):
    come_back(client, provider)
    answers = [give_number(client, f"59000000{number:02}").status_code for number in range(10, 45)]
    assert answers[0] == 302 and answers[-1] == 429


def test_a_registry_that_is_down_loses_nothing(provider, client):
    come_back(client, provider)
    shown = give_number(client, "5908002009")
    assert shown.status_code == 200
    assert 'value="5908002009"' in text(shown) and "réessayez dans quelques minutes" in text(shown)
    assert not Ticket.objects.exists()
    make_account()
    assert give_number(client).headers["Location"] == LANDING


# What goes wrong on the way


def assert_told(client, response, sentence):
    assert response.headers["Location"] == TROUBLE
    shown = client.get(TROUBLE)
    assert shown.status_code == 200 and sentence in text(shown)
    assert not is_in(client)


def test_whoever_gives_up_is_told_that_nothing_happened(provider, client):
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    assert_told(client, client.get(CALLBACK, {"error": "access_denied", "state": state}), "a été arrêtée")


def test_an_error_of_the_provider_is_told(provider, client):
    state = parse_qs(urlsplit(leave(client)).query)["state"][0]
    assert_told(client, client.get(CALLBACK, {"error": "server_error", "state": state}), "ne répond pas")


def test_a_provider_that_is_down_is_told_before_leaving(provider, client):
    provider.close()
    assert_told(client, client.get(BEGIN), "FranceConnect ne répond pas")


def test_a_provider_that_goes_down_on_the_way_is_told(provider, client):
    code, asked = provider.authorize(leave(client))
    provider.failing.add("/userinfo")
    assert_told(client, client.get(CALLBACK, {"code": code, "state": asked["state"]}), "ne répond pas")


def test_a_tampered_token_is_told(provider, client):
    provider.spoil = lambda token: token[:-6] + "AAAAAA"
    make_account()
    assert_told(client, come_back(client, provider), "pas pu être vérifiée")


def test_a_clock_that_is_wrong_is_told(provider, client):
    provider.id_token = lambda claims: claims | {"iat": claims["iat"] - 7200, "exp": claims["exp"] - 7200}
    assert_told(client, come_back(client, provider), "pas pu être vérifiée")


def test_an_incomplete_identity_is_told(provider, client):
    del provider.claims["birthdate"]
    assert_told(client, come_back(client, provider), "identité complète")


@pytest.mark.parametrize("params", [{}, {"state": "invented", "code": "x"}, {"code": "x"}, {"error": "access_denied"}])
def test_an_answer_to_no_departure_is_not_heard(provider, client, params):
    leave(client)
    assert_told(client, client.get(CALLBACK, params), "plus valable")
    assert not any(path == "/token" for path, _ in provider.asked)


def test_the_answer_to_somebody_else_s_departure_is_not_heard(provider, client):
    """An attacker's link, followed by a victim: the victim does not enter the attacker's account."""
    code, asked = provider.authorize(leave(Client()))
    assert_told(client, client.get(CALLBACK, {"code": code, "state": asked["state"]}), "plus valable")


def test_an_answer_is_heard_once(provider, client):
    make_account()
    code, asked = provider.authorize(leave(client))
    answer = {"code": code, "state": asked["state"]}
    assert client.get(CALLBACK, answer).headers["Location"] == IDENTITY
    assert client.get(CALLBACK, answer).headers["Location"] == TROUBLE
    give_number(client)
    assert client.get(CALLBACK, answer).headers["Location"] == LANDING  # in already: nothing to say


def test_two_tabs_may_leave_at_once(provider, client):
    first, second = leave(client), leave(client)
    for url in (first, second):
        code, asked = provider.authorize(url)
        assert client.get(CALLBACK, {"code": code, "state": asked["state"]}).headers["Location"] == IDENTITY


@pytest.mark.parametrize("stage", ["away", "number"])
def test_one_does_not_wait_for_ever(provider, client, movable_clock, stage):
    make_account()
    code, asked = provider.authorize(leave(client))
    if stage == "away":
        movable_clock.move(minutes=16)
        assert client.get(CALLBACK, {"code": code, "state": asked["state"]}).headers["Location"] == TROUBLE
    else:
        client.get(CALLBACK, {"code": code, "state": asked["state"]})
        movable_clock.move(minutes=16)
        assert_told(client, give_number(client), "plus valable")


def test_departures_are_counted(provider, client):
    for _ in range(FRANCECONNECT_STARTS.tries):
        client.get(BEGIN)
    assert_told(client, client.get(BEGIN), "quart d&#x27;heure")


@pytest.mark.parametrize("page", [TROUBLE, MISMATCH, IDENTITY])
def test_the_pages_of_the_way_lead_to_the_door_without_it(provider, client, page):
    assert client.get(page).headers["Location"] == reverse("account:sign_in")


def test_a_form_sent_without_an_identity_opens_nothing(provider, client):
    make_account()
    assert_told(client, give_number(client), "plus valable")
