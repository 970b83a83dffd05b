"""A morning at the prefecture of Lyon, walked in a browser: reception, an officer at a desk, the screen."""

import uuid
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from guichet.appointments import actions
from guichet.appointments.models import AppointmentType, Booking, Slot, Visit
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from tests.journeys.driving import Desk

pytestmark = pytest.mark.browser


@pytest.fixture
def appointment(lille):
    """Somebody is expected at Lyon in a moment."""
    type = AppointmentType.objects.get(office__slug="lyon", slug="etudiants")
    starts_at = clock.now() + timedelta(seconds=20)
    slot = Slot.objects.create(
        agenda=type.agendas.get(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=15),
        capacity=5,
        released_at=clock.now() - timedelta(days=1),
    )
    given = actions.Details(last_name="Kowalska", first_names="Ana", birth_date=PartialDate(1999, 2, 3), email="")
    return actions.book_at_counter(SYSTEM, type, slot.pk, given, request_key=uuid.uuid4())


def at_work(page, role):
    """Signed in as somebody of the office."""
    Desk(page).sign_in(f"{role}@lyon.demo")
    page.wait_for_url(lambda url: "/connexion/" not in url)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("scripts", [True, False])
def test_reception_checks_in_gives_a_number_and_an_officer_calls_both(appointment, at, scripts):
    booking: Booking = appointment
    screen = at("/rdv/ecran/lyon/", javascript=scripts)
    expect(screen.locator("main")).to_contain_text("Personne n'est appelé")

    reception = at("/agents/connexion/", javascript=scripts)
    at_work(reception, "accueil")
    reception.locator("main a[href='/agents/rdv/']").click()
    reception.wait_for_url("**/agents/rdv/**")
    expect(reception.locator("#reference")).to_be_focused()
    reception.keyboard.type(booking.reference.lower().replace("-", " "))  # as a scanner does
    with reception.expect_navigation():
        reception.keyboard.press("Enter")
    expect(reception.locator("#arrivee")).to_contain_text("Kowalska")
    expect(reception.locator("#reference")).to_be_focused()
    short = f"RDV-{booking.reference[-4:]}"
    expect(reception.locator("#arrivee")).to_contain_text(short)

    reception.goto("/agents/rdv/numero/")
    reception.locator("[name=needs][value=sign_language]").check(force=True)
    reception.locator("main form .fr-btn").first.click()
    reception.wait_for_url("**/agents/rdv/numero/*/**")
    expect(reception.locator(".rdv-ticket")).to_have_text("A001")

    officer = at("/agents/connexion/", javascript=scripts)
    at_work(officer, "agent")
    officer.goto("/agents/rdv/file/")
    rows = officer.locator("main table tbody tr")
    expect(rows).to_have_count(2)
    officer.locator("[name=guichet]").fill("3")
    officer.locator("button", has_text="Appeler la personne suivante").click()
    expect(officer.locator(".rdv-desk .rdv-ticket")).to_be_visible()
    first = officer.locator(".rdv-desk .rdv-ticket").inner_text()
    shows(screen, first, scripts)
    officer.locator("button", has_text="Terminer et appeler").click()
    expect(officer.locator(".rdv-desk .rdv-ticket")).not_to_have_text(first)
    second = officer.locator(".rdv-desk .rdv-ticket").inner_text()
    assert {first, second} == {short, "A001"}
    shows(screen, second, scripts)
    expect(screen.locator("body")).not_to_contain_text("Kowalska")
    officer.locator("button[value=finish]").click()
    expect(officer.locator("main")).to_contain_text("C'est noté")
    assert set(Visit.objects.values_list("stage", flat=True)) == {"served"}


def shows(screen, ticket, scripts):
    """The screen says so by itself; without scripts its page is loaded again, which the browser does every fifteen seconds."""
    if not scripts:  # opened beside: asked again here, it could be asked twice at once
        beside = screen.context.new_page()
        beside.goto(screen.url)
        shown_on(beside, ticket)
        beside.close()
        return
    shown_on(screen, ticket)


def shown_on(screen, ticket):
    current = screen.locator(".screen-current")
    expect(current).to_contain_text(ticket)
    expect(current).to_contain_text("Guichet 3")
