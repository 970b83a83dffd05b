"""The certificate of a failed attempt, from the page without a free place to the PDF."""

import pytest

from guichet.appointments.models import Attempt
from guichet.messaging.models import OutboxMessage
from tests.appointments import world
from tests.journeys.world import text_of
from tests.web_booking.conftest import Visitor, typed
from tests.web_booking.test_waiting import passes, said


def who(**changes):
    return {name: value for name, value in typed(**changes).items() if name != "phone"}


def records(visitor, **changes):
    visitor.accepts()
    visitor.post("attestation/", who(**changes))
    return passes(visitor, "attestation/controle/")


def test_from_the_form_to_the_pdf(visitor):
    visitor.accepts()
    page = said(visitor.get("attestation/"))
    assert "Il n'ouvre aucun droit" in page and "Une par heure au plus" in page and 'name="phone"' not in page
    assert visitor.post("attestation/", who())["Location"].endswith("/attestation/controle/")
    assert not Attempt.objects.exists()
    assert passes(visitor, "attestation/controle/")["Location"].endswith("/attestation/enregistree/")
    attempt = Attempt.objects.get()
    done = said(visitor.get("attestation/enregistree/"))
    assert attempt.document in done and "maria@example.org" in done
    pdf = visitor.get("attestation/attestation.pdf")
    assert pdf["Content-Type"] == "application/pdf" and "Lopez" in text_of(pdf.content)
    assert OutboxMessage.objects.get().template == "attempt_recorded"


def test_free_places_are_where_one_is_led(visitor, agenda):
    visitor.accepts()
    visitor.post("attestation/", who())
    world.a_slot(agenda)
    assert visitor.get("attestation/controle/")["Location"].endswith("/creneaux/")
    assert "Des plages sont libres" in said(visitor.get("creneaux/"))
    assert not Attempt.objects.exists()


def test_a_place_that_is_freed_during_the_check_is_seen_by_the_server(visitor, agenda, monkeypatch):
    visitor.accepts()
    visitor.post("attestation/", who())
    monkeypatch.setattr("guichet.web.booking.asking.appointments.is_available", lambda type, pool: False)
    world.a_slot(agenda)
    assert passes(visitor, "attestation/controle/")["Location"].endswith("/creneaux/")
    assert not Attempt.objects.exists()


def test_twice_in_an_hour_is_one(visitor):
    records(visitor)
    records(visitor)
    assert Attempt.objects.count() == 1 and OutboxMessage.objects.count() == 1


def test_the_pdf_is_for_the_browser_that_asked(visitor, type):
    records(visitor)
    other = Visitor(type)
    assert other.get("attestation/attestation.pdf").status_code == 404
    other.accepts()
    assert other.get("attestation/enregistree/")["Location"] == other.base


@pytest.mark.parametrize("page", ["attestation/", "attestation/controle/"])
def test_the_conditions_come_first(visitor, page):
    assert visitor.get(page)["Location"] == visitor.base


def test_a_wrong_check_records_nothing(visitor):
    visitor.accepts()
    visitor.post("attestation/", who())
    assert visitor.post("attestation/controle/", {"proof": "x"}).status_code == 422
    assert not Attempt.objects.exists()
