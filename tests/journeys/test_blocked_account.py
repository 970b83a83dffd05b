"""Somebody whose account cannot be created: what they typed reaches an officer, who compares, and opens the door."""

import re

import pytest

from guichet.accounts.models import Account
from guichet.core.dates import PartialDate
from guichet.demo import people
from guichet.support.models import Ticket
from tests.journeys import world
from tests.journeys.driving import OWN_PASSWORD, Desk, Somebody

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NUMBER = "9908001001"
EMAIL = "mariam@example.org"
CONTACT_CENTRE = "admin@national.demo"
MESSAGE = "Mon passeport dit Maryam, ma carte dit Mariam."


class Blocked(Somebody):
    """She writes her first name as her passport does; the registry has another spelling."""

    def ask_for_an_account(self) -> None:
        self.go(f"/compte/creer/numero-etranger/?lang={self.language}")
        for name, value in (("foreigner_number", NUMBER), ("last_name", "Haidari"), ("first_names", "Fatima")):
            self.page.locator(f"[name={name}]").fill(value)
        self.fill_date("birth_date", PartialDate.parse(world.birth_of(NUMBER)))
        self.page.locator("[name=email]").fill(EMAIL)
        self.page.locator("[name=email_again]").fill(EMAIL)
        self.press("Demander le compte")

    def ask_for_help(self) -> str:
        """Follows the way out of the error. The number of the ticket."""
        self.page.locator("#que-faire a.fr-btn").click()
        self.is_at("**/compte/creer/aide/")
        assert self.page.locator("[name=email]").input_value() == EMAIL, "what was typed is not typed again"
        self.page.locator("[name=message]").fill(MESSAGE)
        self.page.locator("main form button.fr-btn:not([name])").first.click()
        self.is_at("**/compte/creer/aide/envoyee/")
        number = Ticket.objects.get().number
        self.reads(number)
        return number

    def open_the_account(self) -> None:
        self.go(world.link_in(world.last_mail_to(EMAIL)))
        for box in self.page.locator("input[type=password]").all():
            box.fill(OWN_PASSWORD)
        self.press("Valider mon mot de passe")
        self.is_at("**/compte/connexion/**")
        self.page.locator("[name=password]").fill(OWN_PASSWORD)
        self.press("Se connecter")
        self.is_at("**/demandes/")


class ContactCentre(Desk):
    """Who answers those who have no account."""

    def open_ticket(self, number: str) -> None:
        self.go("/agents/tickets/")
        self.page.locator(f"main a[href*='{number}']").first.click()
        self.is_at(f"**/tickets/{number}/")

    def send_the_link(self) -> None:
        """After comparing with the registry, and saying how the identity was checked."""
        self.follow("Comparer avec le registre")
        self.is_at("**/identite/")
        self.press("Comparer")
        self.reads("Mariam")
        self.reads(self.words("Différent"))
        self.page.locator("[name=checked]").select_option(index=1)
        self.press("Envoyer le lien d'activation")


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", False, True), ("en", True, True), ("fr", True, False)],
    ids=["french-desktop", "english-phone", "french-phone-without-javascript"],
)
def test_a_blocked_creation_is_resolved_by_an_officer(lille, at, language, phone, javascript):
    mariam = Blocked(at("/", phone=phone, javascript=javascript, language=language), language)
    mariam.ask_for_an_account()
    number = mariam.ask_for_help()
    assert not Account.objects.filter(identifier=NUMBER).exists()

    officer = ContactCentre(at("/agents/connexion/"))
    officer.sign_in(CONTACT_CENTRE)
    officer.open_ticket(number)
    officer.reads(MESSAGE.split(",")[1].strip(" ."))
    officer.send_the_link()
    officer.is_at(re.compile(rf"/tickets/{number}/"))
    world.deliver()

    mariam.open_the_account()
    account = Account.objects.get(identifier=NUMBER)
    assert account.email == EMAIL
    mariam.go("/compte/")
    mariam.reads(people.person(NUMBER).birth_name)
