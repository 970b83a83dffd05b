"""A whole appointment by the pages, and what is asked when nothing is free: nobody learns who asked but who must."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from guichet.appointments import due
from guichet.appointments.models import Booking, Slot
from guichet.core.models import Event
from guichet.messaging import due as messaging
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.contracts.test_logs import stream as stream  # a fixture
from tests.web_booking.conftest import solved, typed

NAME, FIRST, BORN_AS = "Zébulonovitch", "Wilhelmine", "Kryptonova"
OF_HERS = {
    "last_name": NAME,
    "first_names": FIRST,
    "birth_name": BORN_AS,
    "email": "wilhelmine@courrier-secret.example",
    "email_again": "wilhelmine@courrier-secret.example",
    "phone": "06 98 76 54 32",
    "access": "chaise roulante",
    "companion": "Maître Tournesol",
    "interpreter": "ouzbek",
}
SECRETS = (NAME, FIRST, BORN_AS, "courrier-secret", "98765432", "98 76 54", "roulante", "Tournesol", "ouzbek")
IN_A_MAIL = SECRETS[2:]  # all but the name that greets her


def sent_to(answers):
    """The addresses that a browser was sent to."""
    return [answer["Location"] for answer in answers if answer.has_header("Location")]


@pytest.fixture
def asked(visitor, slot):
    """Her appointment, from the conditions to the end: the booking, and every answer on the way."""
    answers = [visitor.accepts(), visitor.takes(slot), visitor.passes(), visitor.gives(**OF_HERS), visitor.finishes()]
    booking = Booking.objects.get(state="to_confirm")
    return booking, answers


def test_from_the_first_page_to_the_last_nothing_of_hers_is_logged_or_in_an_address(stream, visitor, agenda, asked):
    booking, answers = asked
    token, later = world.token(booking), world.a_slot(agenda, starts_in=timedelta(days=6))
    reader = Client(headers={"Accept-Language": "fr"})
    answers += [reader.get(f"/rdv/demande/{token}/"), reader.post("/rdv/demande/confirmer/")]
    answers += [reader.post("/rdv/demande/deplacer/", {"plage": later.pk})]
    answers += [reader.get("/rdv/demande/convocation.pdf"), reader.get("/rdv/demande/rendez-vous.ics")]
    answers += [Client().post("/rdv/gerer/", {"reference": booking.reference, "email": OF_HERS["email"]})]
    answers += [reader.post("/rdv/demande/annuler/")]
    due.give_places_back()
    while messaging.deliver():
        pass
    assert Booking.objects.get(pk=booking.pk).state == "cancelled"
    assert {answer.status_code for answer in answers} == {200, 302}
    for secret in (*SECRETS, booking.reference, token):
        assert not [each for each in sent_to(answers) if secret in each], secret
    stream.assert_silent_on(*SECRETS, booking.reference, token)
    assert "booking:link" in stream.text.getvalue(), "the requests are logged"


def test_what_happened_is_recorded_without_whom(asked):
    _booking, _answers = asked
    told = " ".join(f"{event.data} {event.actor_kind} {event.actor_id}" for event in Event.objects.all())
    assert {event.subject_kind for event in Event.objects.all()} >= {"booking"}
    assert not [secret for secret in SECRETS if secret in told]


def test_her_mails_hold_her_name_and_nothing_else_of_hers(visitor, agenda, type, asked):
    booking, _answers = asked
    reader = Client(headers={"Accept-Language": "fr"})
    reader.get(f"/rdv/demande/{world.token(booking)}/")
    reader.post("/rdv/demande/confirmer/")
    reader.post("/rdv/demande/deplacer/", {"plage": world.a_slot(agenda, starts_in=timedelta(days=6)).pk})
    reader.post("/rdv/demande/annuler/")
    Slot.objects.filter(agenda=agenda).update(released_at=world.clock.now() + timedelta(days=1))
    visitor.accepts()
    visitor.post("attente/", typed(**OF_HERS))
    visitor.post("attente/controle/", {"proof": proof(visitor, "attente/controle/")})
    mails = list(OutboxMessage.objects.filter(address=OF_HERS["email"]))
    assert {mail.template for mail in mails} >= {
        "appointment_asked", "appointment_confirmed", "appointment_moved", "appointment_cancelled", "waiting_joined",
    }  # fmt: skip
    for mail in mails:
        assert not [secret for secret in IN_A_MAIL if secret in f"{mail.subject}\n{mail.body}"], mail.template
        assert NAME.upper() not in mail.subject.upper(), mail.template


def proof(visitor, page):
    shown = visitor.get(page).content.decode()
    return solved(json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', shown)[1])))


def test_whoever_shares_a_computer_after_her_finds_nothing_in_the_cache(visitor, slot, asked):
    for page in ("", "descriptif/", "creneaux/", "controle/", "coordonnees/", "valider/", "termine/", "adresse/"):
        assert "no-store" in visitor.get(page)["Cache-Control"], page
    reader = Client()
    for page in (f"{world.token(asked[0])}/", "", "annuler/", "deplacer/"):
        assert "no-store" in reader.get(f"/rdv/demande/{page}")["Cache-Control"], page


def test_the_public_grid_says_neither_how_many_nor_who(visitor, slot, asked):
    page = Client(headers={"Accept-Language": "fr"}).get(f"{visitor.base}creneaux/", {"vue": "grille"}).content.decode()
    assert not [secret for secret in SECRETS if secret in page]
    assert asked[0].reference not in page and "data-taken" not in page
