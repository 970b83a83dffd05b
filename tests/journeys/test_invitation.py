"""A refugee applies and is invited to have her prints taken: she books, changes her mind, books again; nobody else can."""

import re

import pytest
from playwright.sync_api import expect

from guichet.appointments import queries as appointments
from guichet.appointments.models import Invitation
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.journeys import world
from tests.journeys.booking import Booker, requests
from tests.journeys.driving import Applicant, Desk
from tests.journeys.test_protection import Refugee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

BASE = "/rdv/saint-etienne/protection-internationale/"
EMAIL = "mariam@example.org"
LINK = re.compile(r"https?://\S+/rdv/invitation/\S+/")


def invitation_mail():
    (mail,) = [mail for mail in world.mails_to(EMAIL) if mail.template == "appointment_invitation"]
    return LINK.search(mail.body)[0]


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", True, True), ("en", False, True), ("fr", False, False)],
    ids=["french-phone", "english-desktop", "french-without-javascript"],
)
def test_from_the_deposit_to_the_appointment_and_back(lille, at, language, phone, javascript):
    page = at("/", phone=phone, javascript=javascript, language=language)
    mariam = Refugee(page, "9908001001", EMAIL, language)
    mariam.open_account()
    mariam.whole_draft()
    number = mariam.deposit()
    assert mariam.words("Prendre rendez-vous") in page.locator("main").inner_text()
    mariam.go(f"/demandes/{number}/")
    if javascript:
        assert_accessible(page)
        assert_fits(page)
    mariam.press("Prendre rendez-vous")
    mariam.is_at(f"**{BASE}")
    booker = Booker(page, BASE, EMAIL, language, phone=phone)
    page.locator("[name=accepted]").check(force=True)
    booker.press("Effectuer une demande de rendez-vous")
    booker.look_at_slots()
    booker.choose(3)
    booker.take()
    booker.pass_check()
    booker.is_at("**/coordonnees/")
    booker.reads("HAIDARI")
    expect(page.locator("[name=last_name]")).to_have_count(0)
    if javascript:
        assert_accessible(page)
        assert_fits(page)
    booker.fill_in()
    booker.finish()
    booking = requests().get(state="confirmed")
    assert (booking.last_name, booking.invitation) == ("HAIDARI", Invitation.objects.get())
    world.deliver()
    assert booking.reference in world.attached_text(world.last_mail_to(EMAIL))

    mariam.go(f"/demandes/{number}/")
    mariam.reads(booking.reference)
    if javascript:
        assert_accessible(page)
        assert_fits(page)
    mariam.press("Annuler ce rendez-vous")
    mariam.is_at("**/annuler/")
    mariam.press("Oui, annuler")
    mariam.is_at("**/rdv/demande/")
    mariam.go(f"/demandes/{number}/")
    mariam.reads(mariam.words("À prendre"))
    mariam.press("Prendre rendez-vous")
    mariam.is_at(f"**{BASE}")


def test_a_stranger_with_her_link_is_told_whose_it_is_and_her_own_browser_needs_no_account(lille, at):
    mariam = Refugee(at("/", phone=True), "9908001001", EMAIL)
    mariam.open_account()
    mariam.whole_draft()
    number = mariam.deposit()
    world.deliver()
    link = invitation_mail()

    stranger = Applicant(at("/"), "5903007192", "minh@example.org")
    stranger.open_account()
    stranger.go(link)
    stranger.is_at("**/rdv/invitation/")
    stranger.reads("Cette invitation est pour une autre personne")
    expect(stranger.page.locator("main")).not_to_contain_text("HAIDARI")
    assert_accessible(stranger.page)
    assert_fits(stranger.page)
    stranger.go(BASE)
    stranger.reads("se prend sur invitation")
    assert_accessible(stranger.page)
    assert_fits(stranger.page)

    elsewhere = Booker(at("/", phone=True), BASE, EMAIL, phone=True)
    elsewhere.go(link)
    elsewhere.is_at(f"**{BASE}")
    elsewhere.reads("avec l'invitation de Mariam HAIDARI")
    assert_accessible(elsewhere.page)
    elsewhere.page.locator("[name=accepted]").check(force=True)
    elsewhere.press("Effectuer une demande de rendez-vous")
    elsewhere.look_at_slots()
    elsewhere.book()
    assert appointments.standing_of(Invitation.objects.get()).state == "booked"
    stranger.go(link)
    stranger.reads("Cette invitation est pour une autre personne")

    desk = Desk(at("/"))
    desk.sign_in("agent@saint-etienne.demo")
    desk.go(f"/agents/dossiers/{number}/rendez-vous/")
    desk.reads(requests().get(state="confirmed").reference)
    assert_accessible(desk.page)
    assert_fits(desk.page)
    desk.follow("Retirer l'invitation et annuler le rendez-vous")
    desk.reads("la place rendue")
    assert_accessible(desk.page)
    desk.press("Oui, retirer et annuler")
    desk.reads("Invitation retirée")
    elsewhere.go(link)
    elsewhere.reads("Cette invitation a été retirée")
    assert_accessible(elsewhere.page)
    assert_fits(elsewhere.page)
    mariam.go(f"/demandes/{number}/")
    mariam.reads("Ce rendez-vous n'est plus nécessaire.")
    desk.page.locator("[name=type]").select_option(label="Protection internationale : empreintes et photo")
    desk.page.locator("[name=reason]").fill("Vos empreintes sont à refaire.")
    desk.press("Inviter à ce rendez-vous")
    desk.reads("Invité, date à choisir")
    assert_accessible(desk.page)
    mariam.go(f"/demandes/{number}/")
    mariam.reads("Vos empreintes sont à refaire.")
    assert_accessible(mariam.page)
    assert_fits(mariam.page)
