"""My applications in Chromium: every tab and state for everyone, in both languages, on phones and desktops."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from guichet.applications.models import Application
from guichet.core import clock
from guichet.instruction import actions
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.web_applicant import world
from tests.web_applicant.test_mine import a_permit, another_version
from tests.web_applicant.world import IDENTITY, send, step_url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("all_as_printed"),
]
TABS = ("en-cours", "brouillons", "decidees", "attestations", "titres")


@pytest.fixture
def family(site):
    """Somebody with an application to complete, a refused brother, a sister with a draft of an older version."""
    world.a_world()
    account, person = world.a_person()
    client = world.signed_in(account)
    _account, brother = world.a_person(account, first_names="Quoc Bao")
    _account, sister = world.a_person(account, first_names="Thi Mai")
    for one in (person, brother):
        application = world.deposited(client, one)
        officer = world.an_officer(application.office)
        actions.take_up(application, officer)
        if one == person:
            actions.request_complement(application, officer, [actions.AskedItem("nationality", 0, reason="illegible")], "")
        else:
            reasons = "Les conditions du séjour ne sont pas remplies à ce jour."
            actions.propose_decision(application, officer, "refusal", motivation=reasons)
    draft = world.start(client, sister)
    send(client, step_url(draft, "personal_information"), IDENTITY, press="quit")
    a_permit(person, clock.today() + timedelta(days=40))
    a_permit(sister, clock.today() - timedelta(days=3), kind="long_stay_visa")

    def change(content):
        step = next(step for step in content["steps"] if step["id"] == "personal_information")
        contact = next(section for section in step["sections"] if section["id"] == "contact")
        contact["fields"].remove(next(field for field in contact["fields"] if field["id"] == "phone"))
        label = {"fr": "Comment préférez-vous être joint ?", "en": "How would you rather be reached?"}
        contact["fields"].append({"id": "reached", "section": "contact", "type": "text", "label": label})

    another_version("ase", "2026-11", change)
    return site, client, draft


@pytest.fixture
def visit(family, new_context):
    site, client, _draft = family

    def make(**kind) -> Page:
        context = new_context(**kind)
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
        return page

    return make


def for_everyone(page: Page, name: str) -> None:
    if os.environ.get("KEEP_SCREENS"):
        page.screenshot(path=Path(os.environ["KEEP_SCREENS"]) / f"{name}.png", full_page=True)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("phone", [True, False])
def test_every_tab_for_everyone(family, visit, phone, language):
    _site, _client, draft = family
    page = visit(phone=phone, language=language)
    kind = f"{'phone' if phone else 'desktop'}-{language}"
    for tab in TABS:
        page.goto(f"/demandes/?onglet={tab}&lang={language}")
        for_everyone(page, f"{tab}-{kind}")
    page.goto(f"/demandes/brouillon/{draft.pk}/version/")
    for_everyone(page, f"version-{kind}")
    page.goto("/demandes/commencer/?procedure=ase")
    for_everyone(page, f"start-{kind}")
    for application in Application.objects.exclude(number=None):
        page.goto(f"/demandes/{application.number}/")
        for_everyone(page, f"{application.state}-{kind}")


def test_from_what_to_do_first_without_javascript(family, visit):
    _site, _client, draft = family
    page = visit(javascript=False)
    page.goto("/demandes/")
    assert page.locator(".guichet-todo__task").count() == 3
    page.get_by_role("link", name="Voir ce qui change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette démarche a changé")
    page.get_by_role("button", name="Passer à la nouvelle version").click()
    page.wait_for_url(f"**/demandes/brouillon/{draft.pk}/**")
    draft.refresh_from_db()
    assert draft.procedure.version == "2026-11"
    page.goto("/demandes/?onglet=titres")
    page.get_by_role("button", name="Demander aux registres").first.click()
    expect(page.get_by_text("est à jour").first).to_be_visible()


def test_the_list_is_walked_by_the_keyboard(family, visit):
    page = visit()
    page.goto("/demandes/?onglet=titres")
    assert_keyboard(page)
