"""A student who came with a VLS-TS asks for a first card: by the visa alone, without a password, to the receipt."""

from datetime import timedelta

import pytest

from guichet.applications.models import Application
from guichet.core import clock
from tests.journeys import world
from tests.journeys.doors import come_in_by_visa
from tests.journeys.test_student import Student

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

VISA, EMAIL = "FRA2600067890", "lucas@example.org"


class Newcomer(Student):
    """Lucas PEREIRA, who holds a student's VLS-TS and no foreigner number yet."""

    def find_procedure(self) -> None:
        self.answer("pour=moi", "situation=titre", "demande=continuer", "titre=etudes", "papier=visa")
        self.is_at("**/titres/student/**")
        self.press("Je commence ma demande")
        if "/commencer/" in self.page.url:
            self.press("Commencer")
        self.is_at("**/personal_information/**")

    def personal_information(self) -> None:
        self.choose("stay-0-holds", "vls_ts")
        self.update()
        self.choose("stay-0-validated", "yes")
        self.reads(VISA)
        assert self.page.locator("[name='permit_held-0-number']").count() == 0, "VISABIO knows his visa: nothing to type"
        self.home_and_family()

    def studies_before(self) -> None:
        self.text("before-0-diploma", "Ensino médio")
        self.page.locator("[name='before-0-diploma_country']").select_option("BR")
        self.text("before-0-diploma_year", str(clock.today().year - 2))


def test_from_the_student_visa_to_the_receipt(lille, at):
    lucas = Newcomer(at("/", phone=True, language="en"), "", EMAIL, "en")
    today = clock.today()
    come_in_by_visa(lucas, "fra2600067890", "PEREIRA", today - timedelta(days=20), today + timedelta(days=345))
    lucas.find_procedure()
    lucas.personal_information()
    lucas.next_step()
    lucas.is_at("**/studies/**")
    lucas.this_year_and_next()
    lucas.studies_before()
    lucas.next_step()
    lucas.is_at("**/resources/**")
    lucas.resources()
    lucas.next_step()
    lucas.is_at("**/documents/**")
    assert "validation-0" in lucas.missing_pieces()
    lucas.ephoto()
    lucas.home_case("own_home")
    lucas.give_everything()
    lucas.next_step()
    lucas.is_at("**/deposit/**")
    lucas.check_part_by_part()
    lucas.send()
    lucas.is_at("**/confirmation/")
    application = Application.objects.select_related("office", "person", "procedure").get()
    assert (application.procedure.slug, application.office.slug) == ("student", "lyon")
    assert application.person.foreigner_number is None
    assert (application.silence_refuses_on - clock.today()).days == 90
    lucas.reads(str(application.number))
    world.deliver()
    receipt = world.attached_text(world.last_mail_to(EMAIL))
    assert str(application.number) in receipt
    assert "PEREIRA" in receipt
