"""A young person in care gets a permit: the whole way, from the home page to the decision."""

import pytest
from playwright.sync_api import expect

from guichet.applications.models import Application
from guichet.core import clock
from tests.journeys import world
from tests.journeys.driving import Applicant, Desk, picture

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("all_as_printed"),
]

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


@pytest.mark.parametrize(
    ("number", "emancipated", "statements", "asked"),
    [
        (MINOR, False, {"needs_permit_to_work", "knows_penalties"}, "parental_agreement"),
        (EMANCIPATED, True, {"needs_permit_to_work", "not_polygamous", "knows_penalties"}, "emancipation"),
        (SINGLE_NAME, None, {"not_polygamous", "knows_penalties"}, ""),
    ],
    ids=["minor", "emancipated-minor", "single-name-adult"],
)
def test_each_variant_has_its_own_statements_and_documents(lille, at, number, emancipated, statements, asked):
    """A minor brings a parent's agreement, an emancipated minor the proof of it; each swears what concerns them."""
    young = Applicant(at("/", phone=True), number, EMAIL)
    young.open_account()
    young.begin()
    young.personal_information(emancipated=emancipated)
    young.next_step()
    young.is_at("**/motive/**")
    assert {box.get_attribute("value") for box in young.page.locator("[name=statements]").all()} == statements
    young.motive(world.care_date_of(number))
    young.next_step()
    young.is_at("**/documents/**")
    pieces = young.missing_pieces()
    assert ("parental_agreement-0" in pieces) == (asked == "parental_agreement")
    assert ("emancipation-0" in pieces) == (asked == "emancipation")
    young.ephoto()
    young.home_case("hosted")
    young.give_everything()
    young.next_step()
    young.is_at("**/deposit/**")
    deposited = young.deposit()
    world.deliver()
    assert deposited in world.attached_text(world.last_mail_to(EMAIL))


def test_placed_after_sixteen_is_told_no_and_where_to_go_but_the_birthday_itself_is_in_time(lille, at):
    """The day of the 16th birthday is eligible; half a year later is not: change the answer, or abandon."""
    joao = Applicant(at("/"), TOO_LATE, EMAIL)
    joao.open_account()
    joao.begin()
    joao.personal_information()
    joao.next_step()
    joao.is_at("**/motive/**")
    joao.motive(world.care_date_of(TOO_LATE))
    joao.next_step()
    joao.reads("admission exceptionnelle")
    joao.follow("Modifier ma réponse")
    joao.motive(world.people.person(TOO_LATE).birth_date(clock.today()).assumed())
    joao.next_step()
    joao.is_at("**/documents/**")

    beatriz = Applicant(at("/"), ON_THE_DAY, "beatriz@example.org")
    beatriz.open_account()
    beatriz.begin()
    beatriz.personal_information()
    beatriz.next_step()
    beatriz.is_at("**/motive/**")
    beatriz.motive(world.care_date_of(ON_THE_DAY))
    beatriz.next_step()
    beatriz.is_at("**/documents/**")


def test_leaving_keeps_what_is_typed_even_wrong_and_coming_back_opens_the_step(lille, at):
    """«Leave and come back later» keeps a phone number that is not one; signing in again leads to it."""
    anh = Applicant(at("/", phone=True), ADULT, EMAIL)
    anh.open_account()
    anh.begin()
    anh.page.locator("[name='contact-0-phone']").fill("pas encore")
    anh.press("Quitter et revenir plus tard")
    anh.is_at("**/demandes/")
    anh.sign_out()
    anh.sign_in()
    anh.go("/demandes/")
    anh.page.locator("main a[href*='/brouillon/']").first.click()
    anh.is_at("**/personal_information/**")
    expect(anh.page.locator("[name='contact-0-phone']")).to_have_value("pas encore")
    anh.personal_information()
    anh.next_step()
    anh.is_at("**/motive/**")
    anh.press("Abandonner la demande")
    assert Application.objects.get().state == "draft", "abandoning asks first"
    anh.page.locator("main form button[type=submit].fr-btn").first.click()
    anh.is_at("**/demandes/")
    assert Application.objects.get().state == "abandoned"


def test_a_double_click_on_deposit_makes_one_application(lille, at):
    anh = Applicant(at("/"), ADULT, EMAIL)
    anh.open_account()
    anh.whole_draft()
    anh.page.get_by_role("button", name="Déposer la demande").dblclick()
    anh.is_at("**/confirmation/")
    anh.page.go_back()
    anh.page.reload()
    world.deliver()
    assert Application.objects.exclude(state="draft").count() == 1
    assert len([mail for mail in world.mails_to(EMAIL) if mail.template == "deposit"]) == 1


def test_silence_is_reminded_then_closed_by_a_decision_then_reopened(lille, at, moving_clock):
    """Opened and not answered: D-7, D-1, then the officer is told; closing is a decision, with its letter; it can be undone."""
    anh = Applicant(at("/"), ADULT, EMAIL)
    anh.open_account()
    anh.whole_draft()
    number = anh.deposit()
    desk = Desk(at("/"))
    desk.sign_in("agent@lille.demo")
    desk.open_file(number)
    desk.take_up()
    desk.reject(number, "nationality-0", "illegible", "")
    desk.request_complement(number, "Un passeport lisible, s'il vous plaît.")
    anh.opens_last_notification("Ouvrir la demande")
    world.deliver()
    before = len(world.mails_to(EMAIL))
    moving_clock(days=23)
    moving_clock(days=6)
    assert len(world.mails_to(EMAIL)) == before + 2, "one reminder a week before the term, one the day before"
    moving_clock(days=2)
    assert Application.objects.get().state == "awaiting_complement", "nothing closes by itself"
    desk.go(f"/agents/dossiers/{number}/decision/?sens=incomplete")
    desk.page.locator("[name=motivation]").fill("Le justificatif de nationalité demandé n'a pas été fourni dans le délai.")
    desk.press("Relire avant de confirmer")
    desk.press("Proposer à la signature")
    chief = Desk(at("/"))
    chief.sign_in("decideur@lille.demo")
    chief.sign(number)
    assert Application.objects.get().state == "closed_incomplete"
    anh.opens_last_notification("Ouvrir la décision")
    assert number in world.text_of(anh.downloads("main a[href^='/documents/']"))
    chief.go(f"/agents/dossiers/{number}/")
    chief.page.locator("form[action$='/rouvrir/'] textarea").fill("La personne était hospitalisée.")
    chief.press("Rouvrir")
    assert Application.objects.get().state == "under_review"
