"""The ways in, driven in Chromium: every page and state is for everyone, in both languages, on a phone, without JavaScript."""

import re
import time

import pytest
from django_otp.oath import TOTP

from guichet.accounts import actions, queries
from guichet.accounts.models import Account, Post
from guichet.offices.models import Office
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.accounts.helpers import EMAIL, NUMBER, PASSWORD, mails, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEND = "main form button.fr-btn[type=submit]:not([name])"


def link_of(template, under):
    body = mails(template)[-1].body
    return re.search(rf"^https?://[^/]+({under}[^/\s]+/)$", body, re.MULTILINE).group(1)


def fill_identity(page, number=NUMBER, last_name="DIALLO", email=EMAIL):
    born = record().birth_date
    entries = {
        "foreigner_number": number,
        "last_name": last_name,
        "first_names": "Amadou",
        "birth_date_day": born.day,
        "birth_date_month": born.month,
        "birth_date_year": born.year,
        "email": email,
        "email_again": email,
    }
    for name, value in entries.items():
        page.fill(f"[name={name}]", str(value))
    send(page)


def fill_password(page, password=PASSWORD):
    page.fill("[name=password]", password)
    page.fill("[name=password_again]", password)
    send(page)


def send(page):
    with page.expect_navigation():
        page.locator(SEND).last.click()


@pytest.mark.parametrize(("phone", "language"), [(True, "fr"), (False, "en")])
def test_every_page_and_state_of_an_account_is_for_everyone(open_page, phone, language):
    def judge(expected_path):
        assert page.url.split("?")[0].endswith(expected_path)
        assert_accessible(page)
        assert_fits(page)

    page = open_page("/compte/creer/", phone=phone, language=language)
    judge("/compte/creer/")
    page.goto("/compte/creer/numero-etranger/")
    judge("/numero-etranger/")
    send(page)
    judge("/numero-etranger/")
    assert page.locator("#erreurs").evaluate("e => e === document.activeElement")
    fill_identity(page, last_name="DIALO")
    judge("/numero-etranger/")
    assert page.locator("#que-faire").is_visible()
    fill_identity(page, number="5908002009")
    judge("/numero-etranger/")
    page.goto("/compte/creer/numero-etranger/")
    assert page.input_value("[name=last_name]") == "DIALLO"
    judge("/numero-etranger/")
    fill_identity(page)
    judge("/compte/creer/envoye/")
    send(page)
    judge("/compte/creer/envoye/")
    page.goto("/compte/creer/sans-numero/")
    send(page)
    judge("/compte/creer/sans-numero/")
    page.goto("/compte/activer/invente/")
    judge("/compte/activer/")
    page.goto(link_of("account_activation", "/compte/activer/"))
    fill_password(page, "court")
    judge("/compte/activer/")
    fill_password(page)
    judge("/compte/connexion/")
    page.fill("[name=password]", "faux")
    send(page)
    judge("/compte/connexion/")
    page.fill("[name=password]", PASSWORD)
    send(page)
    page.wait_for_url("**/demandes/")
    for path in ("/compte/", "/compte/mot-de-passe/", "/compte/personnes/ajouter/", "/compte/deconnexion/"):
        page.goto(path)
        judge(path)
    page.locator("main form button").click()
    for path, field, value in (
        ("/compte/mot-de-passe-oublie/", "identifier", NUMBER),
        ("/compte/identifiant-oublie/", "email", EMAIL),
    ):
        page.goto(path)
        judge(path)
        page.fill(f"[name={field}]", value)
        send(page)
        judge(f"{path}envoye/")
    page.goto(link_of("password_reset", "/compte/reinitialiser/"))
    judge("/compte/reinitialiser/")
    page.goto("/compte/connexion/")
    for _ in range(5):
        page.fill("[name=identifier]", "5900000000")
        page.fill("[name=password]", "faux")
        send(page)
    judge("/compte/connexion/")
    assert page.locator("h1").inner_text().startswith(("Trop d'essais", "Too many tries"))


@pytest.mark.parametrize(("phone", "language"), [(True, "fr"), (False, "en")])
def test_every_page_and_state_of_the_officers_door_is_for_everyone(open_page, phone, language):
    lille = Office.objects.get(slug="lille")
    link = actions.create_officer("Camille Agent", "camille@lille.fr", [(Post.Role.CASE_OFFICER, lille)])
    page = open_page(f"/agents/activer/{link.raw}/", phone=phone, language=language)
    fill_password(page, "court")
    assert_accessible(page)
    assert_fits(page)
    fill_password(page)
    assert_accessible(page)
    page.fill("[name=identifier]", "camille@lille.fr")
    page.fill("[name=password]", PASSWORD)
    send(page)
    assert page.locator("img[src^='data:image/svg']").evaluate("image => image.complete && image.naturalWidth > 100")
    assert_accessible(page)
    assert_fits(page)
    page.fill("[name=code]", "000000")
    send(page)
    assert_accessible(page)
    time.sleep(1.1)  # a wrong code slows the next one down by a second
    device = queries.second_factor_of(link.officer.account)
    page.fill("[name=code]", f"{TOTP(device.bin_key).token():06}")
    send(page)
    page.wait_for_url("**/agents/")
    page.goto("/agents/deconnexion/")
    assert_accessible(page)
    page.locator("main form button").click()
    page.wait_for_url("**/agents/connexion/")


def test_without_javascript_an_account_is_opened_and_used(open_page):
    page = open_page("/compte/creer/", javascript=False, phone=True)
    page.get_by_role("link", name="Un numéro étranger").click()
    fill_identity(page)
    page.goto(link_of("account_activation", "/compte/activer/"))
    fill_password(page)
    page.fill("[name=password]", PASSWORD)
    send(page)
    page.wait_for_url("**/demandes/")
    page.goto("/compte/")
    page.get_by_text("English", exact=True).last.click()
    page.get_by_role("button", name="Enregistrer la langue").click()
    assert page.locator("h1").inner_text() == "My account"
    page.get_by_role("button", name="Sign out everywhere, here included").click()
    assert Account.objects.get().open_sessions.count() == 0
    page.goto("/compte/")
    assert "/compte/connexion/?next=" in page.url


def test_the_language_changes_in_the_middle_of_a_form_and_nothing_typed_is_lost(open_page):
    page = open_page("/compte/creer/numero-etranger/")
    page.fill("[name=last_name]", "Diallo")
    page.get_by_text("Pour un mineur dont je suis le parent").click()
    page.locator(".fr-header__tools [data-language=en]").click()
    page.wait_for_selector("h1:has-text('Create an account')")
    assert page.input_value("[name=last_name]") == "Diallo"
    assert page.get_by_label("For a minor whose parent I am").is_checked()
    assert page.locator("#erreurs").count() == 0
