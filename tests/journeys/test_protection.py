"""A refugee has proof of her stay as soon as she applies; it renews by itself until the decision, and ends with it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from guichet.applications.models import Application
from guichet.core import clock
from guichet.permits.models import ProlongationCertificate
from tests.accessibility.axe import assert_accessible, assert_fits
from tests.journeys import world
from tests.journeys.driving import Applicant, Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
    pytest.mark.usefixtures("all_as_printed"),
]

MARIAM = "9908001001"
EMAIL = "mariam@example.org"


class Refugee(Applicant):
    """Someone whom OFPRA protects."""

    def begin(self) -> None:
        self.go("/titres/international_protection/")
        self.press("Je commence ma demande")
        if "/commencer/" in self.page.url:
            self.press("Commencer")
        self.is_at("**/personal_information/**")

    def personal_information(self, *, emancipated: bool | None = None) -> None:
        self.address("2 rue Charles-de-Gaulle 42000 Saint-Étienne")
        self.choose("address-0-domiciled", "no")
        self.page.locator("[name='contact-0-phone']").fill("06 12 34 56 78")
        self.page.locator("[name='contact-0-email']").fill(self.email)

    def protection(self) -> None:
        self.choose("protection-0-status", "refugee")
        if not self._can_run():
            self.next_step()  # what follows from the answer comes with the next page
        self.choose("protection-0-decided_by", "ofpra")
        self.fill_date("protection-0-decided_on", clock.today() - timedelta(days=40))
        self.page.locator("[name='protection-0-decision_number']").fill("2026-03-01234")
        self.fill_date("family-0-entered_france_on", clock.today() - timedelta(days=900))
        self.page.locator("[name='family-0-situation']").select_option("single")
        self.choose("family-0-children_in_charge", "no")
        for box in self.page.locator("[name=statements]").all():
            box.check(force=True)

    def whole_draft(self, *, emancipated: bool | None = None, case: str = "hosted") -> None:
        self.begin()
        self.personal_information()
        self.next_step()
        self.is_at("**/protection/**")
        self.protection()
        self.next_step()
        self.is_at("**/documents/**")
        self.ephoto()
        self.home_case(case)
        self.give_everything()
        self.next_step()
        self.is_at("**/deposit/**")


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", True, True), ("en", False, True), ("fr", False, False)],
    ids=["french-phone", "english-desktop", "french-without-javascript"],
)
def test_proof_of_stay_from_the_deposit_to_the_decision(lille, at, moving_clock, language, phone, javascript):
    mariam = Refugee(at("/", phone=phone, javascript=javascript, language=language), MARIAM, EMAIL, language)
    mariam.open_account()
    mariam.whole_draft()
    number = mariam.deposit()
    world.deliver()
    mails = {mail.template: mail for mail in world.mails_to(EMAIL)}
    assert number in world.attached_text(mails["deposit"])
    certificate = world.attached_text(mails["prolongation_issued"])
    assert number in certificate and "HAIDARI" in certificate and "6 mois" not in certificate
    assert "Attestation de prolongation" in certificate
    assert ("Certificate of extended examination" in certificate) == (language == "en")

    mariam.go(f"/demandes/{number}/")
    mariam.reads(mariam.words("Travailler"))
    assert number in world.text_of(mariam.downloads(".guichet-prolongation a[href^='/documents/']"))

    moving_clock(days=170)
    first, second = ProlongationCertificate.objects.order_by("rank")
    assert second.starts_on == first.ends_on + timedelta(days=1)
    mariam.sign_out()
    mariam.sign_in()
    mariam.go(f"/demandes/{number}/")
    expect(mariam.page.locator(".guichet-prolongation details a")).to_have_count(1)

    desk = Desk(at("/", javascript=javascript, language=language), language)
    desk.sign_in("agent@saint-etienne.demo")
    desk.open_file(number)
    desk.take_up()
    desk.follow("Attestations de prolongation")
    desk.reads(first.document_number)
    desk.go(f"/agents/dossiers/{number}/decision/?sens=favourable")
    desk.press("Relire avant de confirmer")
    desk.press("Confirmer la décision")  # one hand is enough there
    desk.is_at(f"**/dossiers/{number}/**")
    assert Application.objects.get().state == "approved"
    mariam.go(f"/demandes/{number}/")
    expect(mariam.page.locator(".guichet-prolongation .fr-badge--new")).to_be_visible()
    moving_clock(days=200)
    assert ProlongationCertificate.objects.filter(stopped_at__isnull=True, ends_on__gte=clock.today()).count() == 0
    assert ProlongationCertificate.objects.count() == 2


def test_an_officer_stops_it_for_a_reason_that_she_reads(lille, at):
    mariam = Refugee(at("/", phone=True), MARIAM, EMAIL)
    mariam.open_account()
    mariam.whole_draft()
    number = mariam.deposit()
    assert_accessible(mariam.page)
    mariam.go(f"/demandes/{number}/")
    assert_accessible(mariam.page)
    assert_fits(mariam.page)
    desk = Desk(at("/"))
    desk.sign_in("decideur@saint-etienne.demo")
    desk.go(f"/agents/dossiers/{number}/attestations/")
    assert_accessible(desk.page)
    desk.page.locator("[name='stop_certificate-reason']").fill("L'OFPRA a retiré la protection.")
    desk.press("Relire avant d'arrêter")
    desk.reads("sa preuve de séjour")
    assert_accessible(desk.page)
    desk.press("Arrêter l'attestation")
    desk.is_at("**/attestations/")
    desk.reads("Arrêtée par un agent.")
    mariam.go(f"/demandes/{number}/")
    mariam.reads("L'OFPRA a retiré la protection.")
    mariam.reads("tribunal administratif")
    assert_accessible(mariam.page)
