"""Someone at a browser: an applicant, an officer. They read the screen in their language and act on what it shows."""

import io
import re
from datetime import date

from django.utils import translation
from django.utils.translation import gettext
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from guichet.core.dates import PartialDate
from guichet.demo.filing import EPHOTO
from guichet.demo.handles import PASSWORD
from tests.journeys import world

OWN_PASSWORD = "Un-Mot-de-Passe-2026!"
LISTEN = """() => {
  window.followed = false;
  document.addEventListener("guichet:refreshed", () => { window.followed = true; }, { once: true });
}"""
ASKS = "box => !box.checked && !!box.closest('form[data-live]') && !box.closest('[data-quiet]')"


def picture(text: str = "specimen", color: str = "white") -> bytes:
    """A small photograph of a paper."""
    made = io.BytesIO()
    page = Image.new("RGB", (620, 877), color)
    ImageDraw.Draw(page).text((60, 60), text, fill="black")
    page.save(made, "JPEG")
    return made.getvalue()


class Somebody:
    """What every visitor can do: read, click, fill in."""

    def __init__(self, page: Page, language: str = "fr") -> None:
        self.page = page
        self.language = language

    def _can_run(self) -> bool:
        return getattr(self.page, "runs_scripts", True)

    def words(self, french: str) -> str:
        """A text of the site as this person reads it. The English must exist."""
        with translation.override(self.language):
            said = gettext(french)
        assert self.language == "fr" or said != french, f"no English for {french!r}"
        return said

    def go(self, path: str) -> None:
        self.page.goto(path)

    def press(self, french: str) -> None:
        """Presses the visible button of that name."""
        self.page.get_by_role("button", name=self.words(french)).locator("visible=true").last.click()

    def follow(self, french: str) -> None:
        self.page.get_by_role("link", name=self.words(french)).first.click()

    def fill(self, french: str, value: str) -> None:
        self.page.get_by_label(self.words(french), exact=False).first.fill(value)

    def fill_date(self, name: str, day: date | PartialDate) -> None:
        """Fills in the three boxes of a date; what is not known stays empty."""
        for part in ("day", "month", "year"):
            self.page.locator(f"[name='{name}_{part}']").fill(str(getattr(day, part) or ""))

    def reads(self, text: str) -> None:
        """The main part of the page says this."""
        expect(self.page.locator("main")).to_contain_text(text)

    def answer(self, *answers: str) -> None:
        """Follows the answers of the orientation, one page after another; what the site knows already, it does not ask."""
        for answer in answers:
            link = self.page.locator(f"main a[href*='{answer}']")
            if f"{answer.split('=')[0]}=" not in self.page.url and link.count():
                link.first.click()  # the last one may lead to the procedure itself

    def is_at(self, pattern: str) -> None:
        self.page.wait_for_url(pattern)
        self.page.wait_for_load_state("load")  # its scripts have run

    def downloads(self, selector: str) -> bytes:
        """The bytes behind a link of the page, asked with this person's own session."""
        href = self.page.locator(selector).first.get_attribute("href")
        answer = self.page.request.get(href)
        assert answer.ok, answer.status
        return answer.body()


