"""The doors of the permit and of the visa, help, and the first sign-in, driven in Chromium, for everyone."""

import itertools

import pytest

from guichet.accounts import actions, queries
from guichet.accounts.models import Account
from guichet.core import throttling
from guichet.core.events import SYSTEM
from guichet.support.models import Ticket
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.accounts.helpers import CHINEDU, EMAIL, KIM, PASSWORD, a_permit, open_by_visa, visa_of
from tests.accounts.test_numbers import mailed_password
from tests.web_account.test_in_a_browser import fill_password, link_of, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def without_limits(monkeypatch):
    """Everything is asked twice within the minute, as no person would."""
    asked = itertools.count()
    monkeypatch.setattr(throttling, "_keys", lambda limit, parts: [f"limit:{next(asked)}"])


def fill(page, **entries):
    for name, value in entries.items():
        page.fill(f"[name={name}]", str(value))


def fill_dates(page, first, last):
    for name, day in (("valid_from", first), ("valid_until", last)):
        fill(page, **{f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year})


def fill_permit(page, number=None):
    _, permit = a_permit()
    fill(page, permit_number=number or permit.number, email=EMAIL, email_again=EMAIL)
    fill_dates(page, permit.valid_from, permit.valid_until)
    send(page)


def fill_visa(page, number=KIM):
    visa = visa_of()
    fill(page, visa_number=number, email=EMAIL, email_again=EMAIL)
    fill_dates(page, visa.valid_from, visa.valid_until)
    send(page)


@pytest.mark.parametrize(("phone", "language"), [(True, "fr"), (False, "en")])
def test_every_page_and_state_is_for_everyone(open_page, without_limits, phone, language):
    def judge(expected_path):
        assert page.url.split("?")[0].endswith(expected_path)
        assert_accessible(page)
        assert_fits(page)

    page = open_page("/compte/creer/titre/", phone=phone, language=language)
    judge("/compte/creer/titre/")
    for path, fill_in, unknown, down in (
        ("/compte/creer/titre/", fill_permit, "ZZ99999991", "AB12345609"),
        ("/compte/creer/visa/", fill_visa, "FRA0000000001", "FRA2600000009"),
    ):
        page.goto(path)
        judge(path)
        send(page)
        judge(path)
        assert page.locator("#erreurs").evaluate("e => e === document.activeElement")
        for number in (unknown, down):
            fill_in(page, number)
            judge(path)
            assert page.locator("#que-faire").is_visible()
        page.locator("#que-faire a.fr-btn").click()
        judge("/compte/creer/aide/")
        assert down in page.locator("main").inner_text()
        page.fill("[name=email]", "rien")
        send(page)
        judge("/compte/creer/aide/")
        page.fill("[name=email]", EMAIL)
        send(page)
        judge("/compte/creer/aide/envoyee/")
        page.goto(path)
        fill_in(page)
        judge("/compte/creer/envoye/")
    page.goto("/compte/visa/lien/invente/")
    judge("/compte/visa/acces/")
    page.goto(link_of("visa_access", "/compte/visa/lien/"))
    judge("/compte/visa/acces/")
    page.locator("main form button").click()
    page.wait_for_url("**/titres/")
    page.goto("/compte/")
    judge("/compte/")
    page.goto("/compte/mot-de-passe/")
    judge("/compte/")
    for path in ("/compte/visa/", "/compte/adresse-perdue/"):
        page.goto(path)
        judge(path)
        send(page)
        judge(path)
    (person,) = queries.persons_of(Account.objects.get())
    actions.give_foreigner_number(person, "9908001001", SYSTEM, reason="Passeport vu.")
    page.goto("/compte/connexion/")
    fill(page, identifier="9908001001", password=mailed_password())
    send(page)
    judge("/compte/mot-de-passe/")
    fill_password(page, "court")
    judge("/compte/mot-de-passe/")


def test_by_the_permit_on_a_phone_without_javascript(open_page):
    page = open_page("/compte/creer/", javascript=False, phone=True)
    page.get_by_role("link", name="Un titre de séjour", exact=True).click()
    fill_permit(page, "a1b2 c3d4e")
    page.goto(link_of("account_activation", "/compte/activer/"))
    assert CHINEDU in page.locator("main").inner_text()
    fill_password(page)
    page.fill("[name=password]", PASSWORD)
    send(page)
    page.wait_for_url("**/demandes/")


def test_by_the_visa_on_a_phone_without_javascript_and_back_again(open_page, without_limits):
    page = open_page("/compte/creer/", javascript=False, phone=True)
    page.get_by_role("link", name="Un visa de long séjour").click()
    fill_visa(page)
    page.goto(link_of("visa_access", "/compte/visa/lien/"))
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/titres/")
    page.goto("/compte/deconnexion/")
    page.locator("main form button").click()
    page.goto("/compte/connexion/")
    page.locator("main").get_by_role("link", name="Recevoir le lien").click()
    fill(page, visa_number="fra 26000 12345", email=EMAIL)
    send(page)
    page.goto(link_of("visa_access", "/compte/visa/lien/"))
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/demandes/")
    assert Account.objects.count() == 1


def test_the_account_born_later_on_a_phone_without_javascript(open_page):
    """Two mails, the temporary password, one's own: and what was begun with the visa is there."""
    (person,) = queries.persons_of(open_by_visa())
    actions.give_foreigner_number(person, CHINEDU, SYSTEM, reason="Passeport vu.")
    page = open_page("/demandes/", javascript=False, phone=True)
    fill(page, identifier=CHINEDU, password=mailed_password())
    send(page)
    page.wait_for_url("**/compte/mot-de-passe/")
    page.goto("/compte/")
    page.wait_for_url("**/compte/mot-de-passe/")
    fill_password(page)
    page.wait_for_url("**/demandes/")


def test_help_on_a_lost_mailbox_on_a_phone_without_javascript(open_page):
    page = open_page("/compte/connexion/", javascript=False, phone=True)
    page.get_by_role("link", name="Mot de passe oublié").click()
    page.locator("main").get_by_role("link", name="Je n'ai plus accès").click()
    fill(page, identifier="59 08 00 20 10", last_name="Diallo", first_names="Amadou", birth_date_year="2009")
    page.get_by_text("Je ne connais pas le jour").click()
    fill(page, email="nouvelle@exemple.fr", email_again="nouvelle@exemple.fr", message="Téléphone volé.")
    send(page)
    page.wait_for_url("**/compte/creer/aide/envoyee/")
    assert Ticket.objects.get().number in page.locator("main").inner_text()
