"""The queue and the screen of the waiting room, asked for in pages."""

import html
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.appointments import actions
from guichet.appointments.models import Visit
from tests.appointments import world
from tests.web_officer.rdv.doing import BY, booked, number, read

pytestmark = pytest.mark.django_db


def call_next(browser, desk="", **more):
    return read(browser.post(reverse("officer:rdv_call_next"), {"guichet": desk, **more}, follow=True))


def act(browser, visit, verb, **more):
    return read(browser.post(reverse("officer:rdv_visit", args=(visit.pk,)), {"acte": verb, **more}, follow=True))


def screen(office, **headers):
    return Client().get(reverse("booking:screen", args=(office.slug,)), {"vue": "appels"}, headers=headers)


# Numbers ------------------------------------------------------------------------------------------------------------------


def test_a_number_is_given_without_asking_a_name(type, office, reception):
    page = read(reception.get(reverse("officer:rdv_number")))
    assert "name" not in [part.split('"')[0] for part in page.split('name="')[1:]]
    key = page.split('name="key" value="')[1].split('"')[0]
    given = {"purpose": type.slug, "language": "ar", "needs": ["priority", "sign_language"], "key": key}
    for _ in range(2):
        text = read(reception.post(reverse("officer:rdv_number"), given, follow=True))
        assert "A001" in text and "Personne ne passe avant" in text
    visit = Visit.objects.get()
    assert (visit.type, visit.language, visit.needs, visit.rank) == (type, "ar", ["priority", "sign_language"], 0)
    queue = read(reception.get(reverse("officer:rdv_queue")))
    assert "A001" in queue and "Prioritaire" in queue and "Arabe" in queue and type.name in queue


def test_a_number_for_anything_else_and_its_place(office, reception):
    number(office)
    url = reverse("officer:rdv_number")
    text = read(reception.post(url, {"purpose": "", "language": "fr", "key": str(uuid.uuid4())}, follow=True))
    assert "A002" in text and "1 personne passe avant" in text and "Renseignement ou autre motif" in text


def test_the_paper_of_a_number_is_in_both_languages_and_says_which_day(agenda, type, office, reception):
    paper = read(reception.get(reverse("officer:rdv_ticket", args=(number(office).pk,))))
    assert "Votre numéro" in paper and "Your number" in paper and "mardi 24 novembre 2026, 10:00" in paper
    assert "Regardez l'écran" in paper and "Watch the screen" in paper and "rdv_ticket.css" in paper
    english = read(reception.get(reverse("officer:rdv_ticket", args=(number(office).pk,)), {"lang": "en"}))
    assert english.index("Your number") < english.index("Votre numéro") and "Tuesday 24 November 2026" in english
    visit = actions.check_in(booked(agenda, type, last_name="Aragon"), office, BY)
    paper = read(reception.get(reverse("officer:rdv_ticket", args=(visit.pk,)), {"lang": "fr"}))
    assert visit.ticket in paper and "rendez-vous de 10:30" in paper
    assert "Aragon" not in paper, "a paper that is left on a chair names nobody"


@pytest.mark.parametrize("wrong", [{"key": ""}, {"key": "x"}, {"language": "tlh"}, {"purpose": "ailleurs"}, {"needs": ["or"]}])
def test_a_form_that_is_not_ours_gives_no_number(office, reception, wrong):
    given = {"purpose": "", "language": "fr", "key": str(uuid.uuid4()), **wrong}
    assert 'id="erreurs"' in read(reception.post(reverse("officer:rdv_number"), given), 422)
    assert not Visit.objects.exists()


# Calling ------------------------------------------------------------------------------------------------------------------


def test_calling_needs_a_desk_once(office, colleague):
    first, second = number(office), number(office)
    assert "à quel guichet vous êtes" in call_next(colleague)
    text = call_next(colleague, "3")
    assert "A001 est appelé au guichet 3" in text and "Au guichet 3" in text
    text = call_next(colleague, termine=str(first.pk))  # the desk is remembered
    assert "A002 est appelé au guichet 3" in text
    first.refresh_from_db()
    assert first.stage == "served"
    assert "Personne n'attend" in call_next(colleague, termine=str(second.pk))


def test_a_desk_that_is_busy_says_whom_it_receives(office, colleague, reception):
    number(office), number(office)
    call_next(colleague, "3")
    assert "Le guichet 3 reçoit déjà A001" in call_next(reception, "3")
    assert "A002 est appelé au guichet 4" in call_next(reception, "4")


