"""The official documents of an application: all are listed, and one that was stopped is no longer given out as if it held."""

import pytest
from django.urls import reverse

from guichet.applications.moves import subject_of
from guichet.core import clock
from guichet.core.dates import day_in_words
from guichet.core.events import Actor
from guichet.permits import actions as permits
from tests.permits.world import ALLOWS
from tests.typography import keyboard
from tests.web_applicant import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(at_home):
    client, person = at_home
    return world.deposited(client, person)


@pytest.fixture
def certificate(application):
    """A prolongation opened as the deposit would have done, with its certificate."""
    data = {"number": application.number, "birth_name": "X", "office_name": "Préfecture", "procedure_title": "Essai"}
    filed = permits.Filed(source=subject_of(application), deposited_on=clock.today(), account=application.filed_by, data=data)
    row = permits.open_prolongation(application.person, filed, permits.Terms(lasts="3 months", allows=ALLOWS, at_once=True))
    return row.certificates.get()


def papers_of(client, application):
    page = keyboard(client.get(reverse("applicant:application", args=[application.number])).content.decode())
    return page.split("Documents officiels")[1].split("</ul>")[0]


def pdf_of(client, certificate):
    return client.get(reverse("applicant:document", args=[certificate.document_number]))


def stop(application):
    permits.stop_by_officer(subject_of(application), Actor("officer", "x"), "Obtenue par fraude.")


def test_a_prolongation_certificate_is_among_the_official_documents(at_home, application, certificate):
    listed = papers_of(at_home[0], application)
    assert certificate.document_number in listed and "En vigueur" in listed
    assert pdf_of(at_home[0], certificate)["Content-Type"] == "application/pdf"


def test_once_stopped_it_is_listed_as_such(at_home, application, certificate):
    stop(application)
    listed = papers_of(at_home[0], application)
    assert certificate.document_number in listed and "Arrêtée" in listed


def test_what_was_stopped_is_not_given_out_as_if_it_held(at_home, application, certificate):
    """Whoever is shown the PDF would believe it: the address says since when it is worth nothing, and where to read why."""
    stop(application)
    answer = pdf_of(at_home[0], certificate)
    assert answer.status_code == 410 and answer["Content-Type"].startswith("text/html")
    page = keyboard(answer.content.decode())
    assert certificate.document_number in page and f"depuis le {day_in_words(clock.today())}" in page
    assert reverse("applicant:application", args=[application.number]) in page


def test_what_was_stopped_says_nothing_to_somebody_else(application, certificate):
    stop(application)
    account, _person = world.a_person()
    assert pdf_of(world.signed_in(account), certificate).status_code == 404
