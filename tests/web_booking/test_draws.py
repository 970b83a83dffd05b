"""Draws at their pages: registering without scripts, changing one's mind, reading and checking what is published."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guichet.appointments import actions
from guichet.appointments.draws import running
from guichet.appointments.keys import token_of_registration
from guichet.appointments.models import Draw, DrawRegistration
from guichet.appointments.queries import situations
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from tests.appointments.draw_world import a_draw, after, close, enter, ids, register, run, token
from tests.typography import keyboard
from tests.web_booking.conftest import typed
from tests.web_booking.participants import Participant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("light_check")]


def test_somebody_registers_from_the_type_to_the_mail(draw, somebody):
    front = keyboard(somebody.browser.get(f"/rdv/{draw.type.office.slug}/{draw.type.slug}/").content.decode())
    assert f'href="{somebody.base}"' in front and "L'ordre d'arrivée ne compte pas" in front
    assert "M'inscrire au tirage" in somebody.text()
    own = ids(draw)
    assert somebody.wishes(own[1], own[0]).url == f"{somebody.base}coordonnees/"
    assert somebody.post("coordonnees/", typed()).url == f"{somebody.base}controle/"
    assert somebody.passes().url == f"{somebody.base}inscrit/"
    made = DrawRegistration.objects.get()
    assert (made.wishes, made.last_name, made.language) == ([own[1], own[0]], "Lopez", "fr")
    done = somebody.text("inscrit/")
    assert "maria@example.org" in done and made.public_id not in done  # the code goes by mail: the address is proved by it
    assert "Il reste un clic" in done and "vous ne participez pas au tirage" in done
    assert f"/rdv/inscription/{token(made)}/" in OutboxMessage.objects.get().body
    assert somebody.get("coordonnees/").url == f"{somebody.base}inscrit/"


def test_the_mailed_link_asks_for_a_click_and_looking_is_not_clicking(draw, somebody):
    made = enter(draw, ids(draw)[:1])
    browser = somebody.browser
    browser.get(f"/rdv/inscription/{token(made)}/")
    page = keyboard(browser.get("/rdv/inscription/").content.decode())
    assert "À confirmer avant" in page and "Confirmer mon inscription" in page and made.public_id not in page
    assert browser.get("/rdv/inscription/confirmer/").url == "/rdv/inscription/"
    made.refresh_from_db()
    assert made.confirmed_at is None
    assert browser.post("/rdv/inscription/confirmer/").url == "/rdv/inscription/"
    page = html.unescape(keyboard(browser.get("/rdv/inscription/").content.decode()))
    assert "C'est confirmé" in page and made.public_id in page and "Confirmer mon inscription" not in page
    made.refresh_from_db()
    assert made.confirmed_at is not None


def test_a_click_that_comes_too_late_is_told_so():
    draw = a_draw(confirmation_minutes=600)
    made = enter(draw, ids(draw)[:1])
    browser = Client()
    with after(made.confirm_until):
        browser.get(f"/rdv/inscription/{token(made)}/")
        page = keyboard(browser.get("/rdv/inscription/").content.decode())
        assert "Non confirmée à temps" in page and "Confirmer mon inscription" not in page and "Changer mes vœux" not in page
        assert "Le délai pour confirmer" in keyboard(browser.post("/rdv/inscription/confirmer/", follow=True).content.decode())


def test_a_code_is_found_in_the_published_outcome_however_it_is_typed(draw, somebody):
    rows = [register(draw, ids(draw)[:1]) for _ in range(2)]
    assert "Voir mon résultat" not in somebody.text()
    run(draw)
    told = set()
    for row in rows:
        page = keyboard(somebody.get("", code=f" {row.public_id.lower().replace('-', ' ')} ").content.decode())
        assert row.public_id in page and "sur 2 dans le tirage" in page
        told |= {words for words in ("Une place pour vous", "Pas de place cette fois") if f"{words}</h2>" in page}
        told |= {"place"} if re.search(r"Place : lundi \d+ \w+, 09:00", page) else set()
    assert told == {"Une place pour vous", "Pas de place cette fois", "place"}
    for unknown in ("AAAA-AAAA-AAAA", "%", "AAAA-AAAA-AAAA-AAAA", "0000-1111-OOOO", '","kind', "é" * 50):
        assert "Ce code n'est pas dans le résultat" in keyboard(somebody.get("", code=unknown).content.decode())


def test_the_question_is_enough_without_scripts(draw, somebody, monkeypatch):
    monkeypatch.setattr("guichet.core.questions.is_right", lambda pick, answer: answer == "right")
    somebody.wishes(ids(draw)[0])
    somebody.post("coordonnees/", typed())
    page = somebody.get("controle/", question=1).content.decode()
    token = re.search(r'name="question" value="([^"]+)"', page)[1]
    assert somebody.post("controle/", {"question": token, "answer": "wrong"}).status_code == 422
    token = re.search(r'name="question" value="([^"]+)"', somebody.get("controle/").content.decode())[1]
    assert somebody.post("controle/", {"question": token, "answer": "right"}).status_code == 302
    assert DrawRegistration.objects.count() == 1


def test_wishes_are_numbered_lists_of_every_slot_with_its_day(draw, somebody):
    page = somebody.text("inscription/")
    assert page.count("<select") == 5 and page.count("<optgroup") == 25
    assert "Vœu n° 1" in page and "Vœu n° 5" in page
    label = re.search(r"<option value=\"\d+\">([^<]+)</option>", page)[1]
    assert re.fullmatch(r"lundi \d+ \w+, 09:00", label)


def test_wishes_are_mended_with_words(draw, somebody):
    own = ids(draw)
    for wishes, words in (
        ((), "Choisissez au moins une plage"),
        ((own[0], own[0]), "Cette plage est déjà dans vos vœux"),
    ):
        response = somebody.wishes(*wishes)
        assert response.status_code == 422 and words in keyboard(response.content.decode())
    assert somebody.wishes("999999999").status_code == 422
    unread = somebody.wishes(own[0], accepted=False)
    assert unread.status_code == 422 and "Lisez les conditions" in keyboard(unread.content.decode())


def test_nothing_is_skipped(draw, somebody):
    assert somebody.get("coordonnees/").url == somebody.get("controle/").url == f"{somebody.base}inscription/"
    assert somebody.get("inscrit/").url == somebody.base
    somebody.wishes(ids(draw)[0])
    assert somebody.get("controle/").url == f"{somebody.base}coordonnees/"
    assert not DrawRegistration.objects.exists()


def test_a_person_who_is_registered_is_told_so_without_learning_anything(draw, somebody):
    own = ids(draw)
    somebody.registers(own[0])
    actions.confirm_registration(token(DrawRegistration.objects.get()))
    other = Participant(draw)
    response = other.registers(own[1], email="x@example.org", email_again="x@example.org")
    page = keyboard(other.browser.get(response.url).content.decode())
    assert "une personne, une inscription" in page and "maria@" not in page
    assert DrawRegistration.objects.get().public_id not in page


def test_the_form_sent_twice_registers_once(draw, somebody):
    somebody.wishes(ids(draw)[0])
    session = dict(somebody.browser.session)
    somebody.post("coordonnees/", typed())
    assert somebody.passes().url == f"{somebody.base}inscrit/"
    again = Participant(draw)
    again.browser.get(again.base)
    kept = again.browser.session
    kept.update(session)
    kept.save()
    again.post("coordonnees/", typed())
    assert again.passes().url == f"{again.base}inscrit/"
    assert DrawRegistration.objects.count() == 1


def test_a_student_says_who_they_are_and_comes_back_to_the_draw(monkeypatch):
    draw = a_draw(identity="student", window_months_before_permit_end=None)
    student = Participant(draw)
    identity = f"/rdv/{draw.type.office.slug}/{draw.type.slug}/identite/"
    assert student.wishes(ids(draw)[0]).url == identity
    assert student.get("coordonnees/").url == identity
    student.browser.post(f"{identity}ine/", {"ine": "0123456789A", "birth_name": "Lopez"})
    ends = clock.today() + timedelta(days=30)
    student.browser.post(
        f"{identity}verifier/",
        {
            "stay_kind": "visa",
            "stay_ends_on_day": ends.day,
            "stay_ends_on_month": ends.month,
            "stay_ends_on_year": ends.year,
        },
    )
    response = student.browser.post(f"{identity}situation/", {"situation": situations()[0].id})
    assert response.url == f"{student.base}coordonnees/"
    assert "LOPEZ" in student.text("coordonnees/").upper()
    contact = {name: value for name, value in typed().items() if name in ("email", "email_again", "phone")}
    student.post("coordonnees/", contact)
    assert student.passes().url == f"{student.base}inscrit/"
    made = DrawRegistration.objects.get()
    assert made.situation == situations()[0].id and made.last_name.upper() == "LOPEZ"


def test_the_mailed_link_shows_changes_and_takes_back(draw, somebody):
    own = ids(draw)
    made = register(draw, own[:2])
    browser = somebody.browser
    assert browser.get("/rdv/inscription/")["Location"] == "/rdv/gerer/"
    response = browser.get(f"/rdv/inscription/{token_of_registration(made.request_key)}/")
    assert response.url == "/rdv/inscription/"
    page = keyboard(browser.get(response.url).content.decode())
    assert made.public_id in page and "Changer mes vœux" in page
    assert browser.post("/rdv/inscription/voeux/", {"wish_1": own[4]}).url == "/rdv/inscription/"
    made.refresh_from_db()
    assert made.wishes == [own[4]]
    assert browser.post("/rdv/inscription/voeux/", {}).status_code == 422
    assert DrawRegistration.objects.count() == 1 and browser.get("/rdv/inscription/quitter/").status_code == 200
    assert DrawRegistration.objects.count() == 1  # looking leaves nothing
    assert browser.post("/rdv/inscription/quitter/").url == somebody.base
    assert not DrawRegistration.objects.exists()
    assert browser.get("/rdv/inscription/un-lien-qui-n-existe-pas/").url == "/rdv/gerer/"


def test_after_the_deadline_the_link_only_shows(draw, somebody):
    made = register(draw, ids(draw)[:1])
    close(draw)
    browser = somebody.browser
    browser.get(f"/rdv/inscription/{token_of_registration(made.request_key)}/")
    page = keyboard(browser.get("/rdv/inscription/").content.decode())
    assert "Changer mes vœux" not in page and "Les inscriptions sont terminées" in page
    for act in ("voeux", "quitter"):
        assert browser.post(f"/rdv/inscription/{act}/", {"wish_1": 1}).url == "/rdv/inscription/"
    assert somebody.get("inscription/").url == somebody.base
    assert DrawRegistration.objects.count() == 1


def test_the_page_says_where_the_draw_stands_in_words(draw, somebody):
    assert "Inscriptions ouvertes" in somebody.text() and draw.list_hash == ""
    assert somebody.get("liste.jsonl").status_code == somebody.get("resultat.jsonl").status_code == 404
    register(draw, ids(draw)[:1])
    with after(draw.closes_at):
        assert "La liste sera publiée ici" in somebody.text()
    close(draw)
    page = somebody.text()
    assert "Personne ne connaît encore la graine" in page and draw.list_hash in page
    assert somebody.get("resultat.jsonl").status_code == 404
    with after(draw.draws_at):
        running.read_seeds()
        assert "les places sont en train d'être données" in somebody.text()
    run_on(draw)
    page = somebody.text()
    assert "Tirage fait" in page and draw.seed in page and "Démonstration" in page
    assert "liste-" in page and "--empreinte" in page


def run_on(draw):
    with after(draw.draws_at):
        running.give_due()
    draw.refresh_from_db()
    assert draw.state == Draw.State.DRAWN


def test_whoever_won_and_whoever_did_not_read_it_by_their_link(draw):
    rows = [register(draw, ids(draw)[:1]) for _ in range(2)]
    run(draw)
    told = set()
    for row in rows:
        browser = Client()
        browser.get(f"/rdv/inscription/{token_of_registration(row.request_key)}/")
        page = keyboard(browser.get("/rdv/inscription/").content.decode())
        told |= {words for words in ("Une place pour vous", "Pas de place cette fois") if words in page}
    assert told == {"Une place pour vous", "Pas de place cette fois"}


def test_nobody_is_named_where_everybody_reads(draw, somebody):
    rows = [register(draw, ids(draw)[:1]) for _ in range(3)]
    run(draw)
    for page in ("", "liste.jsonl", "resultat.jsonl"):
        read = somebody.get(page).content.decode()
        assert not any(secret in read for row in rows for secret in (row.last_name, row.email, row.phone, row.person_key))


def test_the_list_of_draws_and_unknown_ones(draw, somebody):
    page = keyboard(somebody.browser.get(f"/rdv/{draw.type.office.slug}/{draw.type.slug}/tirage/").content.decode())
    assert somebody.base in page and "Inscriptions ouvertes" in page
    assert somebody.browser.get(f"/rdv/{draw.type.office.slug}/{draw.type.slug}/tirage/2020-01-01/").status_code == 404


def test_pages_of_a_draw_cost_as_much_whoever_takes_part(draw):
    def costs(path):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(path).status_code == 200
        return len(captured)

    base = Participant(draw).base
    pages = [base, f"{base}inscription/", f"/rdv/{draw.type.office.slug}/{draw.type.slug}/tirage/"]
    before = [costs(page) for page in pages + pages][len(pages) :]  # the first look of a process reads the type too
    for _ in range(6):
        register(draw, ids(draw)[:3])
    assert [costs(page) for page in pages] == before
    assert max(before) <= 6


def test_pages_are_read_in_english(draw):
    reader = Participant(draw, language="en")
    page = reader.get().content.decode()
    assert "Register for the draw" in page and "Inscri" not in page
    wishes = reader.get("inscription/").content.decode()
    assert "Wish 1" in wishes and "Monday" in wishes
    reader.registers(ids(draw)[0])
    assert DrawRegistration.objects.get().language == "en"
    assert "Confirm your registration for the draw" in OutboxMessage.objects.get().subject
