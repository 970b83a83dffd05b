"""Asking for help when no door opens: a ticket that holds what was typed, and nothing that should not be told."""

import pytest
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.support.models import Ticket
from tests.accounts.helpers import EMAIL, KIM, MARIAM, NUMBER, PASSWORD, mails, make_account
from tests.web_account.test_opening import OPEN, changeless, typed
from tests.web_account.test_other_doors import PERMIT, VISA, typed_permit, typed_visa

pytestmark = pytest.mark.django_db
HELP, HELPED, LOST = reverse("account:ask_for_help"), reverse("account:help_sent"), reverse("account:lost_email")
BLOCKED = [
    (OPEN, lambda: typed(last_name="DIALO"), "number", "mismatch", {"foreigner_number": NUMBER, "last_name": "DIALO"}),
    (OPEN, lambda: typed("5908002007", like=NUMBER), "number", "mismatch", {"foreigner_number": "5908002007"}),
    (OPEN, lambda: typed("5908002009", like=NUMBER), "number", "registry_down", {"first_names": "Amadou"}),
    (PERMIT, lambda: typed_permit(permit_number="ZZ 11"), "permit", "not_found", {"permit_number": "ZZ 11"}),
    (VISA, lambda: typed_visa("FRA2600000009"), "visa", "registry_down", {"visa_number": "FRA2600000009"}),
    (VISA, lambda: typed_visa("FRA111"), "visa", "not_found", {"visa_number": "FRA111"}),
]


@pytest.mark.parametrize(("door", "data", "name", "why", "carried"), BLOCKED)
def test_every_blocked_creation_opens_a_ticket_that_holds_what_was_typed(client, door, data, name, why, carried):
    client.post(door, data())
    page = client.get(HELP).content.decode()
    for value in carried.values():
        assert value in page, "one sees what is passed on"
    assert f'value="{EMAIL}"' in page
    response = client.post(HELP, {"email": EMAIL, "message": "Le nom sur ma carte a une faute."})
    assert response["Location"] == HELPED
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.email, ticket.context["door"], ticket.context["why"]) == ("blocked_account", EMAIL, name, why)
    assert carried.items() <= ticket.context["claimed"].items()
    assert "faute" in ticket.message
    assert ticket.number in client.get(HELPED).content.decode()
    assert [mail.template for mail in mails()] == ["ticket_opened"]


def test_a_mail_that_never_comes_is_helped_with_too_and_says_nothing_of_the_account(client):
    make_account(NUMBER, email="proprietaire@exemple.fr")

    def walk(number):
        browser = Client()
        browser.post(OPEN, typed(number))
        page = changeless(browser.get(HELP)).replace(number, "N")
        return page.split("<main")[1].split("DIALLO")[0].split("HAIDARI")[0]

    assert walk(NUMBER) == walk(MARIAM)


def test_sent_twice_it_is_one_ticket(client):
    client.post(PERMIT, typed_permit(permit_number="ZZ 11"))
    for _ in range(2):
        client.post(HELP, {"email": EMAIL, "message": ""})
        client.post(PERMIT, typed_permit(permit_number="ZZ 11"))
    assert Ticket.objects.count() == 1


def test_no_door_was_tried_the_contact_form_is_the_place(client):
    assert client.get(HELP)["Location"] == reverse("public:contact")
    assert client.get(HELPED)["Location"] == reverse("account:create")


def test_a_wrong_address_is_said_and_nothing_is_lost(client):
    client.post(VISA, typed_visa("FRA111"))
    page = client.post(HELP, {"email": "rien", "message": "Bonjour"}).content.decode()
    assert "adresse électronique complète" in page and "Bonjour" in page and "FRA111" in page
    assert not Ticket.objects.exists()


def test_too_many_requests_from_one_place_are_refused_and_say_when(client):
    for place in range(6):
        client.post(VISA, typed_visa(f"FRA11{place}"), REMOTE_ADDR=f"203.0.113.{place}")
        answer = client.post(HELP, {"email": EMAIL, "message": ""})
    assert answer.status_code == 429
    assert "minutes" in answer.content.decode()
    assert Ticket.objects.count() == 5


def test_what_was_typed_is_shown_to_this_browser_only(client):
    client.post(VISA, typed_visa("FRA111"))
    assert Client().get(HELP).status_code == 302


LOST_BY = {
    "identifier": NUMBER,
    "last_name": "DIALLO",
    "first_names": "Amadou",
    "birth_date_day": "1",
    "birth_date_month": "2",
    "birth_date_year": "2009",
    "email": "nouvelle@exemple.fr",
    "email_again": "nouvelle@exemple.fr",
    "message": "Mon téléphone a été volé.",
}


def test_a_lost_mailbox_goes_to_a_human_and_changes_nothing(client):
    account = make_account(NUMBER, email=EMAIL)
    for page in ("forgotten_password", "forgotten_identifier", "forgotten_password_sent", "forgotten_identifier_sent"):
        assert LOST in client.get(reverse(f"account:{page}")).content.decode(), page
    response = client.post(LOST, LOST_BY)
    assert response["Location"] == HELPED
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.email, ticket.context["why"]) == ("blocked_account", "nouvelle@exemple.fr", "lost_email")
    claimed = ticket.context["claimed"]
    assert (claimed["identifier"], claimed["birth_date"]) == (NUMBER, "2009-02-01")
    assert {mail.address for mail in mails()} == {"nouvelle@exemple.fr"}
    account.refresh_from_db()
    assert account.email == EMAIL and account.check_password(PASSWORD)


def test_whether_the_account_exists_does_not_show_to_who_lost_the_mailbox():
    make_account(NUMBER, email=EMAIL)

    def walk(identifier):
        browser = Client()
        first = browser.post(
            LOST,
            {
                **LOST_BY,
                "identifier": identifier,
                "email": f"x{identifier}@exemple.fr",
                "email_again": f"x{identifier}@exemple.fr",
            },
        )
        number = Ticket.objects.get(email=f"x{identifier}@exemple.fr").number
        return first["Location"], changeless(browser.get(HELPED)).replace(number, "T")

    assert walk(NUMBER) == walk(MARIAM)


def test_no_password_is_ever_carried_along(client):
    """Whatever a browser fills in by itself."""
    client.post(VISA, {**typed_visa("FRA111"), "password": PASSWORD, "current": PASSWORD})
    client.post(HELP, {"email": EMAIL, "message": "", "password": PASSWORD})
    ticket = Ticket.objects.get()
    assert PASSWORD not in f"{ticket.context} {ticket.message}"
    assert not Account.objects.exists()
    assert KIM not in f"{ticket.context}"


def test_erasing_what_was_typed_erases_what_a_door_that_opened_kept_too(client):
    """On a device that others use, the next one would read a number and a date of birth on the page of help."""
    client.post(PERMIT, typed_permit())
    client.post(reverse("account:forget"))
    assert client.get(HELP)["Location"] == reverse("public:contact")
    assert EMAIL not in str(dict(client.session))
