"""A student in a real browser: by INE and by code, on a phone without JavaScript and on a desktop; each page is for all."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from guichet.appointments.models import ComeBack
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.appointments import world

pytestmark = pytest.mark.browser


@pytest.fixture
def path(transactional_db):
    cache.clear()
    agenda = world.an_empty_agenda()
    world.a_slot(agenda, capacity=2)
    type = world.a_type(agenda, slug="etudiants", identity="student", window_months_before_permit_end=2)
    return f"/rdv/{type.office.slug}/{type.slug}/"


def judge(page, javascript=True):
    if javascript:  # axe is a script
        assert_accessible(page)
    assert_fits(page)


def send(page):
    page.locator("main form button.fr-btn:not([name]):not(.fr-btn--tertiary)").first.click()


@pytest.mark.parametrize("kind", [{}, {"phone": True, "language": "en", "javascript": False}], ids=["desktop", "bare phone"])
def test_by_ine_to_the_day_to_come_back(open_page, path, kind):
    page = open_page(path, **kind)
    javascript = kind.get("javascript", True)
    page.check("[name=accepted]", force=True)
    send(page)
    judge(page, javascript)
    page.select_option("[name=institution]", "lyon-2")
    send(page)
    page.fill("[name=birth_name]", "benali")
    page.fill("[name=ine]", "012345678BD")
    send(page)
    expect(page.locator("#erreurs")).to_be_visible()
    judge(page, javascript)
    page.fill("[name=ine]", "0123 456 78bc")
    send(page)
    expect(page.locator("main")).to_contain_text("Yasmine")
    judge(page, javascript)
    send(page)
    judge(page, javascript)
    page.check("[name=situation][value=renewal]", force=True)
    send(page)
    judge(page, javascript)
    page.fill("[name=email]", "yasmine@example.org")
    send(page)
    expect(page.locator(".fr-alert--success")).to_be_visible()
    assert ComeBack.objects.get().on > clock.today()


@pytest.mark.parametrize("kind", [{}, {"phone": True, "language": "en", "javascript": False}], ids=["desktop", "bare phone"])
def test_by_code_to_the_slots(open_page, path, kind):
    page = open_page(path, **kind)
    javascript = kind.get("javascript", True)
    page.check("[name=accepted]", force=True)
    send(page)
    page.select_option("[name=institution]", "other")
    send(page)
    judge(page, javascript)
    page.locator("main a.fr-btn").first.click()
    send(page)
    expect(page.locator("#erreurs")).to_be_visible()
    judge(page, javascript)
    ends_on = clock.today() + timedelta(days=30)
    typed = {
        "last_name": "Núñez", "first_names": "Ana", "email": "ana@example.org", "email_again": "ana@example.org",
        "birth_date_day": "5", "birth_date_month": "4", "birth_date_year": "2003",
        "stay_ends_on_day": str(ends_on.day), "stay_ends_on_month": str(ends_on.month), "stay_ends_on_year": str(ends_on.year),
    }  # fmt: skip
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.check("[name=situation][value=after_visa]", force=True)
    page.check("[name=stay_kind][value=visa]", force=True)
    send(page)
    expect(page.locator("main")).to_contain_text("ana@example.org")
    judge(page, javascript)
    body = OutboxMessage.objects.get().body
    page.goto(re.search(r"http\S+/identite/code/", body)[0])
    judge(page, javascript)
    page.fill("[name=last_name]", "NUNEZ")
    page.fill("[name=code]", re.search(r"^[2-9A-Z]{5} [2-9A-Z]{5}$", body, re.M)[0].lower())
    send(page)
    expect(page).to_have_url(re.compile(r"/descriptif/$"))
    expect(page.locator("main")).to_contain_text("Ana Núñez")


@pytest.mark.parametrize("kind", [{}, {"phone": True, "language": "en"}], ids=["desktop", "phone"])
def test_the_help_is_for_everyone(open_page, transactional_db, kind):
    page = open_page("/aide/rendez-vous-etudiant/", **kind)
    judge(page)
    page.locator("a[href='#changer']").click()
    expect(page.locator("h2#changer")).to_be_in_viewport()
