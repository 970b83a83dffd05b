"""The first sign-in with the password that was mailed: it opens one thing, choosing one's own."""

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts import actions, queries
from guichet.accounts.models import Account
from guichet.core.events import SYSTEM
from guichet.web.design.gate import OPEN
from tests.accounts.helpers import CHINEDU, EMAIL, PASSWORD, open_by_visa
from tests.accounts.test_numbers import mailed_password
from tests.contracts import addresses

pytestmark = pytest.mark.django_db
CHOOSE = reverse("account:change_password")
SIGN_IN = reverse("account:sign_in")


@pytest.fixture
def the_demonstration(settings):
    """With its pages, which show nothing of the account."""
    settings.ROOT_URLCONF = "tests.contracts.demo_urls"
    settings.DEMO = True


@pytest.fixture
def given(client):
    """Somebody who came by a visa and was given a number; ``client`` has signed in with the mailed password."""
    (person,) = queries.persons_of(open_by_visa())
    actions.give_foreigner_number(person, CHINEDU, SYSTEM, reason="Passeport vu.")
    response = client.post(SIGN_IN, {"identifier": CHINEDU, "password": mailed_password()})
    assert response["Location"] == CHOOSE
    return Account.objects.get()


def test_choosing_one_s_own_password_opens_the_account(client, given):
    page = client.get(CHOOSE).content.decode()
    assert CHINEDU in page
    assert "mot de passe provisoire" in page and 'name="current"' not in page
    response = client.post(CHOOSE, {"password": PASSWORD, "password_again": PASSWORD})
    assert response["Location"] == reverse("applicant:applications")
    assert client.get(response["Location"]).status_code == 200
    assert 'name="current"' in client.get(CHOOSE).content.decode(), "from now on the current one is asked for"
    browser = Client()
    browser.post(SIGN_IN, {"identifier": CHINEDU, "password": mailed_password()})
    assert "_auth_user_id" not in browser.session


def test_what_one_came_for_waits_for_the_choice(given):
    wanted = "/demandes/commencer/?procedure=ase"
    browser = Client()
    browser.post(f"{SIGN_IN}?next={wanted}", {"identifier": CHINEDU, "password": mailed_password(), "next": wanted})
    assert browser.post(CHOOSE, {"password": PASSWORD, "password_again": PASSWORD})["Location"] == wanted


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        (PASSWORD, "Autre-chose-7", "différents"),
        ("court", "court", "Il manque"),
        (f"Aa-{CHINEDU}", f"Aa-{CHINEDU}", "ressemble"),
    ],
)
def test_a_refused_choice_is_explained_and_the_gate_stays_shut(client, given, password, again, said):
    page = client.post(CHOOSE, {"password": password, "password_again": again})
    assert said in page.content.decode()
    assert client.get(reverse("account:home"))["Location"] == CHOOSE


def test_the_mailed_password_is_not_one_s_own(client, given):
    page = client.post(CHOOSE, {"password": mailed_password(), "password_again": mailed_password()})
    assert "connu de vous seul" in page.content.decode()


def test_the_gate_lets_through_nothing_else(client, given, the_demonstration):
    """Every route of the site, asked by GET and by POST; what its arguments are does not matter before the gate."""
    for route, pattern in addresses.routes().items():
        if route in OPEN:
            continue
        arguments = {name: _any(converter) for name, converter in pattern.pattern.converters.items()}
        for method in (client.get, client.post):
            if route.startswith("demo:"):
                assert client.get(reverse(route, kwargs=arguments)).get("Location") != CHOOSE, route
                continue
            response = method(reverse(route, kwargs=arguments))
            assert (response.status_code, response["Location"]) == (302, CHOOSE), route
    assert Account.objects.get().email == EMAIL and Account.objects.get().must_change_password


def _any(converter):
    return {"UUIDConverter": "00000000-0000-0000-0000-000000000000", "IntConverter": 1}.get(type(converter).__name__, "x")


def test_one_may_still_leave_ask_for_help_and_read_in_another_language(client, given):
    for route in ("public:help", "public:contact", "public:accessibility", "account:sign_out"):
        assert client.get(reverse(route)).status_code == 200, route
    assert "Choose my password" in client.get(f"{CHOOSE}?lang=en").content.decode()
    assert client.post(reverse("account:choose_language"), {"language": "en"}).status_code == 302
    assert client.post(reverse("account:sign_out")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_mailed_password_past_its_day_opens_nothing_and_the_page_leads_to_another(given, movable_clock):
    movable_clock.move(days=8)
    browser = Client()
    page = browser.post(SIGN_IN, {"identifier": CHINEDU, "password": mailed_password()})
    assert "_auth_user_id" not in browser.session
    assert reverse("account:forgotten_password") in page.content.decode()