class Applicant(Somebody):
    """Someone who asks for a permit, for themselves."""

    def __init__(self, page: Page, number: str, email: str, language: str = "fr") -> None:
        super().__init__(page, language)
        self.number = number
        self.email = email

    # Getting in

    def open_account(self) -> None:
        """From the home page to a signed-in account, through the mailed link."""
        someone = world.people.person(self.number)
        self.go(f"/?lang={self.language}")
        self.go("/compte/creer/numero-etranger/")
        self.page.locator("[name=foreigner_number]").fill(" ".join((self.number[:4], self.number[4:])))
        self.page.locator("[name=last_name]").fill(someone.birth_name.lower())
        self.page.locator("[name=first_names]").fill(someone.first_names.split(" ")[0].upper())
        birth = someone.birth_date(world.clock.today())
        self.fill_date("birth_date", birth)
        if not birth.is_complete:
            self.page.locator("label[for$=birth_date_unknown]").click()
        if not someone.first_names:
            self.page.locator("label[for$=single_name]").click()
        self.page.locator("[name=email]").fill(self.email)
        self.page.locator("[name=email_again]").fill(self.email)
        self.press("Demander le compte")
        self.is_at("**/compte/creer/envoye/")
        world.deliver()
        self.go(world.link_in(world.last_mail_to(self.email)))
        assert "/activer/" in self.page.url and len(self.page.url.rstrip("/").split("/")[-1]) < 20, (
            "the token stays in the address"
        )
        for box in self.page.locator("input[type=password]").all():
            box.fill(OWN_PASSWORD)
        self.press("Valider mon mot de passe")
        self.is_at("**/compte/connexion/")
        self.page.locator("[name=password]").fill(OWN_PASSWORD)
        self.press("Se connecter")
        self.is_signed_in()

    def is_signed_in(self) -> None:
        """The answer to the sign-in has come: what is opened before it would be opened as a stranger."""
        self.page.wait_for_url(lambda url: "/compte/connexion/" not in url)
        self.page.wait_for_load_state("load")

    def sign_in(self, password: str = OWN_PASSWORD) -> None:
        self.go(f"/compte/connexion/?lang={self.language}")
        self.page.locator("[name=identifier]").fill(self.number)
        self.page.locator("[name=password]").fill(password)
        self.press("Se connecter")

    def sign_out(self) -> None:
        self.page.context.clear_cookies()

    # The draft

    def begin(self) -> None:
        self.go("/titres/ase/")
        self.press("Je commence ma demande")
        if "/commencer/" in self.page.url:
            self.press("Commencer")
        self.is_at("**/personal_information/**")

    def next_step(self) -> None:
        self.press("Enregistrer et poursuivre")

    def personal_information(self, *, emancipated: bool | None = None) -> None:
        if emancipated is not None:
            self.choose("civil_status-0-emancipated", "yes" if emancipated else "no")
        self.address("20 rue Nationale 59800 Lille")
        self.page.locator("[name='contact-0-phone']").fill("03 20 00 00 00")
        self.page.locator("[name='contact-0-email']").fill(self.email)

    def address(self, text: str) -> None:
        """Looks an address up: suggestions as one types, or a button and a list without JavaScript."""
        search = self.page.locator("[name='address-0-home_text']")
        if self._can_run():
            search.press_sequentially(text[:22])
            # Slow keys bring suggestions for the beginning first, of other towns.
            town = re.search(r"\b\d{5}\b", text)
            assert town, f"{text!r} has no postal code"
            self.page.locator("[role=option]").filter(has_text=town[0]).first.click()
        else:
            search.fill(text)
            self.page.locator("button[value^='search:']").first.click()
            self.page.locator("[name='address-0-home_choice']").first.check(force=True)
            self.press("Utiliser cette adresse")

    def choose(self, name: str, value: str) -> None:
        """Ticks a radio button, and lets the page ask what follows from it."""
        box = self.page.locator(f"[name='{name}'][value='{value}']")
        asks = self._can_run() and box.evaluate(ASKS)
        if asks:
            self.page.evaluate(LISTEN)
        box.check(force=True)
        if asks:
            self.page.wait_for_function("() => window.followed")  # what follows from the answer has come

    def motive(self, care: date, *, married: bool = False) -> None:
        self.fill_date("care-0-taken_into_care_on", care)
        self.fill_date("family-0-entered_france_on", care)
        self.page.locator("[name='family-0-situation']").select_option("married" if married else "single")
        self.choose("family-0-children_in_charge", "no")
        for box in self.page.locator("[name=statements]").all():
            box.check(force=True)

    def ephoto(self, number: str = EPHOTO) -> None:
        self.page.locator("[name=ephoto]").fill(number)
        self.press("Confirmer le numéro")
        self.page.locator("button[value=remove_ephoto]").wait_for()

    def home_case(self, case: str) -> None:
        self.choose("case-home", case)
        if not self._can_run():
            self.press("Voir les documents de ma situation")
        self.page.locator("[data-part^='group-home'] [data-part^='piece-']").first.wait_for()

    def missing_pieces(self) -> list[str]:
        """The keys of the required documents that hold no file yet."""
        return [
            piece.get_attribute("data-part").removeprefix("piece-")
            for piece in self.page.locator("[data-part^='piece-']").all()
            if piece.locator(".guichet-file").count() == 0 and piece.locator(".fr-badge--new").count()
        ]

    def give(self, key: str, name: str = "page.jpg", content: bytes | None = None) -> None:
        """Gives a file for a document: sent at once with JavaScript, by its button without."""
        chosen = {"name": name, "mimeType": "image/jpeg", "buffer": content or picture(key)}
        self.page.locator(f"[id='file-{key}']").set_input_files(chosen)
        if not self._can_run():
            self.page.locator(f"button[data-upload-button][value='send:piece-{key}']").click()
        self.page.locator(f"[data-part='piece-{key}'] .guichet-file").first.wait_for()
        self.page.wait_for_load_state("load")  # the page was asked again: its scripts run

    def give_everything(self) -> None:
        for key in self.missing_pieces():
            self.give(key)
        assert self.missing_pieces() == []

    def deposit(self, observations: str = "") -> str:
        """Deposits and returns the application number read on the confirmation page."""
        self.page.locator("[name=observations]").fill(observations)
        self.press("Déposer la demande")
        self.is_at("**/confirmation/")
        return self.page.url.rstrip("/").split("/")[-2]

    def whole_draft(self, *, emancipated: bool | None = None, case: str = "own_home") -> None:
        """From the first step to the recap, with nothing missing."""
        self.begin()
        self.personal_information(emancipated=emancipated)
        self.next_step()
        self.is_at("**/motive/**")
        self.motive(world.care_date_of(self.number))
        self.next_step()
        self.is_at("**/documents/**")
        self.ephoto()
        self.home_case(case)
        self.give_everything()
        self.next_step()
        self.is_at("**/deposit/**")

    # After the deposit

    def opens_last_notification(self, button: str) -> None:
        """Reads the list, then opens the latest message: a deliberate act."""
        self.go("/notifications/")
        self.page.locator(".guichet-notification a").first.click()
        self.press(button)

    def keep_document(self, item: int, why: str) -> None:
        form = self._answer_form(item)
        form.locator("[name=choice][value=keep]").check(force=True)
        form.locator("[name=keep_reason]").fill(why)
        self._save_answer(item)

    def update_document(self, item: int, content: bytes, message: str = "") -> None:
        form = self._answer_form(item)
        form.locator("[name=choice][value=update]").check(force=True)
        form.locator("[name=reply]").fill(message)
        chosen = {"name": "passeport.jpg", "mimeType": "image/jpeg", "buffer": content}
        form.locator("input[type=file]").first.set_input_files(chosen)
        self._save_answer(item)  # pressed while the file still leaves: the page waits for it

    def _answer_form(self, item: int) -> Locator:
        return self.page.locator("section.guichet-piece").nth(item)

    def _save_answer(self, item: int) -> None:
        name = self.words("Enregistrer cette réponse")
        self._answer_form(item).get_by_role("button", name=name).locator("visible=true").last.click()
        self._answer_form(item).locator(".fr-badge--success").wait_for()

    def send_answers(self) -> None:
        self.press("Valider et envoyer")


