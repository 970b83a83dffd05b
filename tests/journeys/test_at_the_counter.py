"""At the counter of Saint-Étienne: a family is booked, comes, is called; somebody without mail has another date, then none."""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from guichet.appointments import actions
from guichet.appointments.models import AppointmentType, Booking, Slot, Visit
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from guichet.messaging.models import OutboxMessage
from tests.journeys import world
from tests.journeys.driving import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
FAMILY = ("Ousmane", "Khady", "Seynabou")


@pytest.fixture
def type(moving_clock):
    """What one comes for, tomorrow at half past one: that day's hours of everybody are over, ours are to come."""
    tomorrow = clock.now().astimezone(clock.PARIS).date() + timedelta(days=1)
    target = datetime.combine(tomorrow, time(13, 30), tzinfo=clock.PARIS)
    moving_clock(seconds=(target.astimezone(UTC) - clock.now()).total_seconds())
    return AppointmentType.objects.select_related("office").get(office__slug="saint-etienne", slug="admission-exceptionnelle")


def a_slot(type, minutes, capacity=1):
    """A slot of five minutes, so many minutes from now."""
    starts_at = (clock.now() + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    return Slot.objects.create(
        agenda=type.agendas.get(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=5),
        capacity=capacity,
        released_at=clock.now() - timedelta(days=1),
    )


class Counter(Desk):
    """Somebody of the office, at the pages of its day."""

    def tab(self, path: str) -> None:
        """From one page of the day to another, by the row of links."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(f".rdv-tabs a[href^='/agents/rdv/{path}?']").click()

    def submit(self, selector: str) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).locator("visible=true").first.click()

    def writes(self, number: int, **values: str) -> None:
        """What is typed of one of those who come together."""
        prefix = f"personne{number}-" if number > 1 else ""
        for name, value in values.items():
            self.page.locator(f"[name='{prefix}{name}']").fill(value)

    def follows(self, selector: str) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator(selector).first.click()

    def calls(self, desk: str, button: str) -> None:
        self.page.locator("[name=guichet]").fill(desk)
        with self.page.expect_navigation(wait_until="load"):
            self.press(button)


def book_family(counter, type, slot):
    """From the day's list to three appointments; one name is forgotten first."""
    page = counter.page
    counter.go("/agents/rdv/")
    counter.tab("prendre/")
    counter.follows(f"main a[href*='/prendre/{type.slug}/']")
    page.locator("#personnes").select_option("3")
    counter.submit("main form[method=get] button")
    counter.follows(f"main a[href*='/prendre/{type.slug}/{slot.pk}/']")
    born = {"birth_date_day": "2", "birth_date_month": "4"}
    for number, name in enumerate(FAMILY, start=1):
        counter.writes(number, last_name="Mbaye", first_names=name, birth_date_year=str(1979 + 10 * number), **born)
    counter.writes(3, last_name="")
    counter.press("Prendre ces rendez-vous")
    expect(page.locator("#erreurs")).to_contain_text(counter.words("Personne %(number)d") % {"number": 3})
    assert not Booking.objects.filter(last_name="Mbaye").exists()
    counter.writes(3, last_name="Mbaye")
    counter.press("Prendre ces rendez-vous")
    counter.reads(counter.words("Les rendez-vous sont pris. Imprimez la convocation de chacun."))
    rows = list(Booking.objects.filter(last_name="Mbaye").order_by("pk"))
    assert [row.first_names for row in rows] == list(FAMILY) and {row.state for row in rows} == {"confirmed"}
    return rows


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", False, True), ("en", True, False)],
    ids=["french-desktop", "english-phone-without-javascript"],
)
def test_a_family_is_booked_at_the_counter_then_comes_and_is_called_one_after_another(type, at, language, phone, javascript):
    first_slot, _second = a_slot(type, 30, capacity=2), a_slot(type, 35, capacity=1)
    a_slot(type, 60)  # alone: three people do not fit
    reception = Counter(at("/", language=language, phone=phone, javascript=javascript), language)
    reception.sign_in("accueil@saint-etienne.demo")
    rows = book_family(reception, type, first_slot)
    assert [row.slot_id for row in rows] == [first_slot.pk, first_slot.pk, _second.pk]
    for row in rows:  # each has a paper, on a page of their own
        if row != rows[0]:
            reception.follows(f"main a[href*='/agents/rdv/{row.pk}/?']")
        assert row.reference in world.text_of(reception.downloads("main a[href*='convocation.pdf']"))

    with reception.page.expect_navigation(wait_until="load"):
        reception.follow("Voir la liste de ce jour")
    reception.page.locator("#reference").fill(rows[1].reference.lower().replace("-", ""))
    reception.submit(".rdv-scan button")
    expect(reception.page.locator("#arrivee")).to_contain_text("Khady Mbaye")
    reception.submit("#arrivee button[value=arrive_together]")
    assert set(Visit.objects.values_list("booking", "stage")) == {(row.pk, "waiting") for row in rows}
    reception.tab("file/")
    waiting = reception.page.locator("[data-queue] tbody tr")
    expect(waiting).to_have_count(3)
    expect(waiting.first).to_contain_text("Ousmane Mbaye, Seynabou Mbaye")  # she whose paper was scanned, and who is with her
    assert reception.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") or not phone

    officer = Counter(at("/", language=language, javascript=javascript), language)
    officer.sign_in("agent@saint-etienne.demo")
    officer.go("/agents/rdv/file/")
    officer.calls("4", "Appeler la personne suivante")
    expect(officer.page.locator(".rdv-desk")).to_contain_text("Khady Mbaye")
    reception.calls("5", "Appeler la personne suivante")  # nobody is torn from their family
    expect(reception.page.locator("main .fr-alert")).to_contain_text(
        reception.words(
            "Ceux qui attendent sont venus avec une personne déjà reçue à un guichet : ils y seront appelés après elle."
            " Pour les appeler ici, utilisez le bouton de leur ligne."
        )
    )
    for name in ("Ousmane", "Seynabou"):
        officer.calls("4", "Terminer et appeler la personne suivante")
        expect(officer.page.locator(".rdv-desk")).to_contain_text(f"{name} Mbaye")
    officer.submit(".rdv-desk button[value=finish]")
    assert set(Visit.objects.values_list("stage", "desk")) == {("served", "4")}


