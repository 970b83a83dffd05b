"""A student says who they are on the pages: by INE, or by a code received; the right time is told where it bites."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache

from guichet.appointments import actions, keys
from guichet.appointments import queries as appointments
from guichet.appointments.bookings.telling import documents_of
from guichet.appointments.models import AccessCode, AppointmentType, Booking, ComeBack
from guichet.core import clock
from guichet.messaging.models import OutboxMessage
from guichet.registries import actions as registries
from guichet.registries import queries
from tests.appointments import world
from tests.typography import keyboard
from tests.web_booking.conftest import Visitor

LOPEZ, BENALI = "0123456789A", "012345678BC"


@pytest.fixture(autouse=True)
def no_tries_yet(db):
    cache.clear()


@pytest.fixture
def type(agenda):
    return world.a_type(agenda, identity="student", window_months_before_permit_end=2)


@pytest.fixture
def student(visitor):
    visitor.accepts()
    return visitor


def text_of(response):
    return keyboard(response.content.decode()).replace("&#x27;", "'")


def goes_to(response, page):
    return response.status_code == 302 and response["Location"].endswith(f"/{page}")


def tries(visitor, name, ine):
    visitor.post("identite/", {"institution": "saint-etienne"})
    return visitor.post("identite/ine/", {"birth_name": name, "ine": ine})


def date_of(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def asked(days=30, **changes):
    return {
        "last_name": "Núñez-Lê",
        "first_names": "Ana",
        "birth_date_day": "5",
        "birth_date_month": "4",
        "birth_date_year": "2003",
        "email": "ana@example.org",
        "email_again": "ana@example.org",
        "situation": "renewal",
        "stay_kind": "permit",
        **date_of("stay_ends_on", clock.today() + timedelta(days=days)),
        **changes,
    }


def code_of_the_mail():
    body = OutboxMessage.objects.filter(template="access_code").latest("pk").body
    return re.search(r"^[2-9A-Z]{5} [2-9A-Z]{5}$", body, re.M)[0]


# By INE --------------------------------------------------------------------------------------------------------------------


def test_from_the_institution_to_a_place_held_under_the_ine(student, slot):
    assert goes_to(student.post("identite/", {"institution": "saint-etienne"}), "identite/ine/")
    assert goes_to(student.post("identite/ine/", {"birth_name": " lópez", "ine": "0123 456 789a"}), "identite/verifier/")
    page = text_of(student.get("identite/verifier/"))
    for said in ("LOPEZ", "Maria", "Université Jean-Monnet", "Oui, ces informations sont exactes"):
        assert said in page
    assert LOPEZ not in page, "the number is not shown back"
    assert goes_to(student.post("identite/verifier/"), "identite/situation/")
    page = text_of(student.get("identite/situation/"))
    assert "Passeport" in page and "Visa de long séjour et preuve de sa validation en ligne" in page
    assert goes_to(student.post("identite/situation/", {"situation": "renewal"}), "descriptif/")
    page = text_of(student.get("descriptif/"))
    assert "Maria LOPEZ" in page and "Carte de séjour actuelle" in page and "Visa de long séjour" not in page
    assert f'href="{student.base}identite/situation/"' in page, "back is where one comes from"
    student.takes(slot)
    student.passes()
    assert Booking.objects.get().person_key == keys.of_number("ine", LOPEZ)
    page = text_of(student.get("coordonnees/"))
    assert "LOPEZ" in page and "Maria" in page and 'name="last_name"' not in page, "what is known is not typed again"
    assert 'name="birth_date_day"' not in page
    student.gives(last_name="Revendeur", first_names="Jean", birth_date_year="1980")
    assert "LOPEZ" in text_of(student.get("valider/"))
    student.finishes()
    booking = Booking.objects.get(state="to_confirm")
    known = queries.find_student(LOPEZ)
    assert (booking.last_name, booking.first_names, booking.birth_date) == ("LOPEZ", "Maria", known.birth_date)
    assert booking.situation == "renewal"
    assert "Carte de séjour actuelle" not in OutboxMessage.objects.get(template="appointment_asked").body
    actions.confirm(world.token(booking))
    for paper in ("Passeport", "Carte de séjour actuelle"):
        assert f"- {paper}" in OutboxMessage.objects.get(template="appointment_confirmed").body
    (printed,) = [each for each in documents_of(booking) if each["fr"] == "Carte de séjour actuelle"]
    assert printed["en"] == "Current residence permit"


def test_a_place_held_under_one_number_is_not_finished_under_another(student, slot):
    """Two students, one browser: the second is not given what the first held."""
    for ine, name in ((LOPEZ, "LOPEZ"), (BENALI, "BENALI")):
        tries(student, name, ine)
        student.post("identite/verifier/")
        student.post("identite/situation/", {"situation": "renewal"})
        if ine == LOPEZ:
            student.takes(slot)
            student.passes()
            assert student.get("coordonnees/").status_code == 200
    assert student.get("coordonnees/").status_code == 302
    student.gives()
    student.finishes()
    assert not Booking.objects.exclude(state="held").exists()


@pytest.mark.parametrize(("name", "ine"), [("BENALI", LOPEZ), ("LOPEZ", "9999999999Z")])
def test_what_does_not_match_shows_the_way_by_code_and_keeps_what_was_typed(student, name, ine):
    answer = tries(student, name, ine)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Aucun étudiant ne correspond" in page and "identite/code/demander/" in page and ine in page and name in page


def test_a_number_of_the_wrong_shape_says_what_an_ine_is(student):
    assert "Un INE a 11 caractères" in text_of(tries(student, "LOPEZ", "12345"))


def test_a_register_that_is_down_is_told_as_such_with_the_way_by_code(student):
    answer = tries(student, "LOPEZ", "0123456709A")
    assert answer.status_code == 503
    assert "ne répond pas" in text_of(answer) and "identite/code/demander/" in text_of(answer)


def test_too_many_tries_are_told(student):
    answers = [tries(student, "SMITH", LOPEZ).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]


def test_a_step_is_not_skipped(visitor):
    for page in ("", "ine/", "verifier/", "situation/", "trop-tot/", "autre/", "code/demander/", "code/envoye/"):
        answer = visitor.get(f"identite/{page}")
        assert goes_to(answer, "admission/"), page
    visitor.accepts()
    for page in ("verifier/", "situation/", "trop-tot/"):
        assert goes_to(visitor.get(f"identite/{page}"), "identite/"), page
    tries(visitor, "LOPEZ", LOPEZ)
    assert goes_to(visitor.post("identite/situation/", {"situation": "renewal"}), "identite/"), "the identity was not checked"


def test_slots_are_not_given_to_who_is_not_known_or_comes_too_early(student, slot):
    """By the address of a later page: back to who one is, before any choice or check was made for nothing."""
    assert goes_to(student.get("descriptif/"), "identite/")
    assert goes_to(student.takes(slot), "identite/")
    assert "Dites d'abord qui vous êtes" in text_of(student.get("identite/"))
    tries(student, "BENALI", BENALI)
    student.post("identite/verifier/")
    assert goes_to(student.post("identite/situation/", {"situation": "renewal"}), "identite/trop-tot/")
    assert goes_to(student.get("descriptif/"), "identite/")
    assert goes_to(student.takes(slot), "identite/")


def test_another_identity_takes_the_place_of_the_first(student):
    tries(student, "LOPEZ", LOPEZ)
    student.post("identite/verifier/")
    student.post("identite/situation/", {"situation": "renewal"})
    assert [way["identified"] for way in student.browser.session["rdv_ways"].values()] == [
        "Maria LOPEZ – Renouveler ma carte de séjour étudiant"
    ]
    tries(student, "BENALI", BENALI)
    assert "BENALI" in text_of(student.get("identite/verifier/"))
    (way,) = student.browser.session["rdv_ways"].values()
    assert "person_key" not in way


def test_what_the_register_does_not_know_of_the_permit_is_asked(student):
    registries.write_students([replace(queries.find_student(LOPEZ), stay_kind=None, stay_ends_on=None)])
    tries(student, "LOPEZ", LOPEZ)
    assert "ne connaît pas la fin de votre titre" in text_of(student.get("identite/verifier/"))
    assert student.post("identite/verifier/").status_code == 422
    ends_on = clock.today() + timedelta(days=20)
    answer = student.post("identite/verifier/", {"stay_kind": "visa", **date_of("stay_ends_on", ends_on)})
    assert goes_to(answer, "identite/situation/")
    student.post("identite/situation/", {"situation": "after_visa"})
    (way,) = student.browser.session["rdv_ways"].values()
    assert way["permit_ends_on"] == ends_on.isoformat()


# The right time ------------------------------------------------------------------------------------------------------------


def test_too_early_says_when_and_promises_a_mail_once(student, slot):
    tries(student, "BENALI", BENALI)
    student.post("identite/verifier/")
    assert goes_to(student.post("identite/situation/", {"situation": "renewal"}), "identite/trop-tot/")
    assert "Revenez à partir du" in text_of(student.get("identite/trop-tot/"))
    for _ in range(2):
        assert goes_to(student.post("identite/trop-tot/", {"email": "y@example.org"}), "identite/trop-tot/")
    assert "C'est noté : nous écrirons à y@example.org" in text_of(student.get("identite/trop-tot/"))
    promised = ComeBack.objects.get()
    assert (promised.name, promised.email) == ("Yasmine BENALI", "y@example.org")
    assert goes_to(student.takes(slot), "identite/")
    assert not Booking.objects.exists()


def test_a_lost_card_does_not_wait_for_its_end(student, slot):
    tries(student, "BENALI", BENALI)
    student.post("identite/verifier/")
    student.post("identite/situation/", {"situation": "renewal"})
    assert "perdue, volée ou abîmée" in text_of(student.get("identite/trop-tot/"))
    assert goes_to(student.post("identite/situation/", {"situation": "duplicate"}), "descriptif/")
    assert goes_to(student.takes(slot), "controle/")
    student.passes()
    assert Booking.objects.get().person_key == keys.of_number("ine", BENALI)


def test_what_is_seen_of_the_date_says_why_weeks_open_and_that_it_does_not_move(student, type, slot):
    tries(student, "LOPEZ", LOPEZ)
    student.post("identite/verifier/")
    student.post("identite/situation/", {"situation": "renewal"})
    page = text_of(student.get("descriptif/"))
    assert "Votre titre ou visa se termine le" in page and "semaine en semaine" in page
    AppointmentType.objects.filter(pk=type.pk).update(
        may_move=False, texts={"moving": {"fr": "Pas en ligne.", "en": "Not online."}}
    )
    assert "Pas en ligne." in text_of(student.get("descriptif/"))


def test_the_list_to_print_is_that_of_the_situation(student, monkeypatch):
    printed = []
    monkeypatch.setattr(
        "guichet.web.booking.choosing.document_list_pdf", lambda data, language: printed.append(data) or b"%PDF-"
    )
    student.get("documents.pdf")
    tries(student, "LOPEZ", LOPEZ)
    student.post("identite/verifier/")
    student.post("identite/situation/", {"situation": "renewal"})
    student.get("documents.pdf")
    every, own = ([section["title"]["fr"] for section in data["sections"]] for data in printed)
    assert len(every) == 1 + len(appointments.situations()) and own[1:] == ["Renouveler ma carte de séjour étudiant"]


def test_an_empty_form_is_no_number_that_does_not_work(student):
    assert "ne marche toujours pas" not in text_of(tries(student, "LOPEZ", ""))
    assert "ne marche toujours pas" in text_of(tries(student, "LOPEZ", "12345"))


def test_a_permit_that_has_ended_turns_nobody_away(student, slot):
    student.post("identite/code/demander/", asked(days=-10))
    answer = student.post("identite/code/", {"last_name": "nunez le", "code": code_of_the_mail()})
    assert goes_to(answer, "descriptif/")
    page = text_of(student.get("descriptif/"))
    assert "prenez la première plage libre" in page


# By code -------------------------------------------------------------------------------------------------------------------


def test_the_other_institution_leads_to_a_code_and_the_code_to_a_place(student, slot):
    assert goes_to(student.post("identite/", {"institution": "other"}), "identite/autre/")
    page = text_of(student.get("identite/autre/"))
    assert "J'ai reçu mon code d'accès" in page and "Demander un code d'accès" in page
    assert goes_to(student.post("identite/code/demander/", asked()), "identite/code/envoye/")
    page = text_of(student.get("identite/code/envoye/"))
    assert "ana@example.org" in page and "spam" in page and "Recommencer la demande" in page
    elsewhere = Visitor(student.type)  # the mail is read on a phone: nothing was accepted there
    code = code_of_the_mail()
    assert goes_to(elsewhere.post("identite/code/", {"last_name": " NUNEZ LE ", "code": f" {code.lower()} "}), "descriptif/")
    elsewhere.takes(slot)
    elsewhere.passes()
    assert Booking.objects.get().person_key == AccessCode.objects.get().person_key


def test_a_wrong_code_keeps_the_name_and_says_what_to_do(student):
    student.post("identite/code/demander/", asked())
    answer = student.post("identite/code/", {"last_name": "Núñez-Lê", "code": "22222 22222"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Ce nom et ce code ne vont pas ensemble" in page and "Núñez-Lê" in page and "Demander un nouveau code" in page


def test_the_form_asks_for_what_is_missing_and_sends_nothing(student):
    for wrong, said in (
        ({"email_again": "an@example.org"}, "Les deux adresses ne sont pas les mêmes"),
        ({"first_names": ""}, "cochez que vous n'avez qu'un seul nom"),
        ({"stay_kind": ""}, "Vous êtes en France avec"),
        ({"stay_ends_on_year": "9999"}, "trop lointaine"),
        ({"last_name": "http://x"}, "des lettres seulement"),
    ):
        answer = student.post("identite/code/demander/", asked(**wrong))
        assert answer.status_code == 422 and said in text_of(answer), wrong
    assert not AccessCode.objects.exists() and not OutboxMessage.objects.exists()


def test_somebody_with_a_single_name_gets_a_code(student):
    student.post("identite/code/demander/", asked(first_names="", single_name="on"))
    assert AccessCode.objects.get().display_name == "Núñez-Lê"


def test_the_pages_speak_english(type, slot):
    visitor = Visitor(type, language="en")
    visitor.accepts()
    assert "Your institution" in text_of(visitor.get("identite/"))
    visitor.post("identite/code/demander/", asked())
    assert OutboxMessage.objects.get().language == "en"
    assert "Your access code" in OutboxMessage.objects.get().subject


def test_a_type_that_asks_for_nothing_has_no_such_page(agenda):
    visitor = Visitor(world.a_type(agenda))
    visitor.accepts()
    for page in ("identite/", "identite/code/"):
        assert goes_to(visitor.get(page), "admission/")


def test_the_help_answers_each_question_and_leads_to_the_appointments(client, db):
    page = text_of(client.get("/aide/rendez-vous-etudiant/"))
    anchors = re.findall(r'href="#([\w-]+)"', page[page.index('id="sommaire"') :])
    assert len(anchors) == 10 and all(f'<h2 id="{anchor}"' in page for anchor in anchors)
    assert 'href="/rdv/"' in page
    assert "What is the INE?" in text_of(client.get("/aide/rendez-vous-etudiant/?lang=en"))
