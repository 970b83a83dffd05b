"""A qualified employee renews her «talent» card: by the card, which tells the mention already, to the receipt."""

from datetime import timedelta

import pytest

from guichet.applications.models import Application
from guichet.core import clock
from tests.journeys import world
from tests.journeys.doors import open_by_permit
from tests.journeys.test_talent import HOME, Newcomer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NUMBER, PERMIT, EMAIL = "6908004242", "T4L3NT001", "priya@example.org"


class Holder(Newcomer):
    """Priya SHARMA, whose card ends in three months."""

    def find_procedure(self) -> None:
        self.go("/titres/")
        self.answer("pour=moi", "situation=titre", "demande=continuer", "titre=talent", "papier=carte")
        self.is_at("**/titres/talent_renewal/**")
        self.press("Je commence ma demande")
        if "/commencer/" in self.page.url:
            self.press("Commencer")
        self.is_at("**/personal_information/**")

    def personal_information(self) -> None:
        self.reads(PERMIT)  # the registry knows the card: nothing to type
        self.address(HOME)
        self.page.locator("[name='contact-0-phone']").fill("04 72 00 00 00")
        self.page.locator("[name='contact-0-email']").fill(self.email)

    def motive(self) -> None:
        mention = self.page.locator("[name='talent-0-mention']")
        if mention.input_value() != "qualified_employee":
            mention.select_option("qualified_employee")
            self.page.locator("[name='employment-0-employer']").wait_for()
        self.choose("activity-0-goes_on", "yes")
        self.page.locator("[name='activity-0-past_year_income']").fill("46 000")
        fill = {"employer": "Ateliers du Rhône", "job": "Ingénieure", "yearly_pay": "47000"}
        for name, value in fill.items():
            self.page.locator(f"[name='employment-0-{name}']").fill(value)
        self.fill_date("employment-0-starts_on", clock.today() - timedelta(days=900))
        self.choose("employment-0-contract", "permanent")
        self.swear()


def test_from_the_talent_card_to_the_receipt(lille, at):
    priya = Holder(at("/"), NUMBER, EMAIL)
    today = clock.today()
    open_by_permit(priya, "t4l3 nt001", today - timedelta(days=1000), today + timedelta(days=90))
    priya.find_procedure()
    priya.personal_information()
    priya.next_step()
    priya.is_at("**/motive/**")
    priya.motive()
    priya.next_step()
    priya.is_at("**/documents/**")
    priya.ephoto()
    priya.home_case("own_home")
    priya.give_everything()
    priya.next_step()
    priya.is_at("**/deposit/**")
    priya.send()
    assert Application.objects.get().state == "draft", "everything is to be ticked first"
    priya.check_everything()
    priya.send()
    priya.is_at("**/confirmation/")
    application = Application.objects.select_related("office", "procedure").get()
    assert (application.procedure.slug, application.office.slug) == ("talent_renewal", "lyon")
    priya.reads(str(application.number))
    world.deliver()
    mails = {mail.template: mail for mail in world.mails_to(EMAIL)}
    receipt = world.attached_text(mails["deposit"])
    for said in (str(application.number), "SHARMA", NUMBER):
        assert said in receipt, said
