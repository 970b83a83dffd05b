"""«Talent» by a visa: straight to the application, no account until an officer gives a foreigner number."""

from datetime import timedelta

import pytest

from guichet.accounts.models import Account
from guichet.applications.models import Application
from guichet.core import clock
from guichet.demo import people
from guichet.registries import actions as registries
from tests.journeys import world
from tests.journeys.doors import come_in_by_visa
from tests.journeys.driving import OWN_PASSWORD, Applicant, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

VISA = "FRA2600012345"
EMAIL = "kim@example.org"
NUMBER = "6908005757"  # what AGDREF gives her once her file is examined
KIM = people.Invented(NUMBER, "KIM", "Seo-yeon", "F", 29, 0, "KR", "Busan", people.LYON)
HOME = "1 place Bellecour 69002 Lyon"


class Newcomer(Applicant):
    """Someone who holds a «talent» visa, and nothing else."""

    def come_in(self) -> None:
        today = clock.today()
        come_in_by_visa(self, "fra 26 000 12345", "KIM", today - timedelta(days=20), today + timedelta(days=345))

    def find_procedure(self) -> None:
        """Says for whom, and the precise mention that the visa does not tell."""
        self.answer("pour=moi", "situation=titre", "demande=continuer", "titre=talent", "papier=visa")
        self.page.locator("[name=mention]").select_option("salarie")
        self.press("Continuer")
        self.is_at("**/titres/talent/**")
        self.press("Je commence ma demande")
        if "/commencer/" in self.page.url:
            self.press("Commencer")
        self.is_at("**/personal_information/**")

    def personal_information(self) -> None:
        self.address(HOME)
        self.page.locator("[name='contact-0-phone']").fill("04 72 00 00 00")
        self.page.locator("[name='contact-0-email']").fill(self.email)
        assert self.page.locator("[name='permit_held-0-number']").count() == 0, "VISABIO knows her visa: nothing to type"
        self.reads(VISA)

    def employment(self, pay: str) -> None:
        fill = {"employer": "Ateliers du Rhône", "job": "Ingénieure", "yearly_pay": pay}
        for name, value in fill.items():
            self.page.locator(f"[name='employment-0-{name}']").fill(value)
        self.fill_date("employment-0-starts_on", clock.today() + timedelta(days=10))
        self.choose("employment-0-contract", "fixed_term")
        self.choose("qualification-0-level", "master")
        if not self._can_run():
            self.press("Mettre à jour les questions selon mes réponses")
        self.fill_date("employment-0-ends_on", clock.today() + timedelta(days=800))

    def qualification(self) -> None:
        self.page.locator("[name='qualification-0-title']").fill("Génie civil")
        self.page.locator("[name='qualification-0-country']").select_option("KR")

    def swear(self) -> None:
        for box in self.page.locator("[name=statements]").all():
            box.check(force=True)

    def check_everything(self) -> None:
        """Ticks each entry and each document as read again."""
        boxes = self.page.locator("input[type=checkbox][name=checked]")
        assert boxes.count() > 20
        for box in boxes.all():
            box.check(force=True)

    def send(self) -> str:
        button = {"fr": "Valider et transmettre ma demande", "en": "Confirm and send my application"}[self.language]
        self.page.get_by_role("button", name=button).locator("visible=true").last.click()
        return button

    def first_sign_in(self, temporary: str) -> None:
        """With the identifier and the temporary password of the two mails; then a password of one's own."""
        self.sign_out()
        self.sign_in(temporary)
        self.is_at("**/compte/mot-de-passe/**")
        self.reads(NUMBER)
        for box in self.page.locator("input[type=password]").all():
            box.fill(OWN_PASSWORD)
        self.press("Valider mon mot de passe")


def mails_of(template):
    return [mail for mail in world.mails_to(EMAIL) if mail.template == template]


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", True, True), ("en", False, True), ("fr", True, False)],
    ids=["french-phone", "english-desktop", "french-phone-without-javascript"],
)
def test_from_the_visa_to_the_first_sign_in(lille, at, language, phone, javascript):
    """Her visa alone lets her in; a pay below the threshold is told and stops nothing; her account is born with her number."""
    kim = Newcomer(at("/", phone=phone, javascript=javascript, language=language), NUMBER, EMAIL, language)
    kim.come_in()
    kim.find_procedure()
    kim.personal_information()
    kim.next_step()
    kim.is_at("**/motive/**")
    assert kim.page.locator("[name='talent-0-mention']").input_value() == "qualified_employee", "chosen once is enough"
    kim.employment("30000")
    kim.qualification()
    kim.swear()
    kim.next_step()
    kim.is_at("**/documents/**")
    kim.ephoto()
    kim.home_case("own_home")
    kim.give_everything()
    kim.next_step()
    kim.is_at("**/deposit/**")
    amount = {"fr": "39\u202f582", "en": "39,582"}[language]
    kim.reads(amount)
    kim.send()
    assert Application.objects.get().state == "draft", "everything is to be ticked first"
    kim.check_everything()
    kim.send()
    kim.is_at("**/confirmation/")
    application = Application.objects.select_related("office", "person").get()
    assert application.office.slug == "lyon"
    assert application.person.foreigner_number is None
    kim.reads(str(application.number))
    world.deliver()
    receipt = world.attached_text(world.last_mail_to(EMAIL))
    assert str(application.number) in receipt
    assert "KIM" in receipt

    registries.write_people(
        [*(people.record_of(each, clock.today()) for each in people.PEOPLE), people.record_of(KIM, clock.today())]
    )
    desk = Desk(at("/", javascript=javascript, language=language), language)
    desk.sign_in("agent@lyon.demo")
    desk.open_file(str(application.number))
    desk.take_up()
    desk.follow("Donner un numéro étranger")
    desk.fill("Numéro étranger", NUMBER)
    desk.press("Comparer avec AGDREF")
    desk.reads("KIM")
    desk.press("Donner ce numéro")
    desk.is_at(f"**/dossiers/{application.number}/")
    world.deliver()
    [identifier], [password] = mails_of("identifier_given"), mails_of("temporary_password")
    assert NUMBER in identifier.body
    assert NUMBER not in password.body
    account = Account.objects.get(identifier=NUMBER)
    temporary = next(
        line for line in password.body.splitlines() if line.strip() and account.check_password(line.strip())
    ).strip()
    kim.first_sign_in(temporary)
    kim.go("/demandes/")
    kim.reads(str(application.number))
