"""The waiting list and the certificate of a failed attempt in a real browser: each page and state is for everyone, on a phone
without JavaScript and on a desktop."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from guichet.appointments import actions, due, keys
from guichet.appointments.models import Attempt, Booking, WaitingEntry
from guichet.core import clock
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.appointments import world
from tests.journeys.booking import answer_to

pytestmark = pytest.mark.browser
KINDS = pytest.mark.parametrize(
    "kind", [{}, {"phone": True, "language": "en", "javascript": False}], ids=["desktop", "bare phone"]
)
TYPED = {
    "first_names": "Maria", "last_name": "Lopez", "birth_date_day": "12", "birth_date_month": "5", "birth_date_year": "1990",
    "email": "maria@example.org", "email_again": "maria@example.org",
}  # fmt: skip


@pytest.fixture
def taken(transactional_db):
    """The only slot of an office where it is midday now, taken whole: offers are made by day."""
    cache.clear()
    hours = clock.now().hour - 12  # the names of these zones have their sign the other way round
    agenda = world.an_empty_agenda(office=world.an_office(time_zone=f"Etc/GMT{hours:+}"))
    return world.ask(world.a_type(agenda), world.a_slot(agenda))


def judge(page, kind, name):
    if shots := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(shots) / f"{name}-{'phone' if kind else 'desktop'}.png", full_page=True)
    if kind.get("javascript", True):  # axe is a script
        assert_accessible(page)
    assert_fits(page)


def send(page):
    page.locator("main form button.fr-btn:not([name])").first.click()


def pass_check(page, kind, name):
    if kind.get("javascript", True):
        button = page.locator("#preuve button")
        expect(button).to_be_enabled()
        judge(page, kind, f"{name}-check")
        button.click()
        return
    page.fill("[name=answer]", "je ne sais pas")
    page.locator("#question button.fr-btn").first.click()
    expect(page.locator("#erreurs")).to_be_visible()
    judge(page, kind, f"{name}-check-wrong")
    page.fill("[name=answer]", answer_to(page.locator("label[for=reponse]").inner_text()))
    page.locator("#question button.fr-btn").first.click()


def base_of(booking):
    return f"/rdv/{booking.type.office.slug}/{booking.type.slug}/"


def is_at(page, path):
    page.wait_for_url(f"**{path}")
    page.wait_for_load_state("load")


@KINDS
def test_from_nothing_free_to_the_appointment(open_page, taken, kind):
    page = open_page(base_of(taken), **kind)
    page.check("[name=accepted]", force=True)
    send(page)
    is_at(page, "/descriptif/")
    judge(page, kind, "none")
    page.locator("main a[href$='/attente/']").click()
    is_at(page, "/attente/")
    judge(page, kind, "waiting")
    send(page)
    expect(page.locator("#erreurs")).to_be_visible()
    judge(page, kind, "waiting-errors")
    for name, value in {**TYPED, "phone": "06 12 34 56 78"}.items():
        page.fill(f"[name={name}]", value)
    send(page)
    is_at(page, "/attente/controle/")
    pass_check(page, kind, "waiting")
    is_at(page, "/attente/inscrit/")
    judge(page, kind, "waiting-joined")
    entry = WaitingEntry.objects.get()
    link = f"/rdv/attente/{keys.token_of_entry(entry.key)}/"
    page = open_page(link, **kind)
    is_at(page, "/rdv/attente/")
    judge(page, kind, "entry-waiting")
    page.locator("main a[href$='/quitter/']").click()
    is_at(page, "/quitter/")
    judge(page, kind, "entry-leave")
    page.locator("main a.fr-btn").first.click()
    is_at(page, "/rdv/attente/")
    actions.cancel(world.token(taken))
    Booking.objects.filter(state="returning").update(returns_at=clock.now())
    assert due.give_places_back() == 1
    page.reload()
    expect(page.locator("main form")).to_have_count(2)
    judge(page, kind, "entry-offered")
    send(page)
    is_at(page, "/rdv/demande/")
    expect(page.locator(".fr-badge--success")).to_be_visible()
    judge(page, kind, "entry-accepted")
    assert Booking.objects.get(state="confirmed").email == "maria@example.org"
    page = open_page(link, **kind)
    is_at(page, "/rdv/attente/")
    judge(page, kind, "entry-booked")


@KINDS
def test_leaving(open_page, taken, kind):
    entry = actions.join_waiting_list(taken.type, world.details())
    page = open_page(f"/rdv/attente/{keys.token_of_entry(entry.key)}/", **kind)
    is_at(page, "/rdv/attente/")
    page.locator("main a[href$='/quitter/']").click()
    is_at(page, "/quitter/")
    page.locator("main form button").click()
    is_at(page, "/rdv/attente/")
    expect(page.locator(".fr-badge--error")).to_be_visible()
    judge(page, kind, "entry-left")
    assert WaitingEntry.objects.get().state == "left"


@KINDS
def test_the_certificate_of_a_failed_attempt(open_page, taken, kind):
    page = open_page(base_of(taken), **kind)
    page.check("[name=accepted]", force=True)
    send(page)
    is_at(page, "/descriptif/")
    page.locator("main a[href$='/attestation/']").click()
    is_at(page, "/attestation/")
    judge(page, kind, "attempt")
    for name, value in TYPED.items():
        page.fill(f"[name={name}]", value)
    send(page)
    is_at(page, "/attestation/controle/")
    pass_check(page, kind, "attempt")
    is_at(page, "/attestation/enregistree/")
    judge(page, kind, "attempt-done")
    expect(page.locator("main")).to_contain_text(Attempt.objects.get().document)
    pdf = page.request.get(page.locator("a[href$='attestation.pdf']").evaluate("link => link.href"))
    assert pdf.headers["content-type"] == "application/pdf" and pdf.body().startswith(b"%PDF")
