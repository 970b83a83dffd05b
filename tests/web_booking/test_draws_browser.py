"""A draw in a real browser: on a desktop, and on a phone without JavaScript in English; each page is for all."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from guichet.appointments.keys import token_of_registration
from guichet.appointments.models import DrawRegistration
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.appointments.draw_world import a_draw, ids, register, run

pytestmark = pytest.mark.browser
KINDS = pytest.mark.parametrize(
    "kind", [{}, {"phone": True, "language": "en", "javascript": False}], ids=["desktop", "bare phone"]
)


@pytest.fixture
def draw(transactional_db, monkeypatch):
    monkeypatch.setattr("guichet.core.bot_check.HASHES", 2000)
    monkeypatch.setattr("guichet.core.questions.is_right", lambda pick, answer: answer == "right")
    cache.clear()
    return a_draw()


def path_of(draw):
    return f"/rdv/{draw.type.office.slug}/{draw.type.slug}/"


def judge(page, kind):
    if kind.get("javascript", True):  # axe is a script
        assert_accessible(page)
    assert_fits(page)


def follow(page, target):
    with page.expect_navigation():
        target.click()


def go_on(page):
    follow(page, page.locator("main form button.fr-btn:not([name]):not(.fr-btn--tertiary)").locator("visible=true").first)


@KINDS
def test_somebody_registers_and_changes_their_mind(open_page, draw, kind):
    own = ids(draw)
    page = open_page(path_of(draw), **kind)
    follow(page, page.locator(f"main a[href$='/tirage/{draw.slug}/']").first)
    judge(page, kind)
    follow(page, page.locator("main a[href$='/inscription/']").first)
    judge(page, kind)
    go_on(page)
    expect(page.locator("#erreurs")).to_be_visible()
    judge(page, kind)
    page.select_option("[name=wish_1]", str(own[2]))
    page.select_option("[name=wish_2]", str(own[0]))
    page.check("[name=accepted]", force=True)
    go_on(page)
    judge(page, kind)
    for name, value in {"first_names": "Maria", "last_name": "Lopez", "phone": "06 12 34 56 78"}.items():
        page.fill(f"[name={name}]", value)
    for name, value in {"day": "12", "month": "5", "year": "1990"}.items():
        page.fill(f"[name=birth_date_{name}]", value)
    page.fill("[name=email]", "maria@example.org")
    page.fill("[name=email_again]", "maria@example.org")
    go_on(page)
    judge(page, kind)
    if kind.get("javascript", True):
        expect(page.locator("#preuve button[type=submit]")).to_be_enabled(timeout=20_000)
        follow(page, page.locator("#preuve button[type=submit]"))
    else:
        page.fill("[name=answer]", "right")
        follow(page, page.locator("#question button.fr-btn[type=submit]").first)
    expect(page).to_have_url(re.compile(r"/inscrit/$"))
    judge(page, kind)
    made = DrawRegistration.objects.get()
    assert made.wishes == [own[2], own[0]]
    page.goto(f"{page.url.split('/rdv/')[0]}/rdv/inscription/{token_of_registration(made.request_key)}/")
    judge(page, kind)
    follow(page, page.locator("main form[action$='/confirmer/'] button"))
    expect(page.locator("main")).to_contain_text(made.public_id)
    judge(page, kind)
    follow(page, page.locator("main a[href$='/voeux/']"))
    page.select_option("[name=wish_1]", str(own[4]))
    judge(page, kind)
    go_on(page)
    expect(page.locator(".fr-alert--success")).to_be_visible()
    assert DrawRegistration.objects.get().wishes == [own[4], own[0]]


@KINDS
def test_whoever_doubts_replays_a_draw(open_page, draw, kind):
    for _ in range(3):
        register(draw, ids(draw)[:1])
    run(draw)
    page = open_page(f"{path_of(draw)}tirage/{draw.slug}/", **kind)
    judge(page, kind)
    expect(page.locator("main")).to_contain_text(draw.list_hash)
    follow(page, page.locator("main form[action$='/rejouer/'] button"))
    expect(page.locator(".fr-alert--success")).to_be_visible()
    judge(page, kind)
    page.fill("[name=code]", DrawRegistration.objects.first().public_id)
    follow(page, page.locator("#mon-code button"))
    expect(page.locator("main [role=status]")).to_be_visible()
    judge(page, kind)
    for name in ("liste.jsonl", "resultat.jsonl", "tirage.py"):
        with page.expect_download() as download:
            page.locator(f"main a[href$='{name}']").click()
        assert download.value.suggested_filename.endswith(name.rpartition(".")[2])
