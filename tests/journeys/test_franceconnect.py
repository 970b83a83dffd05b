"""Getting in by FranceConnect: somebody whom the registry knows, and somebody whom it does not recognise."""

import re

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from guichet.accounts.models import Account, FranceConnectLink
from guichet.core import clock
from guichet.demo import franceconnect
from guichet.demo import world as demo_world
from guichet.support.models import Ticket
from tests.journeys import world
from tests.journeys.driving import OWN_PASSWORD, Somebody
from tests.typography import keyboard

pytest_plugins = ["tests.simulated_franceconnect"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NUMBER = franceconnect.NUMBER
EMAIL = "okafor@courriel.demo"
NOT_IT = "Ceci n'est pas FranceConnect : un fournisseur d'identité simulé, avec des personnes inventées."
VISITORS = pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", False, True), ("en", True, True), ("fr", True, False)],
    ids=["french-desktop", "english-phone", "french-phone-without-javascript"],
)


@pytest.fixture
def lyon(lille, simulated_franceconnect):
    """The demonstration's world, the provider beside it."""
    return lille


@pytest.fixture
def okafor(lyon):
    """His account, opened by password some time ago."""
    return demo_world.account_for(world.people.person(NUMBER), make_password(OWN_PASSWORD), clock.today())


class Visitor(Somebody):
    """Somebody at the door of FranceConnect."""

    def leave(self):
        self.go(f"/compte/connexion/?lang={self.language}")
        self.follow("S'identifier avec FranceConnect")
        self.page.wait_for_url("**/oauth2/authorize?**")
        assert self.words(NOT_IT) in keyboard(self.page.locator("header").inner_text())

    def be(self, sub):
        self.leave()
        self.page.locator(f"button[value='{sub}']").click()

    def give_number(self, number=NUMBER):
        self.is_at("**/compte/franceconnect/identite/")
        self.page.locator("[name=foreigner_number]").fill(f"{number[:4]} {number[4:]}")
        self.press("Continuer")

    def sign_out(self):
        button = self.page.get_by_role("button", name=self.words("Se déconnecter"))
        if not button.locator("visible=true").count():
            self.go("/compte/deconnexion/")
        button.locator("visible=true").last.click()


@VISITORS
def test_the_first_time_the_number_is_asked_then_franceconnect_is_enough(okafor, at, language, phone, javascript):
    """In, out of both sites, and in again without typing anything."""
    visitor = Visitor(at("/", phone=phone, javascript=javascript, language=language), language)
    visitor.be("fc-ok")
    visitor.reads("Chinedu OKAFOR")
    visitor.give_number()
    visitor.is_at("**/demandes/")
    visitor.reads(visitor.words("FranceConnect est relié à votre compte : il vous suffira la prochaine fois pour entrer."))
    assert FranceConnectLink.objects.get().account == okafor
    world.deliver()
    assert "FranceConnect" in world.last_mail_to(okafor.email).subject

    visitor.sign_out()
    visitor.page.wait_for_url("**/oauth2/end_session?**")
    visitor.press("Fermer ma connexion et revenir au site")
    visitor.page.wait_for_url(re.compile(r"^http://[^/]+/$"))
    expect(visitor.page.locator("body")).to_contain_text(visitor.words("Vous êtes déconnecté."))

    visitor.be("fc-ok")
    visitor.is_at("**/demandes/")
    visitor.go("/compte/")
    visitor.press("Retirer FranceConnect de mon compte")
    visitor.is_at("**/compte/")
    assert not FranceConnectLink.objects.exists()


@VISITORS
def test_a_mismatch_opens_nothing_and_reaches_an_officer(okafor, at, language, phone, javascript):
    visitor = Visitor(at("/", phone=phone, javascript=javascript, language=language), language)
    visitor.be("fc-mismatch")
    visitor.give_number()
    visitor.is_at("**/compte/franceconnect/ecart/")
    visitor.reads(visitor.words("Nous ne vous avons pas retrouvé sous ce numéro"))
    ticket = Ticket.objects.get()
    visitor.reads(ticket.number)
    assert ticket.context["door"] == "franceconnect" and ticket.context["claimed"]["last_name"] == "OKAFOR"
    assert not FranceConnectLink.objects.exists()
    visitor.go("/demandes/")
    visitor.is_at("**/compte/connexion/**")
    visitor.go("/compte/franceconnect/ecart/")
    visitor.follow("Choisir une autre entrée")
    visitor.is_at("**/compte/creer/")


def test_without_an_account_a_link_opens_one_that_franceconnect_opens_too(lyon, at):
    visitor = Visitor(at("/", phone=True))
    visitor.be("fc-ok")
    visitor.give_number()
    visitor.is_at("**/compte/creer/envoye/")
    visitor.reads(EMAIL)
    world.deliver()
    visitor.go(world.link_in(world.last_mail_to(EMAIL)))
    for box in visitor.page.locator("input[type=password]").all():
        box.fill(OWN_PASSWORD)
    visitor.press("Valider mon mot de passe")
    visitor.is_at("**/compte/connexion/")
    visitor.follow("S'identifier avec FranceConnect")
    visitor.page.locator("button[value='fc-ok']").click()
    visitor.is_at("**/demandes/")
    assert Account.objects.get(identifier=NUMBER).email == EMAIL


@pytest.mark.parametrize("language", ["fr", "en"])
def test_whoever_gives_up_comes_back_to_a_page_that_says_so(lyon, at, language):
    visitor = Visitor(at("/", language=language), language)
    visitor.leave()
    visitor.press("Renoncer et revenir au site")
    visitor.is_at("**/compte/franceconnect/echec/")
    visitor.reads(visitor.words("Vous n'êtes pas connecté"))
    visitor.follow("Recommencer avec FranceConnect")
    visitor.page.wait_for_url("**/oauth2/authorize?**")


def test_going_back_after_getting_in_harms_nothing(okafor, at):
    visitor = Visitor(at("/"))
    visitor.be("fc-ok")
    visitor.is_at("**/compte/franceconnect/identite/")
    visitor.page.go_back()
    visitor.page.locator("button[value='fc-ok']").click()
    visitor.page.wait_for_load_state("load")
    visitor.page.wait_for_url("**/compte/franceconnect/**")
    assert not FranceConnectLink.objects.exists()
