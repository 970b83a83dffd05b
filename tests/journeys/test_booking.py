"""The Loire's booking page, walked in a browser: French on a phone, English on a desktop, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from guichet.appointments.models import Booking, Slot
from guichet.core.questions import ANIMALS, DAYS, NUMBERS
from tests.journeys import world

pytestmark = pytest.mark.browser
BASE = "/rdv/saint-etienne/admission-exceptionnelle/"
EMAIL = "maria.lopez@example.org"


def to_the_grid(page):
    page.locator("[name=accepted]").check(force=True)
    page.locator("main form button.fr-btn").first.click()
    page.wait_for_url("**/descriptif/")
    page.locator("a[href$='/creneaux/']").first.click()
    page.wait_for_url("**/creneaux/**")


def fill_in(page):
    for name, value in {
        "first_names": "Maria",
        "last_name": "Lopez",
        "birth_date_day": "12",
        "birth_date_month": "5",
        "birth_date_year": "1990",
        "email": EMAIL,
        "email_again": EMAIL,
        "phone": "06 12 34 56 78",
    }.items():
        page.locator(f"[name={name}]").fill(value)


def finish(page):
    page.locator("main form button.fr-btn").first.click()
    page.wait_for_url("**/valider/")
    page.locator("main form button.fr-btn").first.click()
    page.wait_for_url("**/termine/")


def confirm_by_mail(page):
    page.goto(world.link_in(world.last_mail_to(EMAIL)))
    page.wait_for_url("**/rdv/demande/")
    page.locator("form[action$='/confirmer/'] button").click()
    expect(page.locator(".fr-badge--success")).to_be_visible()
    assert Booking.objects.get(email=EMAIL).state == "confirmed"
    mail = world.last_mail_to(EMAIL)
    assert {attached["name"].rpartition(".")[2] for attached in mail.attachments} == {"pdf", "ics"}


def answer_to(text):
    """What a person answers, in French or in English."""
    plain = text.replace("\u202f", " ").replace("\u00a0", " ").rstrip(" ?.")
    for words in (ANIMALS, DAYS):
        named = [word for pair in words for word in pair if re.search(rf"\b{word}\b", plain)]
        if named and "," in plain:
            return named[0]
    values = {word: value for value, pair in enumerate(NUMBERS) for word in pair}
    if " plus " in plain and ("Combien" in plain or "How much" in plain):
        first, second = re.search(r"(?:font|is) (\S+) plus ([\w-]+)", plain).groups()
        return str(values[first] + values[second])
    first, second = re.search(r": ([\w-]+) (?:ou|or) ([\w-]+)$", plain).groups()
    return max(first, second, key=values.get)


@pytest.mark.parametrize(("language", "phone"), [("fr", True), ("en", False)])
def test_with_scripts_a_slot_is_chosen_held_and_confirmed(lille, at, language, phone):
    page = at(BASE, phone=phone, language=language)
    to_the_grid(page)
    shape = ".booking-list" if phone else ".booking-table"
    page.locator(f"{shape} .booking-cell--free input").nth(3).click()
    take = page.locator("[data-part=panel] button")
    expect(take).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    take.click()
    page.wait_for_url("**/controle/")
    assert not Booking.objects.exists()
    ready = page.locator("#preuve button")
    expect(ready).to_be_enabled()
    ready.click()
    page.wait_for_url("**/coordonnees/")
    assert Booking.objects.get().state == "held"
    expect(page.locator("[data-countdown]")).to_contain_text(re.compile(r"[89]:\d\d|10:00"))
    fill_in(page)
    finish(page)
    booking = Booking.objects.get(state="to_confirm")
    assert booking.language == language
    confirm_by_mail(page)


def test_without_scripts_a_question_is_answered(lille, at):
    page = at(BASE, javascript=False)
    to_the_grid(page)
    page.locator(".booking-table .booking-cell--free input").nth(2).check(force=True)
    page.locator(".booking-see").click()
    page.wait_for_url("**plage=*")
    page.locator("[data-part=panel] button").click()
    page.wait_for_url("**/controle/")
    page.locator("[name=answer]").fill("je ne sais pas")
    page.locator("#question button.fr-btn").first.click()
    expect(page.locator("#erreurs")).to_be_visible()
    page.locator("[name=answer]").fill(answer_to(page.locator("label[for=reponse]").inner_text()))
    page.locator("#question button.fr-btn").first.click()
    page.wait_for_url("**/coordonnees/")
    fill_in(page)
    finish(page)
    confirm_by_mail(page)


def test_the_grid_refreshes_itself_and_keeps_choice_and_focus(lille, at):
    page = at(BASE)
    to_the_grid(page)
    free = page.locator(".booking-table .booking-cell--free input")
    chosen, other = free.nth(4), free.nth(5)
    number, gone = chosen.get_attribute("value"), other.get_attribute("value")
    page.locator(f"#t{number}").click()
    expect(page.locator("[data-part=panel] button")).to_be_visible()
    Slot.objects.filter(pk=gone).update(capacity=0, version=99)
    expect(page.locator(f"td[data-cell=t{gone}]")).to_have_attribute("data-state", "full")
    assert page.locator(f"#t{number}").is_checked()
    assert page.evaluate("document.activeElement.id") == f"t{number}"
