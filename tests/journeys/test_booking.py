"""The Loire's booking page, walked in a browser from the list of offices to the convocation, then moved or cancelled."""

import re

import pytest
from playwright.sync_api import expect

from guichet.appointments.models import Slot
from guichet.core import clock
from tests.journeys import world
from tests.journeys.booking import EVERY_WAY, Booker, requests

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
BASE = "/rdv/saint-etienne/admission-exceptionnelle/"
EMAIL = "maria.lopez@example.org"
GONE = "Cette plage n'est plus libre."
NEAREST = "Les plages libres les plus proches"


@pytest.fixture
def booker(lille, at):
    """``booker(language="en", phone=True, javascript=False)``: someone at the grid of the Loire's admission."""

    def make(**kind):
        someone = Booker(at("/", **kind), BASE, EMAIL, kind.get("language", "fr"), phone=kind.get("phone", False))
        someone.accept()
        someone.look_at_slots()
        return someone

    return make


def requests_states():
    """Where each request stands."""
    return sorted(requests().values_list("state", flat=True))


@EVERY_WAY
def test_from_the_list_of_offices_to_the_convocation_then_to_another_date(booker, language, phone, javascript):
    maria = booker(language=language, phone=phone, javascript=javascript)
    maria.choose(3)
    assert maria.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") if javascript else True
    maria.take()
    assert not requests().exists(), "choosing holds nothing"
    maria.pass_check()
    maria.is_at("**/coordonnees/")
    assert requests().get().state == "held"
    if javascript:
        expect(maria.page.locator("[data-countdown]")).to_contain_text(re.compile(r"[789]:\d\d|10:00"))
    maria.fill_in()
    maria.finish()
    booking = requests().get()
    assert (booking.state, booking.language) == ("to_confirm", language)
    convocation = maria.confirm_by_mail()
    assert booking.reference in convocation
    assert "LOPEZ" in convocation.upper()

    before = booking.slot
    maria.follow("Changer de date")
    maria.is_at("**/deplacer/**")
    maria.choose(5)
    maria.take()
    maria.is_at("**/rdv/demande/")
    maria.reads(maria.words("Confirmé"))
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert booking.slot != before, "the same request, another date"
    world.deliver()
    assert world.last_mail_to(EMAIL).template == "appointment_moved"


def test_cancelled_from_the_mail_before_anything_was_confirmed(booker):
    maria = booker(phone=True)
    maria.book()
    maria.open_mailed_link()
    maria.cancel()
    maria.reads("Annulé")
    assert requests_states() == ["cancelled"]
    assert world.last_mail_to(EMAIL).template == "appointment_cancelled"


def test_found_again_by_its_reference_and_cancelled_without_javascript(booker):
    maria = booker(language="en", javascript=False)
    maria.book()
    maria.confirm_by_mail()
    maria.page.context.clear_cookies()
    maria.find_by_reference(requests().get().reference)
    maria.cancel()
    maria.reads("Cancelled")
    maria.follow("Faire une nouvelle demande")
    maria.is_at(f"**{BASE}")


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "without"])
def test_somebody_takes_the_slot_meanwhile_and_the_nearest_are_proposed(booker, javascript):
    maria = booker(phone=not javascript, javascript=javascript)
    number = maria.choose(4)
    maria.take()
    maria.is_at("**/controle/")
    Slot.objects.filter(pk=number).update(capacity=0, version=99)
    maria.pass_check()
    maria.is_at("**/creneaux/**")
    maria.reads(GONE)
    maria.reads(NEAREST)
    assert not requests().exists()
    maria.page.locator("[data-part=panel] a[href*='plage=']").first.click()
    maria.take()
    maria.pass_check()
    maria.is_at("**/coordonnees/")
    assert requests().get().state == "held"


def test_the_hold_counts_down_then_ends_and_another_slot_is_taken(booker, moving_clock):
    maria = booker()
    maria.choose(2)
    maria.take()
    maria.pass_check()
    maria.fill_in()
    left = requests().get().held_until - clock.now()
    moving_clock(seconds=left.total_seconds() - 15)
    maria.page.reload()
    expect(maria.page.locator("[data-countdown]")).to_contain_text("Le délai est passé")
    moving_clock(minutes=1)
    assert requests_states() == ["lapsed"], "the place is given back by itself"
    maria.fill_in()
    maria.press("Étape suivante")
    maria.is_at("**/creneaux/**")
    maria.book(7)
    assert requests_states() == ["lapsed", "to_confirm"]


def test_the_grid_refreshes_itself_and_keeps_choice_and_focus(booker):
    maria = booker()
    page = maria.page
    gone = maria.free().last.get_attribute("value")
    number = maria.choose(1)
    expect(page.locator("[data-part=panel] button[name=plage]")).to_be_visible()
    Slot.objects.filter(pk=gone).update(capacity=0, version=99)
    expect(page.locator(f"td[data-cell=t{gone}]")).to_have_attribute("data-state", "full")
    expect(page.locator(f"#t{number}")).to_be_checked()
    expect(page.locator(f"#t{number}")).to_be_focused()
