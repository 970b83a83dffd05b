"""A student by their residence permit: from the home page to the receipt, with what they live on and a recap that they tick."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from guichet.applications.models import Application
from guichet.core import clock
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.journeys import world
from tests.journeys.doors import open_by_permit
from tests.journeys.driving import Applicant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NUMBER, PERMIT = "7503134955", "A1B2C3D4E"
EMAIL = "chinedu@example.org"
HOME = "1 place Bellecour 69002 Lyon"
TOTAL = {"fr": "Total par mois", "en": "Total per month"}
SEND = {"fr": "Valider et transmettre ma demande", "en": "Confirm and send my application"}
BELOW = {"fr": "pris en compte dans l'examen", "en": "will be weighed"}
LEFT = {"fr": "À vérifier et à cocher", "en": "To check and tick"}


class Student(Applicant):
    """Someone who holds a student's card."""

    def open_account_by_permit(self) -> None:
        today = clock.today()
        open_by_permit(self, "a1b2 c3d4 e", today - timedelta(days=290), today + timedelta(days=75))

    def find_procedure(self) -> None:
        """The questions that lead to the renewal; what the site knows already, it does not ask."""
        self.go("/titres/")
        self.answer("pour=moi", "situation=titre", "demande=continuer", "titre=etudes", "papier=carte")
        if "student_renewal" not in self.page.url:
            self.page.locator("main a[href*='/titres/student_renewal/']").first.click()
        self.is_at("**/titres/student_renewal/**")
        self.press("Je commence ma demande")
        if "/commencer/" in self.page.url:
            self.press("Commencer")
        self.is_at("**/personal_information/**")

    def update(self) -> None:
        """Without JavaScript, a button asks for the questions that follow from the answers."""
        if not self._can_run():
            self.press("Mettre à jour les questions selon mes réponses")

    def text(self, name: str, value: str) -> None:
        self.page.locator(f"[name='{name}']").fill(value)

    def personal_information(self) -> None:
        self.reads(PERMIT)  # the registry knows the card: nothing to type
        assert self.page.locator("[name='permit_held-0-number']").count() == 0
        self.home_and_family()

    def home_and_family(self) -> None:
        self.address(HOME)
        self.text("contact-0-phone", "04 72 00 00 00")
        self.text("contact-0-email", self.email)
        self.fill_date("family-0-entered_france_on", clock.today() - timedelta(days=800))
        self.page.locator("[name='family-0-situation']").select_option("single")
        self.choose("family-0-children_in_charge", "no")

    def studies(self) -> None:
        self.text("past_year-0-institution", "Université Lumière Lyon 2")
        self.text("past_year-0-course", "Licence d'économie")
        self.choose("past_year-0-result", "passed")
        self.choose("past_year-0-absences", "no")
        self.this_year_and_next()

    def this_year_and_next(self) -> None:
        self.text("this_year-0-institution", "Université Lumière Lyon 2")
        self.text("this_year-0-city", "Lyon")
        self.page.locator("[name='this_year-0-level']").select_option("licence")
        self.text("this_year-0-course", "Licence d'économie")
        self.text("this_year-0-year_of_course", "2")
        self.fill_date("this_year-0-begins_on", clock.today() - timedelta(days=80))
        self.fill_date("this_year-0-ends_on", clock.today() + timedelta(days=200))
        self.text("this_year-0-weekly_hours", "22")
        self.choose("this_year-0-attendance", "on_site")
        self.choose("this_year-0-apprenticeship", "no")
        self.choose("next_year-0-plan", "same")
        self.page.locator("button[value='update:section-next_year']").click() if not self._can_run() else None
        self.choose("next_year-0-enrolled", "no")
        self.text("next_year-0-years_left", "2")

    def resource(self, row: int, kind: str, amount: str) -> None:
        self.page.locator(f"[name='resources-{row}-kind']").select_option(kind)
        self.text(f"resources-{row}-amount", amount)

    def sums(self, words: str) -> None:
        """The total says this, by itself where scripts run."""
        if not self._can_run():
            self.press("Calculer le total")
        expect(self.page.locator(".guichet-total")).to_contain_text(words)

    def resources(self) -> None:
        self.resource(0, "parents", "400,50")
        self.sums("400")
        self.reads(BELOW[self.language])
        self.page.locator("button[value='add:resources']").click()
        self.page.locator("[name='resources-1-kind']").wait_for()
        self.resource(1, "job", "250")
        self.sums("650")
        expect(self.page.locator("main")).not_to_contain_text(BELOW[self.language])
        self.choose("guarantor-0-has_one", "no")
        self.choose("work-0-works", "no")
        for box in self.page.locator("[name=statements]").all():
            box.check(force=True)

    def send(self) -> None:
        self.page.get_by_role("button", name=SEND[self.language]).locator("visible=true").last.click()

    def check_part_by_part(self) -> None:
        """Each part is read, then ticked at once."""
        while (button := self.page.locator("[data-tick-all]:visible")).count():
            button.first.click()
        expect(self.page.locator("form[data-saving]")).to_have_count(0)
        expect(self.page.locator("[data-tick]:not(:checked)")).to_have_count(0)


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", True, True), ("en", False, True), ("fr", True, False)],
    ids=["french-phone", "english-desktop", "french-phone-without-javascript"],
)
def test_from_the_card_to_the_receipt(lille, at, language, phone, javascript):
    """He finds the renewal, says what he studies and lives on, ticks each entry, and holds his receipt."""
    chinedu = Student(at("/", phone=phone, javascript=javascript, language=language), NUMBER, EMAIL, language)
    chinedu.open_account_by_permit()
    chinedu.find_procedure()
    chinedu.personal_information()
    chinedu.next_step()
    chinedu.is_at("**/studies/**")
    chinedu.studies()
    chinedu.next_step()
    chinedu.is_at("**/resources/**")
    chinedu.resources()
    if phone and javascript:
        judge(chinedu.page)
    chinedu.next_step()
    chinedu.is_at("**/documents/**")
    chinedu.ephoto()
    chinedu.home_case("own_home")
    chinedu.give_everything()
    chinedu.next_step()
    chinedu.is_at("**/deposit/**")
    chinedu.reads(TOTAL[language])
    chinedu.send()
    chinedu.reads(LEFT[language])
    if javascript:
        judge(chinedu.page)
    assert Application.objects.get().state == "draft"
    chinedu.check_part_by_part()
    if javascript:  # ticks are kept as they are made
        chinedu.page.reload()
        expect(chinedu.page.locator("[data-tick]:not(:checked)")).to_have_count(0)
    chinedu.send()
    chinedu.is_at("**/confirmation/")
    application = Application.objects.select_related("office").get()
    number = str(application.number)
    chinedu.reads(number)
    assert application.office.slug == "lyon"
    assert (application.silence_refuses_on - clock.today()).days == 90
    world.deliver()
    receipt = world.attached_text(world.last_mail_to(EMAIL))
    for said in (number, "OKAFOR", NUMBER, "Bellecour"):
        assert said in receipt, said


def judge(page) -> None:
    """This state of the page is for everyone, on the narrowest screens too."""
    assert_accessible(page)
    assert_fits(page)


def test_an_edited_entry_unticks_itself(lille, at):
    """He corrects his telephone from the recap: that box alone is to be ticked again."""
    chinedu = Student(at("/", phone=True), NUMBER, EMAIL)
    chinedu.open_account_by_permit()
    chinedu.find_procedure()
    chinedu.personal_information()
    chinedu.next_step()
    chinedu.is_at("**/studies/**")
    chinedu.go(chinedu.page.url.replace("/studies/", "/deposit/"))
    chinedu.check_part_by_part()
    chinedu.page.locator("button[value='edit:personal_information:id_contact-0-phone']").click()
    chinedu.is_at("**/personal_information/**")
    chinedu.text("contact-0-phone", "04 78 00 00 00")
    chinedu.press("Quitter et revenir plus tard")
    chinedu.is_at("**/demandes/**")
    draft = Application.objects.get()
    chinedu.go(f"/demandes/brouillon/{draft.pk}/deposit/")
    expect(chinedu.page.locator("[data-tick]:not(:checked)")).to_have_count(1)
    assert not chinedu.page.locator("#check-answer-contact-0-phone").is_checked()
