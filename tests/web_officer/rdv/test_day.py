"""The office's day, asked for in pages: who may see it, arrivals, the list."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.appointments import actions, queries
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, OpeningHours, Visit
from tests.appointments import world
from tests.contracts.world import an_officer
from tests.journeys.world import text_of
from tests.typography import keyboard
from tests.web_officer.conftest import browser_of
from tests.web_officer.rdv.doing import BY, booked, day, read, scan

pytestmark = pytest.mark.django_db


# Who may --------------------------------------------------------------------------------------------------------------------


def test_nobody_sees_the_day_of_another_office(agenda, type, office, reception):
    booking = booked(agenda, type, last_name="Kowalska")
    elsewhere = world.an_office()
    stranger = browser_of(an_officer("reception", elsewhere).account)
    assert "Kowalska" in day(reception)
    assert "Kowalska" not in day(stranger)
    assert stranger.get(reverse("officer:rdv"), {"bureau": office.slug}).status_code == 404
    for name in ("rdv_booking", "rdv_convocation"):
        assert stranger.get(reverse(f"officer:{name}", args=(booking.pk,))).status_code == 404
    assert stranger.post(reverse("officer:rdv_note", args=(booking.pk,)), {"acte": "arrive"}).status_code == 404
    visit = actions.check_in(booking, office, BY)
    for acted in ("call", "leave"):
        answer = stranger.post(reverse("officer:rdv_visit", args=(visit.pk,)), {"acte": acted, "guichet": "1"})
        assert answer.status_code == 404
    assert stranger.get(reverse("officer:rdv_ticket", args=(visit.pk,))).status_code == 404
    told = scan(stranger, booking.reference)
    assert "dans un autre bureau" in told and "Kowalska" not in told
    assert Visit.objects.get().stage == "waiting"


@pytest.mark.parametrize("role", ["decision_maker", "office_administrator", "national_administrator"])
def test_other_roles_do_not_receive(office, role):
    browser = browser_of(an_officer(role, None if role == "national_administrator" else office).account)
    assert browser.get(reverse("officer:rdv")).status_code == 403
    assert browser.get(reverse("officer:rdv_figures")).status_code == (200 if role == "office_administrator" else 403)


def test_who_works_in_two_offices_chooses(agenda, type, office):
    from guichet.accounts.models import Post

    other = world.an_office(name="Préfecture du Rhône (Lyon)")
    officer = an_officer("reception", office)
    Post.objects.create(officer=officer, office=other, role="case_officer")
    third = world.an_office(name="Préfecture de l'Ain (Bourg)")
    Post.objects.create(officer=officer, office=third, role="decision_maker")
    text = day(browser_of(officer.account), bureau=other.slug)
    assert f'value="{other.slug}" selected' in text and third.slug not in text


# The list -------------------------------------------------------------------------------------------------------------------


def test_the_day_is_in_the_order_of_hours_with_states_in_words(agenda, type, office, reception):
    later = booked(agenda, type, starts_in=timedelta(hours=2), last_name="Zola")
    sooner = booked(agenda, type, last_name="Aragon")
    tomorrow = booked(agenda, type, starts_in=timedelta(days=1), last_name="Sand")
    actions.cancel_by_officer(later, by=BY, reason="")
    text = day(reception)
    assert text.index("Aragon") < text.index("Zola") and "Sand" not in text
    assert "Attendu" in text and "Annulé" in text and "mardi 24 novembre 2026" in text
    assert f"rdv-{sooner.pk}" in text
    assert "Sand" in day(reception, jour="2026-11-25") and f"rdv-{tomorrow.pk}" in day(reception, jour="2026-11-25")
    for nonsense in ("2026-13-99", "hier", "9999-12-31", "\x00"):
        assert "mardi 24 novembre 2026" in day(reception, jour=nonsense)


def test_filters_and_what_is_free(agenda, type, office, reception):
    second = world.an_agenda(office, slug="autres", hours=(), name_fr="Autres motifs")
    other = world.a_type(second, "autre", confirmation_minutes=0)
    booked(agenda, type, last_name="Aragon")
    theirs = booked(second, other, starts_in=timedelta(minutes=60), last_name="Zola")
    text = day(reception)
    assert "2 places libres, la première à 10:30" in text and "2 places libres, la première à 11:00" in text
    text = day(reception, agenda="autres")
    assert "Zola" in text and "Aragon" not in text
    assert "Zola" not in day(reception, q="arag") and "Aragon" in day(reception, q="arag")
    assert "Zola" in day(reception, q=theirs.reference.lower().replace("-", ""))
    actions.check_in(theirs, office, BY)
    assert "Zola" in day(reception, etat="honoured") and "Aragon" not in day(reception, etat="honoured")
    assert "Rien ne répond" in day(reception, etat="missed")


def fill(agenda, type, count):
    """So many appointments of today."""
    slot = world.a_slot(agenda, capacity=count, starts_in=timedelta(minutes=9 + count % 10))
    for place in range(count):
        given = world.details(last_name=f"Nom{chr(97 + place // 26 % 26)}{chr(97 + place % 26)}", email="")
        actions.book_at_counter(BY, type, slot.pk, given, request_key=uuid.uuid4())


def queries_of(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return len(asked)


def test_as_many_queries_for_four_hundred_as_for_one(agenda, type, office, reception, monkeypatch):
    monkeypatch.setattr("guichet.appointments.bookings.telling.tell_confirmed", lambda booking: None)
    pages = [reverse(f"officer:{name}") for name in ("rdv", "rdv_queue", "rdv_list", "rdv_figures", "home")]
    fill(agenda, type, 1)  # more of the same afterwards, at another hour
    actions.check_in(Booking.objects.get(), office, BY)
    few = [queries_of(reception, page) for page in pages]
    fill(agenda, type, 399)
    for booking in Booking.objects.filter(state="confirmed")[:60]:
        actions.check_in(booking, office, BY)
    for _ in range(20):
        actions.take_number(office, BY, request_key=uuid.uuid4())
    assert [queries_of(reception, page) for page in pages] == few
    assert max(few) <= 20
    text = day(reception)
    assert text.count('id="rdv-') == 50 and "Page suivante" in text
    seen = set()
    for page in range(1, 9):
        seen |= {part.split('"')[0] for part in day(reception, page=page).split('id="rdv-')[1:]}
    assert len(seen) == 400
    assert read(reception.get(reverse("officer:rdv_list"))).count('<th scope="row">') == 400


# Arrivals -------------------------------------------------------------------------------------------------------------------


def test_a_scanned_reference_checks_in_and_says_what_matters(agenda, type, office, reception):
    booking = booked(agenda, type, last_name="Aragon", needs={"interpreter": "dari"})
    text = scan(reception, booking.reference.lower().replace("-", " "))
    assert "Aragon, rendez-vous de 10:30" in text and f"RDV-{booking.reference[-4:]}" in text
    assert "Interprète : dari" in text and 'id="reference"' in text
    assert Booking.objects.get().state == State.HONOURED
    again = scan(reception, booking.reference)
    assert "Arrivée déjà notée à 10:00" in again and "attend son appel" in again and "Arrivée notée" not in again
    visit = Visit.objects.get()
    actions.call(visit, "3", BY)
    assert "appelée au guichet 3" in scan(reception, booking.reference)
    actions.move_visit(visit, "finish", BY)
    assert "a déjà été reçue" in scan(reception, booking.reference)
    assert Visit.objects.get().stage == "served"


def test_who_left_and_is_back_has_arrived_again(agenda, type, office, reception):
    booking = booked(agenda, type)
    actions.move_visit(actions.check_in(booking, office, BY), "leave", BY)
    assert "Arrivée notée" in scan(reception, booking.reference)
    assert Visit.objects.get().stage == "waiting"


def test_the_end_of_a_reference_is_enough_among_those_of_today(agenda, type, office, reception):
    today, tomorrow = booked(agenda, type), booked(agenda, type, starts_in=timedelta(days=1))
    Booking.objects.filter(pk=today.pk).update(reference="RDV-7KQ2-M9PX")
    Booking.objects.filter(pk=tomorrow.pk).update(reference="RDV-7KQ2-M9PY")
    assert "Aucun rendez-vous n'a cette référence" in scan(reception, "m9py")
    assert f"Arrivée notée : {today.display_name}" in scan(reception, "rdv m9px")
    twin = booked(agenda, type)
    Booking.objects.filter(pk=twin.pk).update(reference="RDV-2222-M9PX")
    assert "Aucun rendez-vous n'a cette référence" in scan(reception, "M9PX"), "which of the two?"
    assert Visit.objects.count() == 1


def test_a_place_that_somebody_holds_is_the_appointment_of_no_reference(agenda, type, office, reception):
    """Whoever fills the form has no reference yet: nothing that is typed means them."""
    world.claim(type, world.a_slot(agenda, starts_in=timedelta(hours=2)))
    elsewhere = world.an_empty_agenda()
    world.claim(world.a_type(elsewhere, "ailleurs"), world.a_slot(elsewhere))
    for typed in ("Kowalska", "zzz", "RDV-2222-2222"):
        assert "Aucun rendez-vous n'a cette référence" in scan(reception, typed)
    assert queries.booking_by_reference("Kowalska", "") is None


def test_a_name_in_place_of_a_reference_leads_to_those_who_bear_it(agenda, type, reception):
    booked(agenda, type, last_name="Aragon"), booked(agenda, type, last_name="Zola")
    text = scan(reception, " arag")
    assert "à ce nom" in text and "Aragon" in text and "Zola" not in text
    text = scan(reception, "Kowalska")
    assert "Aucun rendez-vous n'a cette référence" in text and 'value="Kowalska"' in text, "kept, to be corrected"
    assert not Visit.objects.exists()


def test_being_late_or_very_early_is_said(agenda, type, office, reception, clock):
    booking, early = booked(agenda, type), booked(agenda, type, starts_in=timedelta(hours=3))
    assert "Très en avance : elle passera vers 13:00" in scan(reception, early.reference)
    clock.shift(timedelta(minutes=55))
    text = scan(reception, booking.reference)
    assert "Arrivée avec 25 minutes de retard" in text and "Le tour est passé" in text


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("unknown", "Aucun rendez-vous n'a cette référence"),
        ("empty", "Scannez la convocation, ou tapez la référence ou le nom"),
        ("tomorrow", "mercredi 25 novembre 2026 à 10:00, pas aujourd'hui"),
        ("cancelled", "a été annulé"),
    ],
)
def test_what_cannot_be_checked_in_is_told_apart(agenda, type, reception, what, said):
    references = {"unknown": "RDV-2222-2222", "empty": ""}
    if what == "tomorrow":
        references[what] = booked(agenda, type, starts_in=timedelta(days=1)).reference
    if what == "cancelled":
        references[what] = actions.cancel_by_officer(booked(agenda, type), by=BY, reason="").reference
    assert said in scan(reception, references[what])
    assert not Visit.objects.exists()


def test_the_buttons_of_a_line_do_what_the_scanner_does_and_undo_it(agenda, type, office, reception, clock):
    booking = booked(agenda, type)
    url = reverse("officer:rdv_note", args=(booking.pk,))

    def press(what, browser=reception):
        read(browser.post(url, {"acte": what, "retour": "2026-11-24"}, follow=True))
        booking.refresh_from_db()
        return booking.state

    assert 'name="acte" value="missed"' not in day(reception)  # its hour has not come
    assert press("missed") == State.CONFIRMED
    assert press("arrive") == State.HONOURED
    assert press("undo") == State.CONFIRMED
    clock.shift(timedelta(minutes=40))
    assert 'name="acte" value="missed"' in day(reception)
    assert press("missed") == State.MISSED
    assert press("arrive") == State.HONOURED
    assert press("nonsense") == State.HONOURED
    clock.shift(timedelta(days=1))
    Booking.objects.update(state="missed")
    the_day_after = browser_of(an_officer("reception", office).account)
    assert 'name="acte" value="correct"' in day(the_day_after, jour="2026-11-24")
    assert press("correct", the_day_after) == State.HONOURED


def test_the_day_leads_to_the_appointment_and_its_convocation(agenda, type, office, reception):
    booking = booked(agenda, type, last_name="Aragon", phone="+33611223344")
    text = read(reception.get(reverse("officer:rdv_booking", args=(booking.pk,))))
    assert booking.reference in text and "+33 6 11 22 33 44" in text and "12 mai 1990" in text and "Passeport" in text
    answer = reception.get(reverse("officer:rdv_convocation", args=(booking.pk,)))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert "ouvrez le lien du courriel" in keyboard(text_of(answer.content))
    actions.cancel_by_officer(booking, by=BY, reason="")
    assert reception.get(reverse("officer:rdv_convocation", args=(booking.pk,))).status_code == 404


def test_the_paper_of_somebody_without_mail_does_not_speak_of_a_mail(agenda, type, reception):
    booking = booked(agenda, type, email="")
    paper = keyboard(text_of(reception.get(reverse("officer:rdv_convocation", args=(booking.pk,))).content))
    assert "dites-le au bureau" in paper and "courriel" not in paper


def test_the_first_page_says_how_many_are_expected(agenda, type, office, reception):
    booked(agenda, type)
    came = booked(agenda, type, starts_in=timedelta(minutes=60))
    actions.check_in(came, office, BY)
    text = read(reception.get(reverse("officer:home")))
    assert "1 personne venue, 1 qui attend" in text and reverse("officer:rdv") in text


def test_a_visitor_is_not_let_in():
    assert Client().get(reverse("officer:rdv")).status_code == 302
    assert not OpeningHours.objects.exists()


def test_the_paper_says_when_it_was_made(agenda, type, reception):
    booked(agenda, type)
    page = read(reception.get(reverse("officer:rdv_list"), {"jour": "2026-11-25"}))
    assert "Liste du mercredi 25 novembre 2026" in page and "Faite le mardi 24 novembre 2026 à 10:00" in page
