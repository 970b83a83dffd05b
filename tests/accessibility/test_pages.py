"""Every page and its states, in both languages: axe finds nothing, 320 pixels are enough, the keyboard reaches everything.

The world is made once; each visitor has one window. What is shown to whom is read from the table of addresses, so that a new
page is judged without anybody thinking of it.
"""

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from guichet.accounts.models import LinkToken
from guichet.certificates import actions as certificates
from guichet.core import clock
from guichet.core.identifiers import new_token
from guichet.instruction import actions as instruction
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.contracts import addresses, world
from tests.contracts.conftest import folder_of
from tests.contracts.rules import RULES, SHOWN, expected

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("all_as_printed")]

LANGUAGES = ("fr", "en")
VISITORS = ("anonymous", "owner", "here decision_maker", "here office_administrator", "here case_officer")
# One page in several states looks the same to a reader: judged in these.
STATES = (addresses.ALONE, "deposited", "under_review", "awaiting", "opened", "refused", *addresses.STEPS)
FOR_MACHINES = {"public:healthz", "public:robots", "public:document_list", "applicant:addresses", "applicant:communes"}
FOR_MACHINES |= {"booking:draw_list", "booking:draw_outcome", "booking:draw_script"}
FILES = (
    *("file", "preview", "photo", "document", "letter", "page", "attachment", "receipt", "ephoto", "documents"),
    "convocation",
)


