"""The administrator of Lille opens an agenda and a type without a developer; a visitor books; the day closes."""

import pytest
from playwright.sync_api import expect

from guichet.appointments.models import Agenda, AppointmentType, Booking, Slot
from tests.journeys import world
from tests.journeys.booking import Booker
from tests.journeys.driving import Desk

pytestmark = pytest.mark.browser
EMAIL = "maria.lopez@example.org"
PUBLIC = "/rdv/lille/depot-dune-demande-de-duplicata/"


def write(desk, **values):
    for name, value in values.items():
        desk.page.locator(f"[name='{name}']").fill(value)


def open_agenda(desk):
    desk.follow("Agendas")
    desk.follow("Ouvrir un agenda")
    write(desk, name_fr="Duplicatas", name_en="Duplicates", slot_minutes="20", desks="2")
    write(desk, **{"h0-0-opens": "9h", "h0-0-closes": "11h", "h0-0-desks": "", "days": "28", "at": "00:00"})
    desk.press("Mêmes horaires jusqu'au vendredi")
    expect(desk.page.locator("[name='h4-0-opens']")).to_have_value("9h")
    desk.press("Prévisualiser")
    desk.reads(desk.words("Rien n'est encore enregistré."))
    desk.reads("09:00, 09:20, 09:40, 10:00, 10:20, 10:40" if desk.page.runs_scripts else "10:40")
    assert not Agenda.objects.filter(slug="duplicatas").exists()
    desk.press("Enregistrer l'agenda")
    desk.is_at("**/agenda/duplicatas/")
    assert Slot.objects.filter(agenda__slug="duplicatas", capacity=2).exists()


def write_type(desk):
    desk.follow("Agendas")
    desk.follow("Écrire un rendez-vous")
    write(desk, name_fr="Dépôt d'une demande de duplicata", name_en="Filing a request for a duplicate")
    write(desk, purpose_fr="Votre titre est perdu ou volé.", purpose_en="Your permit is lost or stolen.")
    write(desk, address_fr="20 rue Nationale, 59800 Lille", address_en="20 rue Nationale, 59800 Lille")
    write(desk, documents_fr="Passeport\nDéclaration de perte", documents_en="Passport\nDeclaration of loss")
    desk.page.locator("[name=agendas][value=duplicatas]").check(force=True)
    desk.press("Enregistrer le rendez-vous")
    desk.is_at("**/rendez-vous/depot-dune-demande-de-duplicata/")
    assert AppointmentType.objects.get(slug="depot-dune-demande-de-duplicata").agendas.get().slug == "duplicatas"


def book(page):
    """A visitor reads the new page, chooses a free slot and confirms by the mail."""
    maria = Booker(page, PUBLIC, EMAIL)
    maria.accept()
    maria.look_at_slots()
    maria.book()
    maria.confirm_by_mail()
    return maria, Booking.objects.select_related("slot__agenda").get(email=EMAIL)


def close_the_day(desk, booking):
    """Sees whom it concerns first; then closes and tells them."""
    desk.follow("Agendas")
    desk.follow("Fermer ou rouvrir des jours")
    day = booking.starts_at_local.date()
    desk.fill_date("first_day", day)
    write(desk, reason="Coupure d'électricité.")
    desk.press("Voir qui est concerné")
    desk.reads(booking.reference)
    desk.reads("Maria Lopez")
    assert not Slot.objects.filter(withdrawn_at__isnull=False).exists()
    desk.page.locator("button[value=close]").click()
    expect(desk.page.locator("main form[action$='/rouvrir/']")).to_be_visible()
    assert Slot.objects.get(pk=booking.slot_id).withdrawn_at is not None


def choose_another(maria, booking):
    """By the link of the mail: another free slot, the same appointment."""
    mail = world.last_mail_to(EMAIL)
    assert mail.template == "appointment_withdrawn" and "Coupure d'électricité." in mail.body
    maria.open_mailed_link()
    maria.reads("Le bureau ne reçoit plus le")
    maria.follow("Choisir une autre date")
    maria.is_at("**/deplacer/**")
    if maria.free().count() < 3:
        maria.follow("Semaine suivante")
    maria.choose(1)
    maria.page.locator("[data-part=panel] button[name=plage]").click()
    maria.is_at("**/rdv/demande/")
    moved = Booking.objects.select_related("slot").get(pk=booking.pk)
    assert moved.slot_id != booking.slot_id and moved.slot.withdrawn_at is None and moved.reference == booking.reference


@pytest.mark.parametrize("javascript", [True, False])
def test_an_office_opens_an_agenda_and_closes_a_day_by_itself(lille, at, javascript):
    desk = Desk(at("/", javascript=javascript))
    desk.sign_in("admin@lille.demo")
    open_agenda(desk)
    write_type(desk)
    maria, booking = book(at("/"))
    close_the_day(desk, booking)
    world.deliver()
    choose_another(maria, booking)
