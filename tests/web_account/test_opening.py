"""Opening an account through its pages: what is told, what is kept, what never shows."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account, LinkToken
from guichet.support.models import Ticket
from tests.accounts.helpers import EMAIL, MARIAM, NUMBER, PASSWORD, SINGLE, mails, make_account, path_in, record

pytestmark = pytest.mark.django_db
OPEN = reverse("account:create_with_number")
SENT = reverse("account:sent")


def typed(number=NUMBER, *, like=None, **changes):
    known = record(like or number)
    born = known.birth_date
    return {
        "capacity": "self",
        "foreigner_number": number,
        "last_name": known.birth_name,
        "first_names": known.first_names,
        "birth_date_day": str(born.day or ""),
        "birth_date_month": str(born.month or ""),
        "birth_date_year": str(born.year),
        "email": EMAIL,
        "email_again": EMAIL,
        **changes,
    }


def changeless(response):
    """The body without what changes at each rendering: the CSRF token and the CSP nonce."""
    text = response.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'nonce="[^"]+"', "", text)


def test_every_door_is_shown_with_what_it_asks_for_and_where_to_read_it(client):
    page = client.get(reverse("account:create")).content.decode()
    for door in ("number", "permit", "visa"):
        assert reverse(f"account:create_with_{door}") in page
    assert reverse("account:create_without_number") in page
    assert page.count("À avoir sous la main") == 4
    assert page.count("Où le lire") == 3  # an e-mail address is nowhere to be read
    assert reverse("account:sign_in") in page and reverse("account:visa_again") in page
    assert "FranceConnect" in page


def test_from_the_number_to_the_first_sign_in(client):
    response = client.post(OPEN, typed(foreigner_number="59 08 00 20 10"))
    assert response.status_code == 302
    assert response["Location"] == SENT
    sent = client.get(SENT).content.decode()
    assert EMAIL in sent
    link = path_in(mails()[0], "/compte/activer/")

    elsewhere = Client()  # the mail is read on another device
    response = elsewhere.get(link)
    assert response["Location"] == reverse("account:activation")
    form = elsewhere.get(response["Location"]).content.decode()
    assert NUMBER in form
    assert not Account.objects.exists()
    response = elsewhere.post(reverse("account:activation"), {"password": PASSWORD, "password_again": PASSWORD})
    assert response["Location"] == reverse("account:sign_in")
    sign_in = elsewhere.get(response["Location"]).content.decode()
    assert f'value="{NUMBER}"' in sign_in
    response = elsewhere.post(reverse("account:sign_in"), {"identifier": NUMBER, "password": PASSWORD})
    assert response.status_code == 302
    assert elsewhere.get(reverse("account:home")).status_code == 200


def test_what_one_came_for_is_still_there_once_the_account_is_open(client):
    """The page of a procedure leads to a new account, and the new account leads back to the procedure."""
    wanted = "/demandes/commencer/?procedure=ase"
    client.get(reverse("account:sign_in"), {"next": wanted})  # «I have an account»… no, none yet
    client.get(reverse("account:create"))
    client.post(OPEN, typed())
    client.get(path_in(mails()[0], "/compte/activer/"))
    client.post(reverse("account:activation"), {"password": PASSWORD, "password_again": PASSWORD})
    client.get(reverse("account:sign_in"))
    response = client.post(reverse("account:sign_in"), {"identifier": NUMBER, "password": PASSWORD})
    assert response["Location"] == wanted
    assert "account_destination" not in client.session, "it serves once"


@pytest.mark.parametrize("wanted", ["https://pirate.example/", "//pirate.example/", "javascript:alert(1)"])
def test_what_one_came_for_is_a_page_of_this_site(client, wanted):
    client.get(reverse("account:create"), {"next": wanted})
    assert "account_destination" not in client.session


def test_following_the_link_many_times_as_scanners_of_mail_do_uses_nothing_up(client):
    client.post(OPEN, typed())
    link = path_in(mails()[0], "/compte/activer/")
    for method in ("get", "head", "get"):
        assert getattr(Client(), method)(link).status_code == 302
    assert LinkToken.objects.get().used_at is None
    assert Client().post(link, {"password": PASSWORD, "password_again": PASSWORD}).status_code == 405


def test_the_token_never_stays_in_an_address_nor_in_a_page(client):
    client.post(OPEN, typed())
    link = path_in(mails()[0], "/compte/activer/")
    response = client.get(link, follow=True)
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert response.redirect_chain == [(reverse("account:activation"), 302)]
    assert token not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_whether_an_account_exists_never_shows(language):
    """The answers to the same request, byte for byte, with and without an account on the identity."""

    def walk(number, email):
        browser = Client(headers={"accept-language": language})
        first = browser.post(OPEN, typed(number, email=email, email_again=email))
        page = browser.get(SENT)
        again = browser.post(SENT)
        return [
            (first.status_code, first["Location"], first.content),
            (page.status_code, changeless(page).replace(number, "N").replace(email, "E")),
            (again.status_code, again["Location"], again.content),
            changeless(browser.get(SENT)),
        ]

    make_account(NUMBER, email="proprietaire@exemple.fr")
    taken, free = walk(NUMBER, "meme@exemple.fr"), walk(MARIAM, "meme@exemple.fr")
    assert taken == free
    assert {mail.template for mail in mails()} == {"account_exists", "account_activation"}


def test_whether_an_e_mail_is_an_identifier_never_shows():
    def walk(email):
        browser = Client()
        first = browser.post(
            reverse("account:create_without_number"), {"capacity": "self", "email": email, "email_again": email}
        )
        page = browser.get(SENT)
        return (first.status_code, first["Location"], changeless(page).replace(email, "E"))

    make_account("nadia@exemple.fr", email="nadia@exemple.fr")
    assert walk("nadia@exemple.fr") == walk("autre@exemple.fr")
    assert [(mail.template, mail.address) for mail in mails()] == [
        ("account_exists", "nadia@exemple.fr"),
        ("account_activation", "autre@exemple.fr"),
    ]


def test_a_second_claim_opens_a_ticket_and_writes_to_the_first_address_only(client):
    make_account(NUMBER, email="proprietaire@exemple.fr")
    client.post(OPEN, typed())
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.email, ticket.account) == ("second_claim", EMAIL, None)
    assert ticket.message
    assert [mail.address for mail in mails()] == ["proprietaire@exemple.fr"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"foreigner_number": ""}, "Numéro étranger"),
        ({"foreigner_number": "je ne sais pas"}, "fait de chiffres"),
        ({"last_name": ""}, "Nom"),
        ({"first_names": ""}, "cochez que la personne"),
        ({"birth_date_year": "07"}, "quatre chiffres"),
        ({"birth_date_day": ""}, "cochez que vous ne le connaissez pas"),
        ({"birth_date_day": "31", "birth_date_month": "2"}, "existe pas"),
        ({"email": "amadou"}, "adresse électronique complète"),
        ({"email_again": "amadu@exemple.fr"}, "Les deux adresses"),
        ({"capacity": "voisin"}, "capacity"),
    ],
)
def test_a_wrong_entry_is_said_and_everything_typed_is_kept(client, changes, said):
    sent = typed(**changes)
    page = client.post(OPEN, sent).content.decode().replace("&#x27;", "'")
    assert said in page
    assert 'id="erreurs"' in page
    for name, value in sent.items():
        if value and name != "capacity":
            assert f'name="{name}" value="{value}"' in page, name
    assert not mails()


def test_a_mismatch_is_told_with_ways_out_and_everything_typed_is_kept(client):
    page = client.post(OPEN, typed(last_name="DIALO"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "ne correspondent" in text
    assert 'value="DIALO"' in text
    assert reverse("public:contact") in text
    unknown = client.post(OPEN, typed("5908002007", like=NUMBER)).content.decode()
    assert "ne correspondent" in unknown


def test_after_five_mismatches_this_address_waits_and_another_gets_in(client):
    for _ in range(5):
        assert client.post(OPEN, typed(last_name="DIALO"), REMOTE_ADDR="203.0.113.9").status_code == 200
    blocked = client.post(OPEN, typed(), REMOTE_ADDR="203.0.113.9")
    assert blocked.status_code == 429
    assert "minutes" in blocked.content.decode()
    assert reverse("public:contact") in blocked.content.decode()
    assert client.post(OPEN, typed(), REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize("number", ["5908002009", "5908002008"])
def test_a_registry_that_is_down_says_so_and_loses_nothing(client, number):
    answer = client.post(OPEN, typed(number, like=NUMBER, email="garde@exemple.fr", email_again="garde@exemple.fr"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "ne répond pas" in text
    assert f'value="{number}"' in text
    later = client.get(OPEN).content.decode()
    born = record().birth_date
    for name, value in {
        "foreigner_number": number,
        "last_name": "DIALLO",
        "first_names": "Amadou",
        "birth_date_year": born.year,
        "birth_date_day": born.day,
        "email": "garde@exemple.fr",
    }.items():
        assert f'name="{name}" value="{value}"' in later, name
    assert "gardé" in later
    client.post(reverse("account:forget"))
    assert "garde@exemple.fr" not in client.get(OPEN).content.decode()


def test_a_single_name_and_a_year_of_birth_are_enough(client):
    data = typed(SINGLE, first_names="", single_name="on", birth_date_unknown="on")
    assert client.post(OPEN, data).status_code == 302


def test_reading_the_form_in_english_keeps_what_was_typed_and_sends_nothing(client):
    page = client.post(OPEN, typed(_language="en")).content.decode()
    assert "Foreigner number" in page
    assert f'value="{NUMBER}"' in page
    assert 'id="erreurs"' not in page
    assert not mails()


def test_a_representative_says_so(client):
    client.post(OPEN, typed(capacity="care_service"))
    assert LinkToken.objects.get().payload["capacity"] == "care_service"


def test_sent_without_a_request_leads_back_to_the_doors(client):
    assert client.get(SENT)["Location"] == reverse("account:create")


def test_sending_again_waits_a_minute(client, movable_clock):
    client.post(OPEN, typed())
    client.post(SENT)
    assert len(mails()) == 1
    assert "Nous venons" in client.get(SENT).content.decode()
    movable_clock.move(seconds=61)
    client.post(SENT)
    assert len(mails()) == 2
    assert "de nouveau" in client.get(SENT).content.decode()


def test_an_expired_link_leads_back_to_the_form(client, movable_clock):
    client.post(OPEN, typed())
    movable_clock.move(hours=25)
    page = client.get(path_in(mails()[0], "/compte/activer/"), follow=True)
    assert page.status_code == 410
    assert reverse("account:create") in page.content.decode()
    assert "délai est passé" in page.content.decode()


def test_a_link_that_expires_while_the_form_is_open_says_so_too(client, movable_clock):
    client.post(OPEN, typed())
    client.get(path_in(mails()[0], "/compte/activer/"), follow=True)
    movable_clock.move(hours=25)
    page = client.post(reverse("account:activation"), {"password": PASSWORD, "password_again": PASSWORD})
    assert page.status_code == 410


def test_a_used_or_invented_link_says_which(client):
    client.post(OPEN, typed())
    link = path_in(mails()[0], "/compte/activer/")
    client.get(link)
    client.post(reverse("account:activation"), {"password": PASSWORD, "password_again": PASSWORD})
    assert client.get(link, follow=True).status_code == 410
    assert client.get(reverse("account:activate", args=["invente"]), follow=True).status_code == 404
    assert Client().get(reverse("account:activation")).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        (PASSWORD, "Autre-chose-7", "différents"),
        ("court", "court", "Il manque"),
        ("Password1!", "Password1!", "trop courant"),
        (f"Aa-{NUMBER}", f"Aa-{NUMBER}", "ressemble"),
    ],
)
def test_a_refused_password_is_explained_and_never_written_back(client, password, again, said):
    client.post(OPEN, typed())
    client.get(path_in(mails()[0], "/compte/activer/"))
    page = client.post(reverse("account:activation"), {"password": password, "password_again": again}).content.decode()
    assert said in page
    assert f'value="{password}"' not in page
    assert not Account.objects.exists()


def test_every_link_of_every_mail_leads_somewhere(client, movable_clock):
    client.post(OPEN, typed())
    client.post(OPEN, typed(), REMOTE_ADDR="198.51.100.7")
    make_account(MARIAM, email="mariam@exemple.fr")
    client.post(OPEN, typed(MARIAM, email=EMAIL, email_again=EMAIL))
    client.post(reverse("account:forgotten_password"), {"identifier": MARIAM})
    for email in ("mariam@exemple.fr", "personne@exemple.fr"):
        client.post(reverse("account:forgotten_identifier"), {"email": email})
    from tests.accounts.helpers import LINK

    assert {mail.template for mail in mails()} == {"account_activation", "account_exists", "password_reset", "identifiers"}
    for mail in mails():
        paths = LINK.findall(mail.body)
        assert paths
        for path in paths:
            assert Client().get(path, follow=True).status_code == 200, path
