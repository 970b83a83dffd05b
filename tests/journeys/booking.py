"""Somebody who books: from the list of offices to the convocation, with scripts or without."""

import re
from itertools import product

import pytest
from django.db.models import QuerySet
from playwright.sync_api import Locator, expect

from guichet.appointments.models import Booking
from guichet.core.questions import ANIMALS, DAYS, NUMBERS
from tests.journeys import world
from tests.journeys.driving import Somebody
from tests.typography import keyboard

# Both languages, on a phone and at a desk, with scripts and without: all eight.
WAYS = list(product(("fr", "en"), (True, False), (True, False)))
EVERY_WAY = pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    WAYS,
    ids=[f"{lang}-{'phone' if phone else 'desktop'}-{'scripts' if scripts else 'no-scripts'}" for lang, phone, scripts in WAYS],
)
ENOUGH = 12  # free slots in a week, to choose among
DETAILS = {
    "first_names": "Maria",
    "last_name": "Lopez",
    "birth_date_day": "12",
    "birth_date_month": "5",
    "birth_date_year": "1990",
    "phone": "06 12 34 56 78",
}


def requests() -> QuerySet[Booking]:
    """What visitors of the test asked for: neither those whom the demonstration expects or has drawn, nor freed places."""
    made = Booking.objects.filter(state__in=("held", "to_confirm", "confirmed", "lapsed", "cancelled"))
    return made.exclude(state__in=("confirmed", "cancelled"), email="").exclude(email__endswith="@courriel.demo")


def answer_to(text: str) -> str:
    """What a person answers to the question that tells people from scripts, in French or in English."""
    plain = keyboard(text).rstrip(" ?.")
    for words in (ANIMALS, DAYS):
        named = [word for pair in words for word in pair if re.search(rf"\b{word}\b", plain)]
        if named and "," in plain:
            return named[0]
    values = {word: value for value, pair in enumerate(NUMBERS) for word in pair}
    if " plus " in plain and ("Combien" in plain or "How much" in plain):
        first, second = re.search(r"(?:font|is) (\S+) plus ([\w-]+)", plain).groups()
        return str(values[first] + values[second])
    first, second = re.search(r": ([\w-]+) (?:ou|or) ([\w-]+)$", plain).groups()
    return max(first, second, key=values.get)


class Booker(Somebody):
    """Someone who wants an appointment of one type. ``base``: the address of its first page."""

    def __init__(self, page, base: str, email: str, language: str = "fr", *, phone: bool = False) -> None:
        super().__init__(page, language)
        self.base = base
        self.email = email
        self.shape = ".booking-list" if phone else ".booking-table"

    def send(self) -> None:
        """Presses the button that goes on: the first of the page's form, not that of the language."""
        self.page.locator("main form button.fr-btn:not([name]):not(.fr-btn--tertiary)").locator("visible=true").first.click()

    def accept(self) -> None:
        """From the list of offices, past the conditions."""
        self.go("/rdv/")
        self.page.locator(f"main a[href='{self.base}']").click()
        self.is_at(f"**{self.base}")
        self.page.locator("[name=accepted]").check(force=True)
        self.press("Effectuer une demande de rendez-vous")

    def look_at_slots(self) -> None:
        """From what was chosen to a week with slots enough to choose among, whatever the day of the week."""
        self.is_at("**/descriptif/")
        self.follow("Choisir une plage")
        self.is_at("**/creneaux/**")
        if self.free().count() < ENOUGH:  # the week ends
            self.follow("Semaine suivante")
        assert self.free().count() >= ENOUGH, self.page.url

    def free(self) -> Locator:
        return self.page.locator(f"{self.shape} .booking-cell--free input")

    def choose(self, place: int) -> str:
        """Selects a free slot, to read it before taking it; returns its number.

        Counted from the end of the week: the first ones may be about to begin.
        """
        slot = self.free().nth(self.free().count() - 1 - place)
        number = slot.get_attribute("value")
        if self._can_run():
            slot.click()
        else:
            slot.check(force=True)
            self.press("Voir la plage que j'ai cochée")
            self.is_at(f"**plage={number}**")
        expect(self.page.locator(f"[data-part=panel][data-selected='{number}']")).to_be_visible()
        return number

    def take(self) -> None:
        self.press("Prendre cette plage")

    def pass_check(self) -> None:
        """Lets the browser do its sum, or answers the question."""
        self.is_at("**/controle/")
        if self._can_run():
            ready = self.page.locator("#preuve button")
            expect(ready).to_be_enabled()
            ready.click()
            return
        self.answer_check("je ne sais pas")
        expect(self.page.locator("#erreurs")).to_be_visible()
        self.answer_check(answer_to(self.page.locator("label[for=reponse]").inner_text()))

    def answer_check(self, answer: str) -> None:
        self.page.locator("[name=answer]").fill(answer)
        self.page.locator("#question button.fr-btn").first.click()

    def fill_in(self) -> None:
        """Every box that is asked for; what is known already is not."""
        self.is_at("**/coordonnees/")
        for name, value in {**DETAILS, "email": self.email, "email_again": self.email}.items():
            box = self.page.locator(f"[name={name}]")
            if box.count():
                box.fill(value)

    def finish(self) -> None:
        self.press("Étape suivante")
        self.is_at("**/valider/")
        self.press("Valider et terminer")
        self.is_at("**/termine/")

    def book(self, place: int = 3) -> None:
        """From the grid to the request made."""
        self.choose(place)
        self.take()
        self.pass_check()
        self.fill_in()
        self.finish()

    def open_mailed_link(self) -> None:
        self.go(world.link_in(world.last_mail_to(self.email)))
        self.is_at("**/rdv/demande/")

    def confirm_by_mail(self) -> str:
        """Confirms from the mail, and returns the text of the convocation that is then on the page."""
        self.open_mailed_link()
        self.press("Confirmer mon rendez-vous")
        expect(self.page.locator("main .fr-badge--success")).to_be_visible()
        mail = world.last_mail_to(self.email)
        assert {attached["name"].rpartition(".")[2] for attached in mail.attachments} == {"pdf", "ics"}
        convocation = world.text_of(self.downloads("main a[href$='/convocation.pdf']"))
        assert b"BEGIN:VEVENT" in self.downloads("main a[href$='.ics']")
        return convocation

    def cancel(self) -> None:
        """Cancels from the page of the request, which asks first."""
        self.follow("Annuler ce rendez-vous")
        self.is_at("**/annuler/")
        self.press("Oui, annuler")
        self.is_at("**/rdv/demande/")

    def find_by_reference(self, reference: str) -> None:
        """Without the mail at hand: the reference as it is remembered, and the address."""
        self.go("/rdv/gerer/")
        self.page.locator("[name=reference]").fill(reference.lower())
        self.page.locator("#id_email").fill(self.email.upper())
        self.press("Voir mon rendez-vous")
        self.is_at("**/rdv/demande/")
