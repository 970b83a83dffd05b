"""Students book: by INE or by access code, too early or late, from the list of offices to the convocation."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from guichet.appointments.models import ComeBack
from guichet.core import clock
from tests.journeys import world
from tests.journeys.booking import EVERY_WAY, Booker, requests
from tests.typography import keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
LOIRE, RHONE = "/rdv/saint-etienne/etudiants/", "/rdv/lyon/etudiants/"
LOPEZ, BENALI = "0123456789A", "012345678BC"
EMAIL = "etudiante@example.org"
CODE = re.compile(r"^[2-9A-Z]{5} [2-9A-Z]{5}$", re.MULTILINE)
CODE_PAGE = re.compile(r"http\S+/identite/code/")
WITHOUT_SCRIPTS_AND_WITH = pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", False, True), ("en", True, True), ("fr", True, False), ("en", False, False)],
    ids=["french-desktop", "english-phone", "french-phone-without-javascript", "english-desktop-without-javascript"],
)


class StudentBooker(Booker):
    """A student on the way to an appointment."""

    def say_institution(self, institution: str) -> None:
        self.is_at("**/identite/")
        self.page.locator("[name=institution]").select_option(institution)
        self.send()

    def say_ine(self, ine: str, birth_name: str) -> None:
        """As one types it on a phone: spaces, no capitals."""
        self.is_at("**/identite/ine/")
        self.page.locator("[name=birth_name]").fill(birth_name.lower())
        self.page.locator("[name=ine]").fill(f" {ine[:4]} {ine[4:]} ".lower())
        self.send()

    def confirm_identity(self, first_name: str) -> None:
        self.is_at("**/identite/verifier/")
        self.reads(first_name)
        self.send()

    def say_situation(self, situation: str = "renewal") -> None:
        self.is_at("**/identite/situation/")
        self.page.locator(f"[name=situation][value={situation}]").check(force=True)
        self.send()

    def by_ine(self, institution: str, ine: str, name: str, first_name: str) -> None:
        self.accept()
        self.say_institution(institution)
        self.say_ine(ine, name)
        self.confirm_identity(first_name)
        self.say_situation()

    def ask_code(self, last_name: str, first_names: str, ends_on, kind: str = "permit") -> None:
        """«Other»: everything that stands in for an INE, and the code goes to the address."""
        self.accept()
        self.say_institution("other")
        self.is_at("**/identite/autre/")
        self.follow("Demander un code d'accès")
        self.is_at("**/identite/code/demander/")
        self.page.locator("[name=last_name]").fill(last_name)
        self.page.locator("[name=first_names]").fill(first_names)
        for name in ("email", "email_again"):
            self.page.locator(f"[name={name}]").fill(self.email)
        for name, value in (("day", "5"), ("month", "4"), ("year", "2003")):
            self.page.locator(f"[name=birth_date_{name}]").fill(value)
        self.fill_date("stay_ends_on", ends_on)
        self.page.locator("[name=situation][value=renewal]").check(force=True)
        self.page.locator(f"[name=stay_kind][value={kind}]").check(force=True)
        self.press("Recevoir le code")
        self.is_at("**/identite/code/envoye/")
        self.reads(self.email)

    def use_code(self, last_name: str) -> None:
        """By the link and the code of the mail, typed as one remembers them."""
        body = world.last_mail_to(self.email).body
        self.go(CODE_PAGE.search(body)[0])
        self.page.locator("[name=last_name]").fill(last_name)
        self.page.locator("[name=code]").fill(CODE.search(body)[0].replace(" ", "").lower())
        self.send()


@pytest.fixture
def student(lille, at):
    """``student(LOIRE, phone=True, language="en")``: someone before the list of offices."""

    def make(base, **kind):
        return StudentBooker(at("/", **kind), base, EMAIL, kind.get("language", "fr"), phone=kind.get("phone", False))

    return make


@EVERY_WAY
def test_by_ine_to_the_convocation_then_cancelled(student, language, phone, javascript):
    """LOPEZ, in time: nothing known is typed again; the date cannot be moved online, and it is said; cancelling can."""
    maria = student(LOIRE, language=language, phone=phone, javascript=javascript)
    maria.by_ine("saint-etienne", LOPEZ, "LOPEZ", "Maria")
    maria.look_at_slots()
    maria.book()
    convocation = maria.confirm_by_mail()
    assert "LOPEZ" in convocation.upper()
    assert requests().get().state == "confirmed"
    assert maria.page.locator("a[href$='/deplacer/']").count() == 0
    maria.reads({"fr": "ne se change pas en ligne", "en": "cannot be changed online"}[language])
    maria.cancel()
    maria.reads({"fr": "Annulé", "en": "Cancelled"}[language])
    assert requests().get().state == "cancelled"


def test_too_early_is_told_the_day_reminded_on_it_and_books_then(student, moving_clock):
    """BENALI, three months ahead."""
    yasmine = student(RHONE, phone=True)
    yasmine.by_ine("lyon-2", BENALI, "BENALI", "Yasmine")
    yasmine.is_at("**/identite/trop-tot/")
    yasmine.reads("Revenez à partir du")
    yasmine.page.locator("[name=email]").fill(EMAIL)
    yasmine.press("Me prévenir par courriel")
    expect(yasmine.page.locator(".fr-alert--success")).to_be_visible()
    promise = ComeBack.objects.get()
    assert promise.on > clock.today()

    moving_clock(days=(promise.on - clock.today()).days)
    mail = world.last_mail_to(EMAIL)
    assert mail.template == "come_back"
    yasmine.page.context.clear_cookies()
    yasmine.go(world.link_in(mail))
    yasmine.is_at(f"**{RHONE}")
    yasmine.by_ine("lyon-2", BENALI, "BENALI", "Yasmine")
    yasmine.look_at_slots()
    yasmine.book()
    yasmine.confirm_by_mail()
    assert requests().get().state == "confirmed"


@WITHOUT_SCRIPTS_AND_WITH
def test_without_ine_a_code_comes_by_mail_and_an_expired_permit_turns_nobody_away(student, language, phone, javascript):
    """The code is used in another browser, with the name as typed on a phone; the first free slot is proposed."""
    asking = student(RHONE, language=language, phone=phone, javascript=javascript)
    asking.ask_code("Núñez", "Ana", clock.today() - timedelta(days=10))
    ana = student(RHONE, language=language, phone=phone, javascript=javascript)
    ana.use_code("NUNEZ")
    ana.is_at("**/descriptif/")
    expired = {"fr": "Personne n'est refusé", "en": "Nobody is turned away"}[language]
    assert expired in keyboard(ana.page.locator("body").inner_text())
    ana.look_at_slots()
    ana.follow("Première plage libre")
    ana.is_at("**plage=**")
    expect(ana.page.locator("[data-part=panel][data-selected-state=free]")).to_be_visible()
    ana.book()
    assert "NÚÑEZ" in ana.confirm_by_mail().upper()


def test_what_does_not_match_leads_to_the_access_code(student):
    """The name is somebody else's: the page says what to do, and the way by code begins there."""
    someone = student(LOIRE, language="en", phone=True)
    someone.accept()
    someone.say_institution("saint-etienne")
    someone.say_ine(LOPEZ, "MARTIN")
    expect(someone.page.locator("#erreurs")).to_be_focused()
    someone.follow("Demander un code d'accès")
    someone.is_at("**/identite/code/demander/")