def test_every_act_of_the_queue(agenda, type, office, colleague):
    visit = actions.check_in(booked(agenda, type, last_name="Aragon"), office, BY)
    call_next(colleague, "3")
    assert "est appelé au guichet 3" in act(colleague, visit, "call_again")
    assert "C'est noté" in act(colleague, visit, "put_back")
    assert "est appelé au guichet 5" in act(colleague, visit, "call", guichet="5")
    assert "C'est noté" in act(colleague, visit, "finish")
    assert "Un collègue a déjà agi" in act(colleague, visit, "put_back")
    other = number(office)
    act(colleague, other, "leave")
    text = act(colleague, other, "come_back")
    assert "C'est noté" in text
    assert "Choisissez un acte" in act(colleague, other, "nonsense")
    visit.refresh_from_db()
    assert (visit.stage, visit.calls, visit.desk) == ("served", 3, "5")


def test_an_officer_calls_for_what_they_do_and_the_choice_is_kept(agenda, type, office, colleague):
    number(office)
    theirs = number(office, type=type)
    text = call_next(colleague, "3", pour=type.slug)
    assert f"{theirs.ticket} est appelé" in text and f'value="{type.slug}" selected' in text
    assert "Personne n'attend" in call_next(colleague, "4", pour=type.slug)


# The screen ---------------------------------------------------------------------------------------------------------------


def test_the_screen_shows_numbers_and_ends_of_references_and_nobody(agenda, type, office):
    booking = booked(agenda, type, last_name="Aragon", first_names="Louise")
    visit = actions.check_in(booking, office, BY)
    number(office)
    page = Client().get(reverse("booking:screen", args=(office.slug,)))
    assert "Personne n'est appelé" in read(page) and 'http-equiv="refresh"' in read(page)
    actions.call(visit, "3", BY)
    actions.call_next(office, "4", BY)
    text = read(Client().get(reverse("booking:screen", args=(office.slug,))))
    assert f"RDV-{booking.reference[-4:]}" in text and "Guichet 3" in text and "Desk 3" in text
    assert "A001" in text and "Guichet 4" in text and 'aria-live="polite"' in text
    number(office)
    assert "1 personne attend" in read(Client().get(reverse("booking:screen", args=(office.slug,))))
    assert "personne attend" in text and "10:00" in text and "Your number, or the end of" in text, "in both languages"
    for secret in ("Aragon", "Louise", booking.reference, type.name, booking.email):
        assert secret not in text


def test_the_screen_answers_unchanged_for_three_queries_until_something_moves(office, clock):
    visit = number(office)
    seen = screen(office)
    with CaptureQueriesContext(connection) as asked:
        again = screen(office, **{"If-None-Match": seen["ETag"]})
    assert again.status_code == 304 and not again.content and len(asked) == 3
    tags = {seen["ETag"]}
    for move in (
        lambda: actions.call(visit, "3", BY),
        lambda: actions.call(visit, "3", BY),  # called again: to be heard again
        lambda: actions.call(visit, "4", BY),
        lambda: actions.move_visit(visit, "finish", BY),
    ):
        move()
        fresh = screen(office, **{"If-None-Match": seen["ETag"]})
        assert fresh.status_code == 200
        tags.add(fresh["ETag"])
    assert len(tags) == 5
    english = Client(headers={"accept-language": "en"}).get(reverse("booking:screen", args=(office.slug,)), {"vue": "appels"})
    assert english["ETag"] not in tags and "Desk 4" in html.unescape(english.content.decode())
    clock.shift(timedelta(days=1))
    assert "A001" not in screen(office).content.decode()


def test_the_newest_call_is_first_and_the_last_ones_stay(office, clock):
    for desk in range(6):
        visit = number(office)
        actions.call(visit, str(desk), BY)
        clock.shift(timedelta(seconds=30))
        if desk < 4:
            actions.move_visit(visit, "finish", BY)
    text = screen(office).content.decode()
    places = [text.index(f"A00{place}") for place in (6, 5, 4, 3, 2, 1)]
    assert places == sorted(places) and text.index("Derniers appels") < text.index("A004")


def test_any_office_has_its_screen(db):
    assert "Personne n'est appelé" in read(Client().get(reverse("booking:screen", args=(world.an_office().slug,))))
    assert Client().get("/rdv/ecran/nulle-part/").status_code == 404
