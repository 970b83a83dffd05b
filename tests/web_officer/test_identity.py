"""Giving a foreigner number from an application: looked up, compared side by side, confirmed, refused with a way out."""

import pytest
from django.urls import reverse

from guichet.accounts.models import Account, Person
from guichet.core.models import Event
from tests.accounts.helpers import EMAIL, NUMBER, mails, record
from tests.web_officer.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world):
    """A deposited application of somebody without a number, described as AGDREF will."""
    known = record(NUMBER)
    account = world.account()
    Account.objects.filter(pk=account.pk).update(identifier=EMAIL, email=EMAIL)
    account.refresh_from_db()
    return world.deposited(
        account=account,
        foreigner_number=None,
        origin=Person.Origin.DECLARED,
        frozen_at=None,
        birth_name=known.birth_name,
        first_names=known.first_names,
        birth_date_text=str(known.birth_date),
    )


def address(application):
    return reverse("officer:give_number", args=[application.number])


def test_the_page_is_reached_from_the_application_by_those_who_instruct(world, waiting):
    for role, offered in (("case_officer", True), ("decision_maker", True), ("reception", False)):
        page = browser_of(world.officers[role].account).get(reverse("officer:review", args=[waiting.number]))
        assert (address(waiting) in page.content.decode()) is offered, role


def test_from_the_number_to_the_account(world, waiting):
    client = browser_of(world.officers["case_officer"].account)
    assert "Comparer avec AGDREF" in client.get(address(waiting)).content.decode()
    compared = client.post(address(waiting), {"number": "59 08 00 20 10", "action": "check"}).content.decode()
    assert "concordent" in compared and "Conakry" in compared and "Guinée" in compared
    assert not mails()
    response = client.post(address(waiting), {"number": NUMBER, "action": "give"}, follow=True)
    assert "Le numéro est donné" in response.content.decode()
    waiting.person.refresh_from_db()
    assert waiting.person.foreigner_number == NUMBER
    assert Account.objects.get(identifier=NUMBER).email == EMAIL
    assert Event.objects.filter(kind="foreigner_number_given", subject_kind="application", visible=True).count() == 1
    assert "Numéro étranger donné" in response.content.decode()
    assert address(waiting) not in response.content.decode(), "given once"
    assert client.get(address(waiting)).status_code == 302


def test_identities_that_differ_are_shown_and_need_a_reason(world, waiting):
    Person.objects.filter(pk=waiting.person_id).update(birth_name="BALDE")
    client = browser_of(world.officers["case_officer"].account)
    compared = client.post(address(waiting), {"number": NUMBER, "action": "check"}).content.decode()
    assert "BALDE" in compared and "DIALLO" in compared and "ne concordent pas" in compared
    refused = client.post(address(waiting), {"number": NUMBER, "action": "give", "reason": "  "})
    assert 'id="erreurs"' in refused.content.decode()
    waiting.person.refresh_from_db()
    assert waiting.person.foreigner_number is None
    client.post(address(waiting), {"number": NUMBER, "action": "give", "reason": "Acte de naissance rectifié vu."})
    waiting.person.refresh_from_db()
    assert waiting.person.foreigner_number == NUMBER


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Numéro étranger"), ("5908002007", "ne connaît pas"), ("5908002009", "ne répond pas"), ("abc", "ne connaît pas")],
)
def test_a_number_that_cannot_be_looked_up_is_said_and_kept(world, waiting, typed, said):
    client = browser_of(world.officers["case_officer"].account)
    for action in ("check", "give"):
        page = client.post(address(waiting), {"number": typed, "action": action}).content.decode()
        assert said in page and 'id="erreurs"' in page
    assert not mails()


def test_a_number_of_somebody_else_is_refused_with_the_way_out(world, waiting):
    Person.objects.create(foreigner_number=NUMBER)
    client = browser_of(world.officers["case_officer"].account)
    page = client.post(address(waiting), {"number": NUMBER, "action": "give"}).content.decode()
    assert "autre personne" in page and "centre de contact" in page


def test_an_officer_of_another_office_or_without_the_power_gives_nothing(world, waiting):
    for who, status in ((world.elsewhere, 404), (world.officers["reception"], 403)):
        client = browser_of(who.account)
        assert client.post(address(waiting), {"number": NUMBER, "action": "give"}).status_code == status
    assert not Person.objects.filter(foreigner_number=NUMBER).exists()
