"""Three people of one household take their appointment together, confirm it once, and one of them does not come after all."""

import pytest
from playwright.sync_api import expect

from guichet.appointments import queries
from guichet.appointments.models import Booking
from tests.journeys import world
from tests.journeys.booking import Booker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
BASE = "/rdv/saint-etienne/admission-exceptionnelle/"
EMAIL = "lopez@example.org"


def say_how_many(someone, count):
    page = someone.page
    page.locator("#personnes").select_option(str(count))
    with page.expect_navigation(wait_until="load"):
        page.locator(".booking-party button").click()


def write_the_others(someone, count):
    for number in range(2, count + 1):
        typed = {"first_names": "Ana", "last_name": f"Lopez{'x' * number}", "birth_date_year": "2015"}
        for name, value in {**typed, "birth_date_day": "1", "birth_date_month": "2"}.items():
            someone.page.locator(f"[name=personne{number}-{name}]").fill(value)


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", True, True), ("en", False, False)],
    ids=["french-phone", "english-desktop-without-javascript"],
)
def test_a_household_comes_together_and_one_of_them_alone_calls_off(lille, at, language, phone, javascript):
    someone = Booker(at("/", language=language, phone=phone, javascript=javascript), BASE, EMAIL, language, phone=phone)
    someone.accept()
    someone.look_at_slots()
    say_how_many(someone, 3)
    someone.choose(3)
    expect(someone.page.locator("[data-part=panel]")).to_contain_text("3 places")
    someone.take()
    someone.pass_check()
    someone.fill_in()
    someone.press("Étape suivante")
    expect(someone.page.locator("#erreurs")).to_contain_text("Person 3" if language == "en" else "Personne 3")
    write_the_others(someone, 3)
    someone.finish()

    someone.open_mailed_link()
    someone.press("Confirmer mon rendez-vous")
    expect(someone.page.locator("main .fr-badge--success")).to_be_visible()
    rows = queries.party_of(Booking.objects.get(last_name="Lopez"))
    assert [row.state for row in rows] == ["confirmed"] * 3
    mail = world.last_mail_to(EMAIL)
    assert sorted(attached["name"].rpartition(".")[2] for attached in mail.attachments) == ["ics", "pdf", "pdf", "pdf"]
    assert rows[1].reference in world.text_of(someone.downloads(f"main a[href$='convocation.pdf?personne={rows[1].pk}']"))
    if javascript:
        assert someone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    with someone.page.expect_navigation(wait_until="load"):
        someone.page.locator(f"main a[href$='annuler/?personne={rows[1].pk}']").click()
    someone.press("Oui, annuler")
    someone.is_at("**/rdv/demande/")
    assert [row.state for row in queries.party_of(rows[0])] == ["confirmed", "cancelled", "confirmed"]
    expect(someone.page.locator(".booking-people .fr-badge--error")).to_have_count(1)