# Somebody without mail ----------------------------------------------------------------------------------------------------


@pytest.fixture
def by_telephone(type):
    """Somebody who has a telephone and no mail; expected this afternoon. Another slot is free later."""
    given = actions.Details(
        last_name="Kowalska", first_names="Ana", birth_date=PartialDate(1999, 2, 3), email="", phone="+33612345678"
    )
    booking = actions.book_at_counter(SYSTEM, type, a_slot(type, 30).pk, given, request_key=uuid.uuid4())
    return booking, a_slot(type, 90)


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("fr", True, True), ("en", False, False)],
    ids=["french-phone", "english-desktop-without-javascript"],
)
def test_somebody_without_mail_is_moved_then_cancelled_and_the_officer_is_told_to_call(
    by_telephone, at, language, phone, javascript
):
    (booking, later), mails = by_telephone, OutboxMessage.objects.count()
    reception = Counter(at("/", language=language, phone=phone, javascript=javascript), language)
    page = reception.page
    reception.sign_in("accueil@saint-etienne.demo")
    reception.go("/agents/rdv/")
    page.locator("#q").fill("kowal")
    reception.submit(".rdv-search button")
    reception.follows(f"main a[href*='/agents/rdv/{booking.pk}/?']")
    first_paper = world.text_of(reception.downloads("main a[href*='convocation.pdf']"))

    reception.follows(f"main a[href*='/agents/rdv/{booking.pk}/deplacer/']")
    reception.follows(f"main a[href*='/deplacer/{later.pk}/']")
    hour = f"{later.starts_at.astimezone(clock.PARIS):%H:%M}"
    reception.reads(hour)
    assert Booking.objects.get(pk=booking.pk).slot_id == booking.slot_id, "only read again so far"
    reception.submit("main form button.fr-btn")
    reception.reads(reception.words("La date est changée. Imprimez la nouvelle convocation : l'ancienne ne vaut plus."))
    assert Booking.objects.get(pk=booking.pk).slot_id == later.pk
    paper = world.text_of(reception.downloads("main a[href*='convocation.pdf']"))
    assert hour in paper.replace(" h ", ":") and paper != first_paper and booking.reference in paper

    reception.follows(f"main a[href*='/agents/rdv/{booking.pk}/annuler/']")
    reception.reads("+33 6 12 34 56 78")  # nothing is mailed: who cancels says so, and has the number before them
    reception.press("Oui, annuler")
    expect(page.locator("#erreurs")).to_be_visible()
    page.locator("[name=why][value=office]").check(force=True)
    reception.press("Oui, annuler")
    reception.is_at(f"**/agents/rdv/{booking.pk}/**")
    expect(page.locator("main .fr-alert")).to_contain_text("+33 6 12 34 56 78")
    assert Booking.objects.get(pk=booking.pk).state == "cancelled"
    # The place is nobody's at once: it comes back at a moment that nobody can guess.
    assert set(Booking.objects.filter(slot=later).values_list("state", flat=True)) == {"cancelled", "returning"}
    assert OutboxMessage.objects.count() == mails
