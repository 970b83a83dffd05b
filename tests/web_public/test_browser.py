"""Public pages for everyone: axe, 320 pixels, keyboard, no JavaScript, in French and in English."""

import re

import pytest
from playwright.sync_api import expect

from guichet.procedures.actions import publish_catalogue
from guichet.support.models import Ticket
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/aide/",
    "/aide/papiers/",
    "/contact/",
    "/titres/",
    "/titres/?pour=moi&situation=numero",
    "/titres/?pour=moi&situation=titre&demande=changement",
    "/titres/?pour=moi&situation=visa&motif=talent&mention=",
    "/titres/ase/",
    "/titres/talent/?choix=talent_mention.carte_bleue",
    "/accessibilite/",
    "/plan-du-site/",
]


@pytest.fixture(autouse=True)
def published(transactional_db):
    publish_catalogue()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("kind", [{}, {"phone": True, "language": "en"}, {"dark": True}], ids=["desktop", "phone", "dark"])
def test_a_public_page_is_for_everyone(open_page, address, kind):
    page = open_page(address, **kind)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("address", ["/", "/contact/", "/titres/ase/"])
def test_a_public_page_is_used_by_keyboard_alone(open_page, address):
    assert_keyboard(open_page(address))


def test_an_error_page_is_for_everyone(open_page):
    page = open_page("/nulle-part/", status=404)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_a_person_writes_to_us_makes_a_mistake_and_mends_it(open_page, javascript, phone):
    page = open_page("/contact/", javascript=javascript, phone=phone)
    page.get_by_label("Votre message").fill("Je n'ai pas reçu le courriel.")
    page.get_by_role("button", name="Envoyer ma demande").click()
    if javascript:
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("link", name="À remplir : Votre adresse électronique").click()
    page.get_by_label("Votre adresse électronique").fill("minh@example.org")
    page.get_by_label("Sujet").select_option("account")
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.get_by_role("heading", name="Votre demande est arrivée").wait_for()
    assert Ticket.objects.get().number in page.content()
    if javascript:
        assert_accessible(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_a_person_finds_their_procedure(open_page, javascript):
    page = open_page("/", javascript=javascript)
    page.get_by_role("link", name="Commencer une demande").click()
    page.get_by_role("link", name="Pour moi").click()
    page.get_by_role("link", name="Un numéro étranger, sans titre").click()
    page.get_by_role("link", name="Jeune confié à l'aide sociale à l'enfance").click()
    assert "vie privée et familiale" in page.get_by_role("heading", level=1).inner_text()
    documents = page.get_by_role("heading", name="État civil", level=3)
    if javascript:
        documents.get_by_role("button").click()
    expect(page.get_by_text("Acte de naissance").first).to_be_visible()
    page.get_by_role("link", name="Créer mon compte").click()
    assert "/compte/creer/" in page.url


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_the_holder_of_a_talent_visa_tells_the_mention_and_goes_back_without_losing_the_way(open_page, javascript):
    page = open_page("/titres/", javascript=javascript, phone=True, language="en")
    page.get_by_role("link", name="For me").click()
    page.get_by_role("link", name="A residence permit or a VLS-TS").click()
    page.get_by_role("link", name="To stay for the same reason").click()
    page.get_by_role("link", name="Talent (formerly talent passport)").click()
    page.get_by_role("link", name="A talent VLS-TS").click()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_text("Choose an answer in the list.").is_visible()
    if javascript:
        assert_accessible(page)
    page.get_by_label("Mention").select_option(label="Highly qualified, EU blue card")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Multi-year “talent” residence permit: first application", level=1).wait_for()
    assert "Highly qualified, EU blue card" in page.locator("aside").inner_text()
    page.go_back()
    page.get_by_role("heading", name="What is your talent mention?", level=1).wait_for()
    page.get_by_role("link", name=re.compile("Reason of your permit")).click()
    page.get_by_role("link", name="Studies").click()
    page.get_by_role("link", name="A student residence card").click()
    assert page.url.endswith("/titres/student_renewal/")


def test_the_list_of_documents_follows_the_mention(open_page):
    page = open_page("/titres/talent/")
    before = page.locator(".fr-accordion").count()
    page.get_by_label("Mention").select_option(label="Renommée internationale")
    page.get_by_role("button", name="Voir mes documents").click()
    page.wait_for_url("**choix=talent_mention.renommee**")
    assert 3 < page.locator(".fr-accordion").count() < before


def test_the_language_link_is_at_hand_on_a_phone(open_page):
    page = open_page("/aide/", phone=True)
    page.get_by_role("link", name="English").first.click()
    page.get_by_role("heading", name="Help", level=1).wait_for()
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_home_page_weighs_little(open_page):
    page = open_page("/")
    weights = page.evaluate("performance.getEntriesByType('resource').map(one => [one.name, one.decodedBodySize])")
    assert sum(weight for _, weight in weights) < 600_000, weights
    assert not [name for name, _ in weights if "localhost" not in name], "nothing comes from elsewhere"