class Desk(Somebody):
    """An officer at work."""

    def sign_in(self, email: str) -> None:
        self.go(f"/agents/connexion/?lang={self.language}")
        self.page.locator("[name=identifier]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.press("Continuer")
        self.page.locator("[name=code]").fill(f"{world.code_of_the_moment():06}")
        self.press("Se connecter")
        self.is_at("**/agents/")

    def open_file(self, number: str) -> None:
        self.go("/agents/dossiers/")
        self.page.get_by_role("link", name=number).first.click()
        self.is_at(f"**/dossiers/{number}/")

    def take_up(self) -> None:
        self.press("Prendre en charge")

    def look_at(self, number: str, piece: str) -> None:
        self.go(f"/agents/dossiers/{number}/?piece={piece}")

    def accept(self, number: str, piece: str) -> None:
        self.look_at(number, piece)
        self.press("Accepter")

    def reject(self, number: str, piece: str, reason: str, observation: str) -> None:
        self.look_at(number, piece)
        self.page.locator("[name=reason]").select_option(reason)
        self.page.locator("[name=observation]").fill(observation)
        self.press("Refuser")

    def request_complement(self, number: str, message: str) -> None:
        """From the verdicts to the request sent, after reading it again."""
        self.go(f"/agents/dossiers/{number}/complement/")
        self.page.locator("[name=message]").fill(message)
        self.press("Relire avant d'envoyer")
        self.reads(message)
        self.press("Envoyer la demande de complément")

    def propose(self, number: str, kind: str) -> None:
        self.go(f"/agents/dossiers/{number}/decision/?sens={kind}")
        self.press("Relire avant de confirmer")
        self.press("Proposer à la signature")

    def sign(self, number: str) -> None:
        self.go("/agents/signatures/")
        self.page.get_by_role("link", name=number).click()
        self.press("Signer la décision")
