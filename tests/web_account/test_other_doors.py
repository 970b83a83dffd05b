"""The doors of the residence permit and of the visa, through their pages: what is told, what is kept, what never shows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account, LinkToken, OpenSession
from guichet.core.models import Event
from guichet.support.models import Ticket
from tests.accounts.helpers import (
    CHINEDU,
    EMAIL,
    KIM,
    LUCAS,
    PASSWORD,
    a_permit,
    mails,
    make_account,
    open_by_visa,
    path_in,
    visa_of,
)
from tests.web_account.test_opening import changeless

pytestmark = pytest.mark.django_db
PERMIT, VISA = reverse("account:create_with_permit"), reverse("account:create_with_visa")
AGAIN, ACCESS, SENT = reverse("account:visa_again"), reverse("account:visa_access"), reverse("account:sent")


def boxes(name, day):
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def typed_permit(**changes):
    _, permit = a_permit()
    dates = {**boxes("valid_from", permit.valid_from), **boxes("valid_until", permit.valid_until)}
    return {"capacity": "self", "permit_number": permit.number, **dates, "email": EMAIL, "email_again": EMAIL, **changes}


def typed_visa(number=KIM, **changes):
    visa = visa_of(KIM if number not in (KIM, LUCAS) else number)
    dates = {**boxes("valid_from", visa.valid_from), **boxes("valid_until", visa.valid_until)}
    return {"visa_number": number, **dates, "email": EMAIL, "email_again": EMAIL, **changes}


DOORS = [(PERMIT, typed_permit), (VISA, typed_visa)]


def link(under="/compte/visa/lien/"):
    return path_in(mails("visa_access")[-1], under)


# --- Both doors


@pytest.mark.parametrize(("door", "typed"), DOORS)
def test_what_does_not_match_is_said_kept_and_offers_help(client, door, typed):
    page = client.post(door, typed(**boxes("valid_until", visa_of().valid_until + timedelta(days=400))))
    text = page.content.decode()
    assert page.status_code == 200
    assert "ne correspondent" in text
    assert f'value="{EMAIL}"' in text
    assert reverse("account:ask_for_help") in text
    assert not mails()
    assert EMAIL in client.get(door).content.decode(), "one may come back"


@pytest.mark.parametrize(("door", "typed"), DOORS)
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"valid_until_year": "1999"}, "avant le premier"),
        ({"valid_from_month": "13"}, "1 à 12"),
        ({"email": "amadou"}, "adresse électronique complète"),
        ({"email_again": "autre@exemple.fr"}, "Les deux adresses"),
    ],
)
def test_a_wrong_entry_is_said_where_it_is(client, door, typed, changes, said):
    page = client.post(door, typed(**changes)).content.decode()
    assert said in page and 'id="erreurs"' in page
    assert not mails()


@pytest.mark.parametrize(("door", "typed"), DOORS)
def test_after_five_mismatches_this_address_waits_and_another_gets_in(client, door, typed):
    wrong = typed(**boxes("valid_until", visa_of().valid_until + timedelta(days=400)))
    for _ in range(5):
        assert client.post(door, wrong, REMOTE_ADDR="203.0.113.9").status_code == 200
    blocked = client.post(door, typed(), REMOTE_ADDR="203.0.113.9")
    assert blocked.status_code == 429
    assert reverse("account:ask_for_help") in blocked.content.decode()
    assert client.post(door, typed(), REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize(
    ("door", "typed"),
    [
        (PERMIT, lambda: typed_permit(permit_number="AB12345609")),
        (PERMIT, lambda: typed_permit(permit_number="AB12345608")),
        (VISA, lambda: typed_visa("FRA2600000009")),
        (VISA, lambda: typed_visa("FRA2600000008")),
    ],
)
def test_a_registry_that_is_down_says_so_keeps_everything_and_offers_help(client, door, typed):
    sent = typed()
    answer = client.post(door, sent)
    assert answer.status_code == 200
    assert "ne répond pas" in answer.content.decode()
    assert reverse("account:ask_for_help") in answer.content.decode()
    later = client.get(door).content.decode()
    for name, value in sent.items():
        if name not in ("capacity",):
            assert f'name="{name}" value="{value}"' in later, name
    assert "gardé" in later


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("door", ["permit", "visa"])
def test_whether_an_account_exists_never_shows(door, language):
    """The same pages byte for byte, with and without somebody on the identity; the visas are two, the permit is asked twice."""

    def walk(address, data):
        browser = Client(headers={"accept-language": language})
        first = browser.post(address, data)
        page = browser.get(SENT)
        again = browser.post(SENT)
        return [
            (first.status_code, first["Location"]),
            changeless(page).replace(data["email"], "E"),
            (again.status_code, again["Location"]),
            changeless(browser.get(SENT)).replace(data["email"], "E"),
        ]

    if door == "visa":
        free = walk(VISA, typed_visa(LUCAS))
        open_by_visa(KIM, email="proprietaire@exemple.fr")
        taken = walk(VISA, typed_visa(KIM))
    else:
        free = walk(PERMIT, typed_permit())
        LinkToken.objects.all().delete()
        make_account(CHINEDU, email="proprietaire@exemple.fr")
        from django.core.cache import cache

        cache.clear()
        taken = walk(PERMIT, typed_permit())
    assert taken == free
    assert [mail.address for mail in mails("account_exists")] == ["proprietaire@exemple.fr"]
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.email, ticket.context["door"]) == ("second_claim", EMAIL, door)


# --- The permit


def test_from_the_permit_to_the_first_sign_in(client):
    response = client.post(PERMIT, typed_permit(permit_number="a1b2-c3d4 e"))
    assert response["Location"] == SENT
    assert CHINEDU not in client.get(SENT).content.decode()
    client.get(path_in(mails()[0], "/compte/activer/"))
    client.post(reverse("account:activation"), {"password": PASSWORD, "password_again": PASSWORD})
    response = client.post(reverse("account:sign_in"), {"identifier": CHINEDU, "password": PASSWORD})
    assert response.status_code == 302
    home = client.get(reverse("account:home")).content.decode()
    assert "OKAFOR" in home and CHINEDU in home
    chosen = client.get(reverse("public:orientation"), follow=True).content.decode()
    assert "sans titre" not in chosen, "the permit was read at the first sign-in: nobody is told that they hold none"


# --- The visa


def test_from_the_visa_straight_to_what_one_came_for_without_a_password():
    """The mail is read on another device: the link still leads to the procedure that was chosen on the first one."""
    first = Client()
    wanted = "/demandes/commencer/?procedure=ase"
    first.get(reverse("account:create"), {"next": wanted})
    assert first.post(VISA, typed_visa())["Location"] == SENT
    elsewhere = Client()
    assert elsewhere.get(link())["Location"] == ACCESS
    page = elsewhere.get(ACCESS).content.decode()
    assert "Seo-yeon KIM" in page
    response = elsewhere.post(ACCESS)
    assert response["Location"] == wanted
    home = elsewhere.get(reverse("account:home"))
    assert home.status_code == 200
    assert "visa:" not in home.content.decode() and KIM not in home.content.decode()


def test_without_a_procedure_in_view_the_first_visit_leads_to_the_choice_and_the_next_to_one_s_applications(
    client, movable_clock
):
    client.post(VISA, typed_visa())
    client.get(link())
    assert client.post(ACCESS)["Location"] == reverse("public:orientation")
    client.post(reverse("account:sign_out"))
    movable_clock.move(seconds=61)
    assert client.post(AGAIN, {"visa_number": KIM.lower(), "email": EMAIL.upper()})["Location"] == SENT
    client.get(link())
    assert client.post(ACCESS)["Location"] == reverse("applicant:applications")
    assert client.get(reverse("applicant:applications")).status_code == 200
    assert client.get(reverse("applicant:notifications")).status_code == 200


def test_the_choice_does_not_ask_again_what_the_visa_said(client):
    client.post(VISA, typed_visa())
    client.get(link())
    page = client.post(ACCESS, follow=True).content.decode()
    assert "d’après le registre" in page.replace("'", "’").replace("&#x27;", "’")


def test_scanners_of_mail_that_follow_the_link_use_nothing_up_and_open_nothing(client):
    client.post(VISA, typed_visa())
    for method in ("get", "head", "get"):
        scanner = Client()
        getattr(scanner, method)(link(), follow=True)
        assert "_auth_user_id" not in scanner.session
    assert Client().post(link()).status_code == 405
    assert LinkToken.objects.get().used_at is None
    assert not Account.objects.exists()
    client.get(link())
    assert client.post(ACCESS).status_code == 302


def test_the_token_never_stays_in_an_address_nor_in_a_page(client):
    client.post(VISA, typed_visa())
    response = client.get(link(), follow=True)
    assert response.redirect_chain == [(ACCESS, 302)]
    assert link().rstrip("/").rsplit("/", 1)[1] not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_a_link_used_twice_leads_to_asking_for_another(client):
    client.post(VISA, typed_visa())
    first = link()
    client.get(first)
    client.post(ACCESS)
    thief = Client()
    page = thief.get(first, follow=True)
    assert page.status_code == 410
    assert AGAIN in page.content.decode()
    assert thief.post(ACCESS).status_code == 410
    assert "_auth_user_id" not in thief.session
    assert Client().get(reverse("account:visa_link", args=["invente"]), follow=True).status_code == 404


def test_the_session_is_renewed_so_that_none_can_be_planted(client):
    client.post(VISA, typed_visa())
    client.get(link())
    planted = client.session.session_key
    client.post(ACCESS)
    assert client.session.session_key != planted
    assert "account_link" not in client.session
    stolen = Client()
    stolen.cookies["session"] = planted
    assert stolen.get(reverse("account:home")).status_code == 302


@pytest.mark.parametrize("wanted", ["https://pirate.example/", "//pirate.example/", "/\\pirate.example", "javascript:alert(1)"])
def test_the_link_leads_nowhere_but_on_this_site(client, wanted):
    client.get(reverse("account:create"), {"next": wanted})
    client.post(f"{VISA}?next={wanted}", {**typed_visa(), "next": wanted})
    client.get(link())
    assert client.post(ACCESS)["Location"] == reverse("public:orientation")


def test_opening_a_link_signs_out_whoever_was_there(client):
    other = make_account(CHINEDU, email="autre@exemple.fr")
    client.post(reverse("account:sign_in"), {"identifier": CHINEDU, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(other.pk)
    client.post(VISA, typed_visa())
    client.get(link())
    client.post(ACCESS)
    assert client.session["_auth_user_id"] == str(Account.objects.get(email=EMAIL).pk)
    assert OpenSession.objects.filter(account=other).count() == 0


def test_an_access_by_visa_does_not_reach_what_needs_an_account(client):
    client.post(VISA, typed_visa())
    client.get(link())
    client.post(ACCESS)
    for route in ("account:change_password", "account:add_person"):
        for response in (client.get(reverse(route)), client.post(reverse(route), {"password": PASSWORD})):
            assert (response.status_code, response["Location"]) == (302, reverse("account:home")), route
    assert not Event.objects.filter(kind__in=("password_changed", "person_declared")).exists()
    home = client.get(reverse("account:home")).content.decode()
    assert reverse("account:change_password") not in home and reverse("account:add_person") not in home
    assert "un lien vous est envoyé" in home


def test_nothing_begun_is_told_by_mail_only(client):
    for number in (KIM, LUCAS, "FRA9999999999"):
        client.post(AGAIN, {"visa_number": number, "email": f"{number}@exemple.fr"})
        assert f"{number.lower()}@exemple.fr" in client.get(SENT).content.decode().lower()
    assert [mail.template for mail in mails()] == ["visa_unknown"] * 3


def test_the_page_of_a_sent_link_leads_back_to_the_form_it_came_from(client):
    client.post(AGAIN, {"visa_number": KIM, "email": EMAIL})
    assert f'href="{AGAIN}"' in client.get(SENT).content.decode()


def test_a_page_that_asked_to_sign_in_is_where_the_fresh_link_leads(client, movable_clock):
    """A mail said that something awaits: the visa brings back to it, whatever the device."""
    open_by_visa()
    movable_clock.move(seconds=61)
    door = client.get(reverse("applicant:notifications"))
    assert AGAIN in client.get(door["Location"]).content.decode()
    client.post(AGAIN, {"visa_number": KIM, "email": EMAIL})
    elsewhere = Client()
    elsewhere.get(link())
    assert elsewhere.post(ACCESS)["Location"] == reverse("applicant:notifications")
