"""The way to an appointment in a real browser, where it goes wrong: a household, a clock that runs out, a mistyped address.

On a desktop, and on a phone without JavaScript in English. Every page met is judged: for all, and within 320 pixels.
"""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from guichet.appointments.models import Booking, Slot
from guichet.messaging.models import OutboxMessage
from tests.accessibility.axe import assert_accessible, assert_fits, assert_keyboard
from tests.appointments import world

pytestmark = pytest.mark.browser
DESKTOP, PHONE, BARE = {}, {"phone": True}, {"phone": True, "language": "en", "javascript": False}
KINDS = pytest.mark.parametrize("kind", [DESKTOP, PHONE, BARE], ids=["desktop", "phone", "bare phone"])
WRONG, RIGHT = "maria@gmial.com", "maria@gmail.com"


@pytest.fixture
def type(transactional_db, monkeypatch):
    monkeypatch.setattr("guichet.core.bot_check.HASHES", 2000)
    monkeypatch.setattr("guichet.core.questions.is_right", lambda pick, answer: answer == "right")
    cache.clear()
    agenda = world.an_empty_agenda()
    world.a_row(agenda, 1, 2, 0, 4, days=until_wednesday())
    return world.a_type(agenda, party_max=3)


def until_wednesday():
    """Days until eleven (UTC) on a Wednesday, a week from now or so: the slots are in one day whenever the test runs."""
    now = world.clock.now()
    wednesday = (now + world.timedelta(days=9 - now.weekday())).replace(hour=11, minute=0, second=0, microsecond=0)
    return (wednesday - now) / world.timedelta(days=1)


class Walker:
    """Somebody at the pages of a type, who judges each of them."""

    def __init__(self, page, type, kind):
        self.page, self.type, self.kind = page, type, kind
        self.runs_scripts = kind.get("javascript", True)

    def judge(self):
        if self.runs_scripts:  # axe is a script
            assert_accessible(self.page)
        assert_fits(self.page)

    def press(self, selector):
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).locator("visible=true").first.click()
        self.judge()

    def go_on(self):
        self.press("main form button.fr-btn:not([name]):not(.fr-btn--tertiary)")

    def hold(self, people=1):
        """From the conditions to the form, with a place for so many."""
        self.page.check("[name=accepted]", force=True)
        self.go_on()
        self.press("main a[href$='/creneaux/']")
        if people > 1:
            self.page.select_option("#personnes", str(people))
            self.press(".booking-party button")
        self.press("main a[href$='#panneau']")  # the first free slot
        self.press("#panneau button[name=plage]")
        self.pass_check()

    def pass_check(self):
        if self.runs_scripts:
            expect(self.page.locator("#preuve button[type=submit]")).to_be_enabled(timeout=20_000)
            self.press("#preuve button[type=submit]")
            return
        self.page.fill("[name=answer]", "right")
        self.press("#question button.fr-btn")

    def write(self, prefix="", name="Lopez"):
        typed = {"first_names": "Maria", "last_name": name, "birth_date_day": "12", "birth_date_month": "5"}
        for box, value in {**typed, "birth_date_year": "1990"}.items():
            self.page.fill(f"[name={prefix}{box}]", value)

    def write_contact(self, email=RIGHT):
        for box, value in {"email": email, "email_again": email, "phone": "06 12 34 56 78"}.items():
            self.page.fill(f"[name={box}]", value)

    def open_mail(self, template="appointment_asked"):
        body = OutboxMessage.objects.filter(template=template).order_by("created_at").last().body
        self.page.goto(re.search(r"/rdv/demande/\S+", body)[0])
        self.judge()


@pytest.fixture
def walker(open_page, type, kind):
    return Walker(open_page(f"/rdv/{type.office.slug}/{type.slug}/", **kind), type, kind)


@KINDS
def test_every_page_of_a_household_is_for_all(walker):
    walker.hold(people=3)
    walker.go_on()
    expect(walker.page.locator("#erreurs li")).to_have_count(12)
    if walker.runs_scripts:
        assert_keyboard(walker.page)
    walker.write()
    walker.write_contact()
    walker.write("personne2-", "Lopez")
    walker.write("personne3-", "Sanchez")
    walker.go_on()
    expect(walker.page.locator("#erreurs")).to_be_visible()  # the second one is written twice
    walker.write("personne2-", "Perez")
    walker.go_on()
    walker.press("main form:has(button:not([name])) button.fr-btn")
    expect(walker.page.locator("main")).to_contain_text("Perez")
    walker.open_mail()
    walker.press("main form[action$='/confirmer/'] button")
    expect(walker.page.locator("main .booking-people li")).to_have_count(3)
    walker.press("main a[href*='annuler/?personne=']")
    walker.press("main form .guichet-btn--danger")
    expect(walker.page.locator("main .booking-people .fr-badge--error")).to_have_count(1)
    walker.press("main a[href$='/deplacer/']")
    walker.page.goto(walker.page.url.replace("deplacer/", "annuler/"))
    walker.judge()
    walker.press("main form .guichet-btn--danger")
    assert set(Booking.objects.exclude(last_name="").values_list("state", flat=True)) == {"cancelled"}


