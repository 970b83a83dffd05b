"""My account linked to FranceConnect; signing out of both."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.franceconnect import provider as franceconnect
from guichet.accounts.models import FranceConnectLink
from tests.accounts.helpers import NUMBER, make_account
from tests.web_account.franceconnect import (
    BEGIN,
    IDENTITY,
    SIGNED_OUT,
    UNLINK,
    come_back,
    give_number,
    is_in,
    leave,
    text,
)

pytestmark = pytest.mark.django_db


def test_the_account_shows_franceconnect_and_lets_it_go(provider, client):
    make_account()
    come_back(client, provider)
    give_number(client)
    assert f'action="{UNLINK}"' in text(client.get(reverse("account:home")))
    assert client.get(UNLINK).status_code == 405
    client.post(UNLINK)
    assert not FranceConnectLink.objects.exists()
    shown = text(client.get(reverse("account:home")))
    assert f'action="{UNLINK}"' not in shown and f'href="{BEGIN}"' in shown
    assert come_back(Client(), provider).headers["Location"] == IDENTITY


def test_one_links_from_one_s_account_without_typing_the_number(provider, client):
    client.force_login(make_account())
    come_back(client, provider)
    assert f'value="{NUMBER}"' in text(client.get(IDENTITY))


def test_signing_out_signs_out_of_franceconnect_and_comes_back(provider, client):
    make_account()
    come_back(client, provider)
    give_number(client)
    assert client.post(reverse("account:sign_out")).headers["Location"] == SIGNED_OUT
    assert not is_in(client)
    page = client.get(SIGNED_OUT)
    url = page.headers["Refresh"].removeprefix("0; url=")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["post_logout_redirect_uri"] == f"http://testserver{SIGNED_OUT}" and asked["id_token_hint"]
    assert url.replace("&", "&amp;") in text(page)
    back = client.get(SIGNED_OUT, {"state": asked["state"]}, follow=True)
    assert "Vous êtes déconnecté." in text(back)


def test_signing_out_everywhere_leaves_franceconnect_too(provider, client):
    make_account()
    come_back(client, provider)
    give_number(client)
    assert client.post(reverse("account:close_sessions"), {"which": "all"}).headers["Location"] == SIGNED_OUT
    assert "Refresh" in client.get(SIGNED_OUT).headers and not is_in(client)


def test_signing_out_of_a_provider_that_is_down_still_signs_out(provider, client):
    make_account()
    come_back(client, provider)
    give_number(client)
    provider.close()
    franceconnect._descriptions.clear()
    shown = client.post(reverse("account:sign_out"), follow=True)
    assert "Vous êtes déconnecté." in text(shown) and not is_in(client)


def test_whoever_signed_in_with_a_password_is_not_sent_to_franceconnect(provider, client):
    client.force_login(make_account())
    assert client.post(reverse("account:sign_out")).headers["Location"] == reverse("public:home")


def test_the_real_service_knows_one_address_whatever_the_browser_says(provider, client, settings, monkeypatch):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "simulated": False}
    settings.SITE_URL = "https://guichet.example.org"
    monkeypatch.setattr(franceconnect, "_may_be_asked", lambda url: True)
    asked = parse_qs(urlsplit(leave(client)).query)
    assert asked["redirect_uri"] == ["https://guichet.example.org/compte/franceconnect/retour/"]