@pytest.fixture(autouse=True)
def private_folder():
    """In place of a folder for each test: the world has its own."""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The world on a live server: ``(house, address)``. Emptied at the end."""
    server = LiveServer("localhost")
    with (
        django_db_blocker.unblock(),
        folder_of(tmp_path_factory.mktemp("house")),
        override_settings(SITE_URL=server.url, CSRF_TRUSTED_ORIGINS=[server.url], DEMO=True),
    ):
        try:
            yield (
                world.build(("deposited", "under_review", "awaiting", "opened", "proposed", "approved", "refused")),
                server.url,
            )
        finally:
            server.stop()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def windows(site, browser):
    """``windows(who, language)``: the window of a visitor, kept open."""
    house, url = site
    kept: dict[tuple[str, str], Page] = {}

    def window(who: str, language: str) -> Page:
        if (who, language) not in kept:
            locale = {"fr": "fr-FR", "en": "en-GB"}[language]
            context = browser.new_context(
                base_url=url, locale=locale, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
            )
            cookies = [{"name": "langue", "value": language, "url": url}]
            if who in house.sessions:
                cookies.append({"name": "session", "value": house.sessions[who], "url": url})
            context.add_cookies(cookies)
            kept[who, language] = context.new_page()
        return kept[who, language]

    yield window
    for page in kept.values():
        page.context.close()


def pages_for(who: str) -> list[tuple[str, str]]:
    """(route, state) of the pages that this visitor is the first of ``VISITORS`` to be shown."""
    found = []
    for route in addresses.routes():
        if route in FOR_MACHINES or route not in RULES or route.rpartition("_")[2].rpartition(":")[2] in FILES:
            continue
        for state in addresses.states_of(route):
            first = next((one for one in VISITORS if expected(RULES[route], one, "get", state) == {SHOWN}), None)
            if first == who and state in (STATES[:2] if route == "applicant:confirmation" else STATES):
                found.append((route, state))
    return found


def judge(page: Page, *, keyboard: bool = False) -> None:
    assert_accessible(page)
    assert_fits(page)
    if keyboard:
        assert_keyboard(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", VISITORS)
def test_every_page_is_for_everyone(site, windows, who, language):
    house, _ = site
    page, wrong = windows(who, language), []
    listed = pages_for(who)
    assert listed
    for route, state in listed:
        answer = page.goto(addresses.address(route, house, state))
        assert answer is not None and answer.status == 200, (route, state, answer and answer.status)
        assert page.locator("html").get_attribute("lang") == language, route
        has_form = page.locator("main form").count() > 0
        try:
            judge(
                page,
                keyboard=has_form and language == "fr" and (state in (addresses.ALONE, "under_review", "opened", "motive")),
            )
        except AssertionError as error:
            wrong.append(f"{route} ({state}): {error}")
    assert not wrong, "\n\n".join(wrong)


def fill_nothing(page: Page, button: str) -> None:
    """Presses a button of a form whose texts were emptied."""
    texts = "main form :is(input[type=text], input[type=email], textarea)"
    page.evaluate(f"() => document.querySelectorAll('{texts}').forEach(one => one.value = '')")
    page.locator(button).locator("visible=true").first.click()


SEND = "main form[method=post] button[type=submit].fr-btn"
# (visitor, route, state, button): forms sent without what they ask, which come back with their errors.
MISTAKES = [
    ("anonymous", "public:contact", addresses.ALONE, SEND),
    ("anonymous", "account:create_with_number", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("anonymous", "account:create_without_number", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("anonymous", "account:sign_in", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("anonymous", "account:forgotten_password", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("anonymous", "officer:sign_in", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("owner", "account:add_person", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("owner", "account:change_password", addresses.ALONE, "main form .fr-btn:not([name])"),
    ("owner", "applicant:draft", "personal_information", "main button.fr-btn[value=continue]"),
    ("owner", "applicant:notification", "opened", "main form[action*='/reponses/'] button.fr-btn"),
    ("here decision_maker", "officer:review", "under_review", "main form[action$='/note/'] button"),
    ("here decision_maker", "officer:signature", addresses.ALONE, "main button[value=send_back]"),
    ("here office_administrator", "officer:ticket", addresses.ALONE, "main form .fr-btn"),
    ("here case_officer", "officer:rdv", addresses.ALONE, "main .rdv-scan button"),
    ("here case_officer", "officer:rdv_book", addresses.ALONE, SEND),
    ("here case_officer", "officer:rdv_cancel", addresses.ALONE, SEND),
    ("anonymous", "booking:draw_wishes", addresses.ALONE, SEND),
    ("anonymous", "booking:links", addresses.ALONE, SEND),
    ("here office_administrator", "officer:draw_new", addresses.ALONE, SEND),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_is_for_everyone(site, windows, language):
    house, _ = site
    wrong = []
    for who, route, state, button in MISTAKES:
        page = windows(who, language)
        page.goto(addresses.address(route, house, state))
        fill_nothing(page, button)
        errors = page.locator(".fr-error-text, .fr-message--error, .fr-alert--error, .fr-valid-text")
        try:
            assert errors.count(), "nothing says what is wrong"
            assert page.title().startswith(("Erreur", "Error")) or route.startswith("officer:"), (
                f"the title hides it: {page.title()}"
            )
            judge(page, keyboard=language == "fr")
        except AssertionError as error:
            wrong.append(f"{route} ({state}): {error}")
    assert not wrong, "\n\n".join(wrong)


# (visitor, address, status): pages that are met when something is not there, or over.
ENDS = [
    ("anonymous", "/nulle-part/", 404),
    ("owner", "/agents/", 403),
    ("anonymous", "/compte/activer/lien-inconnu/", 404),
    ("anonymous", "/compte/reinitialiser/lien-inconnu/", 404),
    ("anonymous", "/agents/activer/lien-inconnu/", 404),
    ("anonymous", "/rdv/invitation/lien-inconnu/", 404),
    ("anonymous", "/compte/mot-de-passe-oublie/envoye/", 200),
    ("anonymous", "/titres/?pour=mineur&situation=rien", 200),
    ("anonymous", "/titres/?pour=moi&situation=numero", 200),
    ("owner", "/demandes/?onglet=titres", 200),
    ("representative", "/notifications/", 200),
    ("representative", "/demandes/commencer/?procedure=ase", 200),
    ("elsewhere decision_maker", "/agents/signatures/", 200),
    ("elsewhere case_officer", "/agents/dossiers/", 200),
    ("elsewhere case_officer", "/agents/tickets/", 200),
    ("here case_officer", "/agents/dossiers/?q=personne&state=refused&flag=late", 200),
    ("here case_officer", "/agents/dossiers/{under_review}/decision/?sens=favourable", 200),
    ("here case_officer", "/agents/dossiers/{under_review}/decision/?sens=refusal", 200),
    ("elsewhere reception", "/agents/rdv/", 200),
    ("elsewhere reception", "/agents/rdv/file/", 200),
    ("elsewhere reception", "/agents/rdv/chiffres/?jour=2026-01-05", 200),
    ("elsewhere reception", "/agents/rdv/?q=personne", 200),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_lists_and_dead_ends_are_for_everyone(site, windows, language):
    house, _ = site
    numbers = {state: application.number for state, application in house.owner.in_state.items()}
    wrong = []
    for who, address, status in ENDS:
        page = windows(who, language)
        answer = page.goto(address.format(**numbers))
        assert answer is not None and answer.status == status, (address, answer and answer.status)
        try:
            judge(page)
        except AssertionError as error:
            wrong.append(f"{address}: {error}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_decision_once_opened_is_for_everyone(site, windows, language):
    house, _ = site
    instruction.open_decision(house.owner.in_state["approved"].decisions.get(), house.owner.account)
    page = windows("owner", language)
    for address in (
        addresses.address("applicant:notification", house, "approved"),
        addresses.address("applicant:application", house, "approved"),
    ):
        page.goto(address)
        judge(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_and_a_link_that_are_over_are_for_everyone(site, windows, language):
    """410: the address was right; the page says since when it is worth nothing, and the ways on."""
    house, _ = site
    paper = house.owner.receipt("refused")
    certificates.revoke(paper)
    raw, hashed = new_token()
    LinkToken.objects.create(
        hashed=hashed, purpose=LinkToken.Purpose.RESET_PASSWORD, account=house.owner.account, expires_at=clock.now()
    )
    for who, address in (
        ("owner", reverse("applicant:document", args=[paper])),
        ("anonymous", reverse("account:reset_password", args=[raw])),
    ):
        page = windows(who, language)
        answer = page.goto(address)
        assert answer is not None and answer.status == 410, address
        judge(page, keyboard=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_of_ours_is_for_everyone(site, windows, language, monkeypatch):
    monkeypatch.setattr("guichet.web.public.views.render", lambda *args, **more: 1 / 0)
    page = windows("anonymous", language)
    answer = page.goto("/")
    assert answer is not None and answer.status == 500
    judge(page)


@pytest.mark.django_db  # asked by one test at least, or pytest-django makes no database for the world
def test_this_sees_the_pages(db):
    assert sum(len(pages_for(who)) for who in VISITORS) > 50
