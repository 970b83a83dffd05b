"""A mistyped address: seen before the end, corrected after it, by the browser that asked."""

import pytest
from django.test import Client

from guichet.appointments.models import Booking
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.web_booking.conftest import Visitor
from tests.web_booking.test_way import text_of, the_booking

WRONG, RIGHT = "maria@gmial.com", "maria@gmail.com"
ADDRESS = "termine/adresse/"


@pytest.fixture
def asked(visitor, slot):
    visitor.asks(slot, email=WRONG, email_again=WRONG)
    return the_booking()


def send(visitor, email=RIGHT, **more):
    return visitor.post(ADDRESS, {"email": email, "email_again": email, **more})


def addresses():
    return sorted(OutboxMessage.objects.values_list("address", flat=True))


# Before the end ---------------------------------------------------------------------------------------------------------------


def test_an_address_that_looks_mistyped_is_asked_about_and_mended_by_a_button(visitor, slot):
    visitor.holds(slot)
    visitor.gives(email=WRONG, email_again=WRONG)
    page = text_of(visitor.get("valider/"))
    assert f"Oui, écrire à {RIGHT}" in page and WRONG in page
    assert visitor.post("valider/", {"ecrire": RIGHT})["Location"].endswith("/valider/")
    page = text_of(visitor.get("valider/"))
    assert RIGHT in page and "Vouliez-vous dire" not in page and WRONG not in page
    visitor.finishes()
    assert addresses() == [RIGHT]


def test_it_is_only_asked_who_knows_better_goes_on(visitor, asked):
    assert addresses() == [WRONG]


def test_no_other_address_can_be_slipped_in(visitor, slot):
    visitor.holds(slot)
    visitor.gives(email=WRONG, email_again=WRONG)
    visitor.post("valider/", {"ecrire": "thief@example.org"})
    assert the_booking().email == WRONG


def test_nothing_is_asked_of_a_usual_address(visitor, slot):
    visitor.holds(slot)
    visitor.gives()
    assert "Vouliez-vous dire" not in text_of(visitor.get("valider/"))


# After the end ----------------------------------------------------------------------------------------------------------------


def test_the_last_page_leads_there_and_the_mail_goes_to_the_right_address(visitor, asked):
    assert ADDRESS in text_of(visitor.get("termine/"))
    page = text_of(visitor.get(ADDRESS))
    assert WRONG in page and f'value="{RIGHT}"' in page, "what was probably meant is proposed"
    assert send(visitor)["Location"].endswith("/termine/")
    assert addresses() == sorted([RIGHT, WRONG])
    page = text_of(visitor.get("termine/"))
    assert f"Le courriel part à {RIGHT}" in page and "Il reste à confirmer" in page
    assert f"Nous avons écrit à {RIGHT}" in page and WRONG not in page


def test_the_old_link_leads_nowhere_and_says_what_to_do(visitor, asked):
    old = world.token(asked)
    send(visitor)
    stranger = Client(headers={"Accept-Language": "fr"})
    answer = stranger.get(f"/rdv/demande/{old}/")
    assert answer["Location"] == "/rdv/gerer/"
    assert "Ouvrez celui du dernier courriel reçu" in text_of(stranger.get("/rdv/gerer/"))


def test_the_same_address_is_written_to_again(visitor, asked):
    answer = visitor.post(ADDRESS, {"encore": "1"})
    assert answer["Location"].endswith("/termine/")
    assert addresses() == [WRONG, WRONG] and the_booking().addresses == 0
    assert "envoyé à nouveau" in text_of(visitor.get("termine/"))


@pytest.mark.parametrize("sent", [{"email": "x"}, {"email": ""}, {"email_again": "other@example.org"}])
def test_a_wrong_form_says_so_and_writes_nothing(visitor, asked, sent):
    answer = visitor.post(ADDRESS, {"email": RIGHT, "email_again": RIGHT, **sent})
    assert answer.status_code == 422 and addresses() == [WRONG]


def test_too_often_says_how_to_get_out(visitor, asked):
    for number in range(3):
        send(visitor, f"maria{number}@example.org")
    answer = send(visitor, "again@example.org")
    assert answer.status_code == 422 and "Annulez la demande" in text_of(answer)


def test_tries_are_counted_by_who_tries(visitor, asked, settings):
    for _number in range(10):
        visitor.post(ADDRESS, {"encore": "1"})
    answer = visitor.post(ADDRESS, {"encore": "1"})
    assert answer.status_code == 422 and addresses() == [WRONG, WRONG]


def test_only_the_browser_that_asked(visitor, asked, type):
    stranger = Visitor(type)
    assert stranger.get(ADDRESS)["Location"] == stranger.base
    assert send(stranger)["Location"] == stranger.base
    assert Booking.objects.get(pk=asked.pk).email == WRONG


def test_once_confirmed_there_is_nothing_to_correct(visitor, asked):
    world.actions.confirm(world.token(asked))
    assert visitor.get(ADDRESS)["Location"].endswith("/termine/")
    assert send(visitor)["Location"].endswith("/termine/") and the_booking().email == WRONG


def test_read_in_another_language_it_keeps_what_was_typed_and_sends_nothing(visitor, asked):
    page = visitor.post(ADDRESS, {"email": "half@", "email_again": "", "_language": "en"})
    assert page.status_code == 200 and 'value="half@"' in text_of(page) and addresses() == [WRONG]
