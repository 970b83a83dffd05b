"""An adult's whole way in Chromium: on a phone with JavaScript, on a desktop without it; every state for everyone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from guichet.applications.models import Application
from guichet.core import clock
from guichet.core.dates import add_years
from guichet.instruction import actions
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.web_applicant import world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enter(site, new_context):
    """``enter(phone=True, javascript=False, language="en")``: ``(page, person)`` of somebody signed in."""
    world.a_world()

    def make(**kind) -> tuple[Page, object]:
        account, person = world.a_person()
        client = world.signed_in(account)
        context = new_context(**kind)
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site}])
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
        return page, person

    return make


def ending(path: str) -> re.Pattern[str]:
    return re.compile(re.escape(path) + r"(#.*)?$")


def for_everyone(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def picture(name: str) -> dict:
    made = world.a_picture(name, size=(300, 400))
    return {"name": name, "mimeType": "image/jpeg", "buffer": made.read()}


def date_in(page: Page, name: str, day) -> None:
    page.locator(f"#id_{name}_day").fill(str(day.day))
    page.locator(f"#id_{name}_month").fill(str(day.month))
    page.locator(f"#id_{name}_year").fill(str(day.year))


def save(page: Page, label: str = "Enregistrer et poursuivre") -> None:
    page.get_by_role("button", name=label, exact=True).last.click()


def test_on_a_phone_from_start_to_decision(enter):
    page, person = enter(phone=True)
    birth = person.birth_date.assumed()
    page.goto("/demandes/")
    for_everyone(page)
    page.goto("/demandes/commencer/?procedure=ase")
    for_everyone(page)
    page.get_by_role("button", name="Commencer").click()

    # Personal information: nothing filled in, then the address as one types
    assert_keyboard(page)
    page.get_by_label("Adresse électronique").fill("")
    save(page)
    expect(page.locator("#erreurs")).to_be_focused()
    for_everyone(page)
    page.get_by_label("Chercher mon adresse").press_sequentially("20 rue nationale lil", delay=10)
    expect(page.get_by_role("option").first).to_contain_text("59800 Lille")  # not what the first keys alone suggest
    for_everyone(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[name=address-0-home_insee_code]")).to_have_value("59350")
    page.get_by_label("Adresse électronique").fill("anh@example.org")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    save(page)

    # Reason: questions come and go without a reload, keyboard focus stays
    expect(page).to_have_url(ending("/motive/"))
    page.get_by_label("Situation familiale").focus()
    page.get_by_label("Situation familiale").select_option("married")
    expect(page.locator("#id_family-0-union_country")).to_be_visible()
    expect(page.get_by_label("Situation familiale")).to_be_focused()
    page.locator("label[for=id_family-0-children_in_charge_0]").click()
    expect(page.locator("#id_children-0-name")).to_be_visible()
    for_everyone(page)
    page.get_by_label("Situation familiale").select_option("single")
    expect(page.locator("#id_family-0-union_country")).to_have_count(0)
    page.locator("label[for=id_family-0-children_in_charge_1]").click()
    expect(page.locator("#id_children-0-name")).to_have_count(0)
    date_in(page, "care-0-taken_into_care_on", add_years(birth, 17))
    date_in(page, "family-0-entered_france_on", add_years(birth, 14))
    for item in ("not_polygamous", "knows_penalties"):
        page.locator(f"label[for=statement-{item}]").click()
    save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ne vous est pas ouverte")
    for_everyone(page)
    page.get_by_role("link", name="Modifier ma réponse").click()
    date_in(page, "care-0-taken_into_care_on", add_years(birth, 16))
    save(page)

    # Documents: a case, an e-photo, a refused file, then all of them
    expect(page).to_have_url(ending("/documents/"))
    assert_keyboard(page)
    page.get_by_text("Quelqu'un m'héberge").click()
    expect(page.locator("#piece-home__host_statement-0")).to_be_visible()
    page.get_by_text("J'ai un logement").click()
    expect(page.locator("#piece-home__proof-0")).to_be_visible()
    expect(page.locator("#piece-home__host_statement-0")).to_have_count(0)
    page.locator("#id_ephoto").fill("1234567890123456789017")
    page.get_by_role("button", name="Confirmer le numéro").click()
    expect(page.locator("#id_ephoto_error")).to_contain_text("pas connu")
    for_everyone(page)
    page.locator("#id_ephoto").fill(world.EPHOTO)
    page.get_by_role("button", name="Confirmer le numéro").click()
    expect(page.get_by_alt_text("Votre photo d'identité")).to_be_visible()
    page.locator("#file-identity-0").set_input_files(
        {"name": "acte.exe", "mimeType": "image/jpeg", "buffer": b"MZ" + b"\0" * 300}
    )
    expect(page.locator("#piece-identity-0")).to_contain_text("acte.exe")
    for_everyone(page)
    waiting = page.locator(".guichet-piece[id^=piece-]:not(:has(.guichet-file))")
    for key in [place.get_attribute("id").removeprefix("piece-") for place in waiting.all()]:
        page.locator(f"#file-{key}").set_input_files(picture(f"{key}.jpg"))
        expect(page.locator(f"#piece-{key} .guichet-file")).to_be_visible()
        page.wait_for_load_state("load")  # the page was asked again: its scripts run
    for_everyone(page)
    save(page)

    # Recap and deposit
    expect(page).to_have_url(ending("/deposit/"))
    for_everyone(page)
    assert_keyboard(page)
    page.get_by_label("Observations").fill("Mon prénom s'écrit Minh-Anh.")
    page.get_by_role("button", name="Déposer la demande").dblclick()
    expect(page.get_by_role("heading", name="Votre demande est déposée")).to_be_visible()
    for_everyone(page)
    application = Application.objects.get(number__isnull=False)
    page.goto("/demandes/")
    for_everyone(page)
    page.goto(f"/demandes/{application.number}/")
    for_everyone(page)
    _complement(page, application)
    _decision(page, application)


def _complement(page: Page, application: Application) -> None:
    officer = world.an_officer(application.office)
    actions.take_up(application, officer)
    actions.request_complement(
        application,
        officer,
        [
            actions.AskedItem("nationality", 0, reason="illegible", observation="Toutes les pages."),
            actions.AskedItem(label="Lettre", observation="Une page suffit."),
        ],
    )
    page.goto("/notifications/")
    for_everyone(page)
    page.get_by_role("link", name="Demande de complément").click()
    for_everyone(page)
    page.get_by_role("button", name="Ouvrir la demande").click()
    for_everyone(page)
    one, two = page.locator("section.guichet-piece").all()
    one.get_by_text("Maintenir le document").click()
    one.get_by_role("button", name="Enregistrer cette réponse").last.click()
    expect(page.locator("#erreurs")).to_be_focused()
    for_everyone(page)
    one.locator("textarea[name=keep_reason]").fill("Les deux pages y sont.")
    one.get_by_role("button", name="Enregistrer cette réponse").last.click()
    two.get_by_text("Donner le document").click()
    two.locator("input[name=files]").set_input_files(picture("lettre.jpg"))
    expect(two.locator(".guichet-file")).to_be_visible()
    page.get_by_role("button", name="Valider et envoyer").click()
    expect(page.get_by_role("heading", name="Réponses envoyées")).to_be_visible()
    for_everyone(page)


def _decision(page: Page, application: Application) -> None:
    application.refresh_from_db()
    today = clock.today()
    actions.propose_decision(
        application,
        application.review.assigned_to,
        "favourable",
        permit_kind="temporary_card",
        permit_mention="private_and_family_life",
        valid_from=today,
        valid_until=today + timedelta(days=364),
    )
    page.goto("/notifications/")
    page.get_by_role("link", name="Notification de décision").click()
    for_everyone(page)
    page.get_by_role("button", name="Ouvrir la décision").click()
    for_everyone(page)
    expect(page.get_by_role("link", name="Attestation de décision favorable")).to_be_visible()


def test_without_javascript_in_english_on_a_desktop(enter):
    page, person = enter(javascript=False, language="en")
    birth = person.birth_date.assumed()
    page.goto("/demandes/commencer/?procedure=ase&lang=en")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_label("Find my address").fill("20 rue nationale lille")
    page.get_by_label("Telephone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("20 Rue Nationale 59800 Lille").first.click()
    save(page, "Save and continue")
    expect(page).to_have_url(ending("/motive/"))
    page.get_by_label("Family situation").select_option("married")
    page.get_by_role("button", name="Update the questions with my answers").last.click()
    expect(page.locator("#id_family-0-union_country")).to_be_visible()
    page.get_by_label("Family situation").select_option("single")
    page.locator("label[for=id_family-0-children_in_charge_1]").click()
    date_in(page, "care-0-taken_into_care_on", add_years(birth, 15))
    date_in(page, "family-0-entered_france_on", add_years(birth, 14))
    for item in ("not_polygamous", "knows_penalties"):
        page.locator(f"label[for=statement-{item}]").click()
    save(page, "Save and continue")
    page.get_by_text("I have a home in my own name").click()
    page.get_by_role("button", name="See the documents for my situation").click()
    page.locator("#id_ephoto").fill(world.EPHOTO)
    for place in page.locator(".guichet-piece[id^=piece-]").all():
        key = place.get_attribute("id").removeprefix("piece-")
        page.locator(f"#file-{key}").set_input_files(picture(f"{key}.jpg"))
    save(page, "Save and continue")
    expect(page).to_have_url(ending("/deposit/"))
    page.get_by_role("button", name="Submit the application").click()
    expect(page.get_by_role("heading", name="Your application is submitted")).to_be_visible()
    assert Application.objects.filter(number__isnull=False).count() == 1


def test_what_is_typed_survives_an_upload(enter):
    """Files leave by themselves and the page is asked again: a hidden button keeps the e-photo's number and the case first."""
    page, person = enter()
    draft = world.start(world.signed_in(person.representations.get().account), person)
    page.goto(world.step_url(draft, "documents"))
    page.get_by_text("Quelqu'un m'héberge").click()
    expect(page.locator("#piece-home__host_statement-0")).to_be_visible()
    for number, answer in (("1234567890123456789017", "#id_ephoto_error"), (world.EPHOTO, ".guichet-ephoto")):
        page.locator("#id_ephoto").fill(number)
        page.locator("#file-identity-0").set_input_files(picture(f"{number}.jpg"))
        expect(page.locator("#piece-identity-0")).to_contain_text(f"{number}.jpg")
        expect(page.locator(answer)).to_be_visible()
        expect(page.locator("#piece-home__host_statement-0")).to_be_visible()
        page.wait_for_load_state("load")  # the page was asked again: its scripts run
        if answer == "#id_ephoto_error":
            expect(page.locator("#id_ephoto")).to_have_value(number)


def test_a_document_brought_by_an_answer_leaves_by_itself_too(enter):
    """The box came after the page: its file leaves as soon as it is chosen, like those that were there from the start."""
    page, person = enter()
    draft = world.start(world.signed_in(person.representations.get().account), person)
    page.goto(world.step_url(draft, "documents"))
    page.get_by_text("Quelqu'un m'héberge").click()
    page.locator("#file-home__host_statement-0").set_input_files(picture("attestation.jpg"))
    expect(page.locator("#piece-home__host_statement-0 .guichet-file")).to_contain_text("attestation.jpg")
