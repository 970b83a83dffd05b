"""The components in a real browser: for everyone, at every width, by keyboard, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.web_design import gallery

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def the_gallery(settings):
    settings.ROOT_URLCONF = "tests.web_design.gallery"
    gallery.received.clear()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_component_is_accessible(open_page, phone, dark):
    page = open_page("/galerie/", phone=phone, dark=dark)
    assert page.evaluate("document.documentElement.dataset.frTheme") == ("dark" if dark else "light")
    assert_accessible(page)
    assert_fits(page)


def test_everything_is_reached_by_keyboard(open_page):
    assert_keyboard(open_page("/galerie/"))


def test_errors_are_accessible_focused_and_lead_to_their_fields(open_page):
    page = open_page("/galerie/")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    assert_accessible(page)
    assert_fits(page)
    expect(page.locator("#erreurs")).to_be_focused()
    assert page.title().startswith("Erreur")
    summary = page.locator("#erreurs")
    for link in summary.get_by_role("link").all():
        link.click()
        expect(page.locator(link.get_attribute("href"))).to_be_focused()


def test_the_language_link_of_the_header_keeps_what_was_typed(open_page):
    page = open_page("/galerie/")
    page.get_by_label("Nom").fill("DIALLO")
    page.get_by_label("Année").first.fill("2009")
    page.get_by_role("link", name="English").first.click()
    page.wait_for_url("**/galerie/")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_label("Nom").input_value() == "DIALLO"
    assert page.get_by_label("Year").first.input_value() == "2009"
    assert page.locator("#erreurs").count() == 0


def test_without_javascript_a_button_of_the_form_does_the_same(open_page):
    page = open_page("/galerie/", javascript=False)
    page.get_by_label("Nom").fill("DIALLO")
    page.get_by_role("button", name="Read this page in English and keep what I typed").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_label("Nom").input_value() == "DIALLO"


def test_the_enter_key_sends_the_form_and_does_not_change_the_language(open_page):
    page = open_page("/galerie/", javascript=False)
    page.get_by_label("Nom").fill("DIALLO")
    page.get_by_label("Nom").press("Enter")
    assert page.locator("html").get_attribute("lang") == "fr" and page.locator("#erreurs").is_visible()


def test_the_menu_of_a_phone_opens_and_closes(open_page):
    page = open_page("/galerie/", phone=True)
    link = page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Aide")
    assert not link.is_visible()
    page.get_by_role("button", name="Menu").click()
    link.wait_for()
    assert_accessible(page)
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")


def test_without_javascript_the_menu_of_a_phone_is_simply_there(open_page):
    page = open_page("/galerie/", phone=True, javascript=False)
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Aide").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Aide"


def test_skip_links_lead_past_the_header(open_page):
    page = open_page("/galerie/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()


def test_files_leave_one_by_one_with_what_was_refused(open_page):
    page = open_page("/galerie/")
    assert not page.get_by_role("button", name="Envoyer les fichiers").is_visible()
    page.locator("#f").set_input_files(
        [
            {"name": "acte.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"},
            {"name": "virus.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"},
        ]
    )
    page.get_by_text("virus.exe : Ce n'est pas un document.").wait_for()
    page.wait_for_function("() => document.activeElement.id === 'f'")
    assert gallery.received == ["acte.pdf"]
    assert page.get_by_text("virus.exe : Ce n'est pas un document.").is_visible()


def test_a_file_refused_alone_leaves_the_page_as_it_is(open_page):
    page = open_page("/galerie/")
    page.get_by_label("Nom").fill("DIALLO")
    page.locator("#f").set_input_files([{"name": "virus.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}])
    page.get_by_text("virus.exe : Ce n'est pas un document.").wait_for()
    assert page.get_by_label("Nom").input_value() == "DIALLO" and gallery.received == []


def test_without_javascript_files_leave_by_the_button(open_page):
    page = open_page("/galerie/", javascript=False)
    page.locator("#f").set_input_files([{"name": "acte.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-"}])
    page.get_by_role("button", name="Envoyer les fichiers").click()
    assert gallery.received == ["acte.pdf"]


def test_a_phone_offers_its_camera(open_page):
    assert open_page("/galerie/", phone=True).get_by_text("Photo", exact=True).is_visible()
    assert not open_page("/galerie/").get_by_text("Photo", exact=True).is_visible()
