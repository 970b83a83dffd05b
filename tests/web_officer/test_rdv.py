"""The office's day, asked for in pages: who may see it, arrivals, the list, the counter."""

import html
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.appointments import actions
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, OpeningHours, Slot, Visit
from guichet.core.dates import PartialDate
from tests.appointments import world
from tests.contracts.world import an_officer
from tests.web_officer.conftest import browser_of

pytestmark = pytest.mark.django_db
BY = world.OFFICER
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock():
    """A Tuesday at ten, on the wall of the office."""
    with time_machine.travel(world.utc(2026, 11, 24, 9), tick=False) as traveller:
        yield traveller


@pytest.fixture
def agenda(db):
    return world.an_empty_agenda()


@pytest.fixture
def office(agenda):
    return agenda.office


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, confirmation_minutes=0)


@pytest.fixture
def reception(office):
    return browser_of(an_officer("reception", office).account)


@pytest.fixture
def colleague(office):
    return browser_of(an_officer("case_officer", office).account)


def booked(agenda, type, *, starts_in=timedelta(minutes=30), **changes) -> Booking:
    slot = world.a_slot(agenda, starts_in=starts_in, capacity=3)
    return actions.book_at_counter(BY, type, slot.pk, world.details(**changes), request_key=uuid.uuid4())


def read(response, status=200):
    assert response.status_code == status, response.status_code
    return html.unescape(response.content.decode())


def day(browser, **query):
    return read(browser.get(reverse("officer:rdv"), query))


def scan(browser, reference, **more):
    response = browser.post(reverse("officer:rdv_check_in"), {"reference": reference, **more}, follow=True)
    return read(response)


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
    assert "Arrivée notée" in scan(reception, booking.reference)
    assert Visit.objects.count() == 1


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
        ("empty", "Aucun rendez-vous n'a cette référence"),
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
    assert booking.reference in text and "+33611223344" in text and "12 mai 1990" in text and "Passeport" in text
    answer = reception.get(reverse("officer:rdv_convocation", args=(booking.pk,)))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    actions.cancel_by_officer(booking, by=BY, reason="")
    assert reception.get(reverse("officer:rdv_convocation", args=(booking.pk,))).status_code == 404


def test_the_first_page_says_how_many_are_expected(agenda, type, office, reception):
    booked(agenda, type)
    came = booked(agenda, type, starts_in=timedelta(minutes=60))
    actions.check_in(came, office, BY)
    text = read(reception.get(reverse("officer:home")))
    assert "1 personne venue, 1 qui attend" in text and reverse("officer:rdv") in text


# At the counter -------------------------------------------------------------------------------------------------------------


def typed(**changes):
    return {
        "first_names": "Maria",
        "last_name": "Lopez",
        "birth_date_day": "12",
        "birth_date_month": "5",
        "birth_date_year": "1990",
        "language": "fr",
        "key": str(uuid.uuid4()),
        **changes,
    }


def test_an_appointment_is_taken_at_the_counter_in_any_pool(agenda, type, office, reception):
    slot = world.a_slot(agenda, pool="agents", starts_in=timedelta(hours=1))
    assert type.name in read(reception.get(reverse("officer:rdv_types")))
    week = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,))))
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    assert url in week and "réservée" in week and "11:00" in week
    assert "place réservée" in read(reception.get(url))
    answer = reception.post(url, typed(access="ascenseur"), follow=True)
    booking = Booking.objects.get()
    assert booking.reference in read(answer) and "Imprimer la convocation" in read(answer)
    assert booking.state == State.CONFIRMED and booking.needs == {"access": "ascenseur"} and booking.email == ""
    assert Slot.objects.get(pk=slot.pk).taken == 1


def test_a_form_sent_twice_at_the_counter_is_one_appointment(agenda, type, reception):
    slot = world.a_slot(agenda, capacity=3)
    given = typed()
    for _ in range(2):
        read(reception.post(reverse("officer:rdv_book", args=(type.slug, slot.pk)), given, follow=True))
    assert Booking.objects.count() == 1


def test_a_homonym_is_booked_once_the_officer_has_looked(agenda, type, reception):
    slot = world.a_slot(agenda, capacity=3)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    reception.post(url, typed())
    text = read(reception.post(url, typed()), 422)
    assert "a déjà un rendez-vous de ce type" in text and 'name="homonym"' in text
    assert Booking.objects.get().reference in text
    for _ in range(2):
        reception.post(url, typed(homonym="on"))
    assert Booking.objects.count() == 3


def test_errors_at_the_counter_are_told_and_nothing_is_lost(agenda, type, reception):
    slot = world.a_slot(agenda)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    text = read(reception.post(url, typed(last_name="", birth_date_year="")), 422)
    assert 'id="erreurs"' in text and 'value="Maria"' in text
    assert not Booking.objects.exists()


def test_a_slot_that_went_meanwhile_leads_back_to_the_week(agenda, type, reception):
    slot = world.a_slot(agenda)
    world.ask(type, slot)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    assert "plus libre" in read(reception.get(url, follow=True))
    assert "Cette plage vient d'être prise" in read(reception.post(url, typed(), follow=True))


def test_students_are_known_by_ine_at_the_counter_too(agenda, reception):
    type = world.a_type(agenda, "etudiants", identity="student", confirmation_minutes=0)
    slot = world.a_slot(agenda, capacity=3)
    url = reverse("officer:rdv_book", args=(type.slug, slot.pk))
    assert 'name="number"' in read(reception.get(url))
    reception.post(url, typed(number="1234567890 a"))
    from guichet.appointments import queries

    assert Booking.objects.get().person_key == queries.key_of_number("ine", "1234567890A")
    text = read(reception.post(url, typed(number="1234567890A", last_name="Autre")), 422)
    assert "a déjà un rendez-vous" in text and 'name="homonym"' not in text


def test_types_and_slots_of_elsewhere_do_not_exist(agenda, type, reception):
    far = world.an_empty_agenda()
    theirs = world.a_type(far, "ailleurs")
    assert reception.get(reverse("officer:rdv_slots", args=(theirs.slug,))).status_code == 404
    slot = world.a_slot(far)
    reception.post(reverse("officer:rdv_book", args=(type.slug, slot.pk)), typed())
    assert not Booking.objects.exists()


def test_the_counter_says_when_nothing_is_free(agenda, type, reception):
    text = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,))))
    assert "Aucune plage libre cette semaine" in text and "Rien n'est libre" in text
    slot = world.a_slot(agenda, starts_in=timedelta(days=14))
    text = read(reception.get(reverse("officer:rdv_slots", args=(type.slug,)), {"semaine": "2026-W48"}))
    assert "Aller à la première plage libre" in text and slot.pk
    assert "Semaine du 7 décembre" in read(reception.get(reverse("officer:rdv_slots", args=(type.slug,))))
    for nonsense in ("2026-W99", "x", "0000-W01"):
        read(reception.get(reverse("officer:rdv_slots", args=(type.slug,)), {"semaine": nonsense}))


def test_somebody_without_a_sure_birth_date_or_with_one_name_is_booked(agenda, type, reception):
    slot = world.a_slot(agenda)
    given = typed(first_names="", single_name="on", birth_date_day="", birth_date_month="", birth_date_unknown="1")
    reception.post(reverse("officer:rdv_book", args=(type.slug, slot.pk)), given)
    booking = Booking.objects.get()
    assert booking.birth_date == PartialDate(1990) and booking.display_name == "Lopez"


def test_a_visitor_is_not_let_in():
    assert Client().get(reverse("officer:rdv")).status_code == 302
    assert not OpeningHours.objects.exists()
