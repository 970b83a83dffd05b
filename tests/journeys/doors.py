"""The ways in by what one holds: a residence permit, a long-stay visa. (By a foreigner number: ``Applicant.open_account``.)"""

from datetime import date

from tests.journeys import world
from tests.journeys.driving import OWN_PASSWORD, Applicant


def open_by_permit(someone: Applicant, number: str, first: date, last: date) -> None:
    """From the home page to a signed-in account, with what the card says."""
    someone.go(f"/?lang={someone.language}")
    someone.go("/compte/creer/titre/")
    someone.page.locator("[name=permit_number]").fill(number)
    someone.fill_date("valid_from", first)
    someone.fill_date("valid_until", last)
    _say_address(someone, "Demander le compte")
    for box in someone.page.locator("input[type=password]").all():
        box.fill(OWN_PASSWORD)
    someone.press("Valider mon mot de passe")
    someone.is_at("**/compte/connexion/")
    someone.page.locator("[name=password]").fill(OWN_PASSWORD)
    someone.press("Se connecter")
    someone.is_signed_in()


def come_in_by_visa(someone: Applicant, number: str, name: str, first: date, last: date) -> None:
    """From the visa to the orientation, through the mailed link; no password."""
    someone.go(f"/?lang={someone.language}")
    someone.go("/compte/creer/visa/")
    someone.page.locator("[name=visa_number]").fill(number)
    someone.fill_date("valid_from", first)
    someone.fill_date("valid_until", last)
    _say_address(someone, "Recevoir le lien")
    someone.reads(name)
    someone.press("Continuer")
    someone.is_at("**/titres/**")


def _say_address(someone: Applicant, button: str) -> None:
    """Gives the address, and opens the link that comes to it."""
    someone.page.locator("[name=email]").fill(someone.email)
    someone.page.locator("[name=email_again]").fill(someone.email)
    someone.press(button)
    someone.is_at("**/compte/creer/envoye/")
    world.deliver()
    someone.go(world.link_in(world.last_mail_to(someone.email)))