@KINDS
def test_the_clock_runs_out_and_nothing_is_typed_twice(walker):
    walker.hold()
    walker.write(name="Fernandez")
    if walker.runs_scripts:
        walker.press("button[name=retour]:not([data-end])")  # to the week and back: the form is as it was left
        ends_in(seconds=4)
        walker.press("main .fr-alert--info a[href$='/coordonnees/']")
        expect(walker.page.locator("[data-short]")).to_be_visible()
        expect(walker.page.locator("[data-end]")).to_be_visible(timeout=10_000)
        walker.judge()
        ends_in(seconds=-1)
        walker.press("[data-end]")
    else:
        ends_in(seconds=-1)
        walker.go_on()
    Slot.objects.filter(capacity=1).update(capacity=2)
    walker.press("main a[href$='#panneau']")
    walker.press("#panneau button[name=plage]")
    walker.pass_check()
    expect(walker.page.locator("[name=last_name]")).to_have_value("Fernandez")
    expect(walker.page.locator("[name=birth_date_year]")).to_have_value("1990")


def ends_in(**delta):
    """The ten minutes of whoever holds a place, so much before their end."""
    Booking.objects.filter(state="held").update(held_until=world.clock.now() + world.timedelta(**delta))


@KINDS
def test_a_mistyped_address_is_mended_after_the_end(walker):
    walker.hold()
    walker.write()
    walker.write_contact(WRONG)
    walker.go_on()
    expect(walker.page.locator("button[name=ecrire]")).to_contain_text(RIGHT)
    walker.press("main form:has(button:not([name])) button.fr-btn:not([name])")
    walker.press("main a[href$='/adresse/']")
    walker.press("main form:has([name=email]) button.fr-btn:not([name])")
    expect(walker.page.locator("#erreurs")).to_be_visible()  # the second time is empty
    walker.page.fill("[name=email_again]", RIGHT)
    walker.press("main form:has([name=email]) button.fr-btn:not([name])")
    expect(walker.page.locator(".fr-alert--success")).to_contain_text(RIGHT)
    dead = re.search(r"/rdv/demande/\S+", OutboxMessage.objects.get(address=WRONG).body)[0]
    walker.page.goto(dead)
    expect(walker.page.locator("main [name=reference]")).to_be_visible()
    walker.judge()
    walker.open_mail()
    walker.press("main form[action$='/confirmer/'] button")
    assert Booking.objects.get(email=RIGHT).state == "confirmed"


@KINDS
def test_what_is_over_is_for_all_too(walker):
    """The page of a request that lapsed, and that of one whose visit was forgotten."""
    walker.hold()
    walker.write()
    walker.write_contact()
    walker.go_on()
    walker.press("main form:has(button:not([name])) button.fr-btn:not([name])")
    Booking.objects.update(confirm_until=world.clock.now())
    walker.open_mail()
    expect(walker.page.locator("main .fr-badge--error")).to_be_visible()
    walker.page.context.clear_cookies()
    walker.page.goto("/rdv/demande/")
    expect(walker.page.locator("main [name=reference]")).to_be_visible()
    walker.judge()


@KINDS
def test_a_week_without_places_and_a_week_that_is_full_are_for_all(walker):
    Slot.objects.update(capacity=0)
    walker.page.check("[name=accepted]", force=True)
    walker.go_on()
    walker.press("main a[href$='/creneaux/']")
    walker.page.goto(walker.page.url.split("?")[0] + "?semaine=" + f"{world.clock.today().year + 1}-W02")
    walker.judge()


@pytest.mark.parametrize("kind", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_week_refreshes_itself_under_the_finger(walker):
    """The choice and the focus stay while others book; when the chosen slot itself goes, the focus is on what says so."""
    page = walker.page
    page.check("[name=accepted]", force=True)
    walker.go_on()
    walker.press("main a[href$='/creneaux/']")
    one, two, _full, four = Slot.objects.order_by("starts_at")
    letter = "d" if walker.kind else "t"  # the list of a phone, the table
    page.locator(f"#{letter}{four.pk}").click()
    expect(page.locator("#panneau button[name=plage]")).to_be_visible()
    page.locator(f"#{letter}{four.pk}").focus()
    others_take(one)
    expect(page.locator(f"[data-cell={letter}{one.pk}]")).to_have_attribute("data-state", "full", timeout=20_000)
    expect(page.locator(f"#{letter}{four.pk}")).to_be_checked()
    expect(page.locator(f"#{letter}{four.pk}")).to_be_focused()
    others_take(four)
    expect(page.locator("#panneau")).to_contain_text("n'est plus libre", timeout=20_000)
    expect(page.locator("#panneau")).to_be_focused()
    expect(page.locator(f"#panneau a[href*='plage={two.pk}']")).to_be_visible()
    walker.judge()


def others_take(slot):
    Slot.objects.filter(pk=slot.pk).update(capacity=0, version=slot.version + 1)
