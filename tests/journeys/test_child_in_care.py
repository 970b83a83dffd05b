"""A young person in care gets a permit: the whole way, from the home page to the decision."""

import pytest
from playwright.sync_api import expect

from guichet.applications.models import Application
from guichet.core import clock
from tests.journeys import world
from tests.journeys.driving import Applicant, Desk, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

ADULT, MINOR, EMANCIPATED, SINGLE_NAME = "5903007192", "5908002010", "5908002016", "5903007194"
TOO_LATE, ON_THE_DAY = "5903007193", "5903007195"
EMAIL = "jeune@example.org"


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", False, True), ("en", True, True), ("fr", True, False)],
    ids=["french-desktop", "english-phone", "french-phone-without-javascript"],
)
def test_from_the_home_page_to_the_certificate(lille, at, language, phone, javascript):
    """She files; an officer asks for a better passport; she answers; two hands decide; she holds her certificate."""
    anh = Applicant(at("/", phone=phone, javascript=javascript, language=language), ADULT, EMAIL, language)
    anh.open_account()
    anh.whole_draft()
    number = anh.deposit("Mon prénom s'écrit Minh-Anh.")
    anh.reads(number)
    world.deliver()
    receipt = world.attached_text(world.last_mail_to(EMAIL))
    assert number in receipt and "NGUYEN" in receipt
    assert len(number) == 19 and number.startswith(f"5901{clock.today():%Y%m%d}")

    desk = Desk(at("/", javascript=javascript, language=language), language)
    desk.sign_in("agent@lille.demo")
    desk.open_file(number)
    desk.reads("Minh-Anh")
    desk.take_up()
    desk.accept(number, "identity-0")
    desk.reject(number, "nationality-0", "illegible", "La page 2 est floue.")
    desk.request_complement(number, "Une photo en plein jour suffit.")

    world.deliver()
    mail = world.last_mail_to(EMAIL)
    assert "/notifications/" in mail.body
    assert not any(word in mail.subject + mail.body for word in (number, "passeport", "complément", "La page 2"))
    anh.go("/notifications/")
    anh.page.locator(".guichet-notification a").first.click()
    assert Application.objects.get().complement_requests.get().opened_at is None, "looking at the page before must not open it"
    anh.opens_last_notification("Ouvrir la demande")
    request = Application.objects.get().complement_requests.get()
    assert (request.due_on - clock.today()).days == 30
    anh.reads("La page 2 est floue.")
    anh.update_document(0, picture("passeport lisible", "lightyellow"), "Voici une photo nette.")
    anh.send_answers()
    assert Application.objects.get().state == "under_review"

    desk.look_at(number, "nationality-0")
    desk.reads("Voici une photo nette.")
    desk.accept(number, "nationality-0")
    desk.propose(number, "favourable")
    assert Application.objects.get().state == "proposed"
    chief = Desk(at("/", javascript=javascript, language=language), language)
    chief.sign_in("decideur@lille.demo")
    chief.sign(number)

    world.deliver()
    anh.opens_last_notification("Ouvrir la décision")
    certificate = world.text_of(anh.downloads("main a[href^='/documents/']"))
    assert number in certificate and ADULT in certificate
    anh.go("/demandes/")
    anh.reads(number)
    anh.go(f"/demandes/{number}/")
    expect(anh.page.locator("h1")).to_be_visible()
