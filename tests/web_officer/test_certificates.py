"""The officers' page of prolongation certificates: read, issue, stop; read again, confirmed, for a reason."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.applications.moves import subject_of
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events
from guichet.instruction import actions
from guichet.instruction.access import actor
from guichet.instruction.actions import NotAllowed
from guichet.permits import actions as permits
from guichet.permits.models import ProlongationCertificate
from guichet.web.applicant import words as applicant_words
from guichet.web.officer import words as officer_words
from tests.permits.world import ALLOWS

pytestmark = pytest.mark.django_db
REASON = "Dossier déposé tard, pour une hospitalisation."


def promised(application, *, at_once=True):
    """A prolongation opened as the deposit would have done."""
    data = {"number": application.number, "birth_name": "X", "office_name": "Préfecture", "procedure_title": "Essai"}
    filed = permits.Filed(source=subject_of(application), deposited_on=clock.today(), account=application.filed_by, data=data)
    terms = permits.Terms(lasts="3 months", allows=ALLOWS, at_once=at_once)
    return permits.open_prolongation(application.person, filed, terms)


@pytest.fixture
def sheet(application, agent, browse):
    return browse(agent), reverse("officer:certificates", args=[application.number])


def kinds(application):
    return [event.kind for event in events.timeline(subject_of(application))]


def test_a_procedure_without_any_says_so(sheet):
    client, address = sheet
    assert "ne donne pas d'attestation" in client.get(address).content.decode()


def test_what_was_issued_is_read_with_its_document(sheet, application):
    row = promised(application)
    client, address = sheet
    body = client.get(address).content.decode()
    number = row.certificates.get().document_number
    for text in ("En vigueur", number, "Établie d", "Arrêter l'attestation", "sans attendre"):
        assert text in body, text
    pdf = client.get(reverse("officer:official_document", args=[application.number, number]))
    assert pdf.content.startswith(b"%PDF") or b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_issuing_is_read_again_then_confirmed(sheet, application):
    promised(application, at_once=False)
    client, address = sheet
    assert "C'est à vous de décider" in client.get(address).content.decode()
    sent = {"act": "issue_certificate", "issue_certificate-reason": REASON}
    body = client.post(address, {**sent, "action": "preview"}).content.decode()
    assert REASON in body and "Validité" in body
    assert not ProlongationCertificate.objects.exists()
    edited = client.post(address, {**sent, "action": "edit"}).content.decode()
    assert REASON in edited and not ProlongationCertificate.objects.exists()
    done = client.post(address, {**sent, "action": "confirm"}, follow=True).content.decode()
    assert "attestation est établie. La personne est prévenue" in done and REASON in done
    assert ProlongationCertificate.objects.get().issued_by_kind == "officer"
    assert kinds(application)[-1] == "prolongation_issued"


def test_stopping_is_read_again_then_confirmed(sheet, application):
    promised(application)
    client, address = sheet
    sent = {"act": "stop_certificate", "stop_certificate-reason": "Obtenue par fraude."}
    body = client.post(address, {**sent, "action": "preview"}).content.decode()
    assert "perd aujourd'hui sa preuve de séjour" in body
    assert ProlongationCertificate.objects.get().stopped_at is None
    done = client.post(address, {**sent, "action": "confirm"}, follow=True).content.decode()
    assert "Arrêtée par un agent" in done and "Obtenue par fraude." in done
    assert ProlongationCertificate.objects.get().stop_reason == "Obtenue par fraude."
    again = client.post(address, {**sent, "action": "confirm"}, follow=True).content.decode()
    assert "est plus en vigueur" in again


@pytest.mark.parametrize("act", ["issue_certificate", "stop_certificate"])
@pytest.mark.parametrize("action", ["preview", "confirm"])
def test_without_a_reason_nothing_happens(sheet, application, act, action):
    promised(application)
    client, address = sheet
    body = client.post(address, {"act": act, f"{act}-reason": "  ", "action": action}).content.decode()
    assert "Il reste quelque chose à corriger" in body
    assert ProlongationCertificate.objects.get().stopped_at is None


def test_once_decided_nothing_is_offered(sheet, application):
    promised(application)
    permits.end(subject_of(application), by=events.SYSTEM, why="refused")
    client, address = sheet
    body = client.get(address).content.decode()
    assert "il n'y a plus d'attestation à établir" in body and "par le refus" in body and "Relire avant" not in body


def test_with_two_hands_only_who_decides_stops(two_hands_world, browse):
    application = two_hands_world.deposited()
    promised(application)
    address = reverse("officer:certificates", args=[application.number])
    agent = browse(two_hands_world.officers["case_officer"])
    assert "Relire avant d'arrêter" not in agent.get(address).content.decode()
    agent.post(address, {"act": "stop_certificate", "stop_certificate-reason": "Fraude.", "action": "confirm"})
    assert ProlongationCertificate.objects.get().stopped_at is None
    maker = browse(two_hands_world.officers["decision_maker"])
    maker.post(address, {"act": "stop_certificate", "stop_certificate-reason": "Fraude.", "action": "confirm"})
    assert ProlongationCertificate.objects.get().stopped_at is not None


def test_reception_reads_and_may_do_nothing(world, application, browse):
    promised(application)
    client = browse(world.officers["reception"])
    address = reverse("officer:certificates", args=[application.number])
    assert "Relire avant" not in client.get(address).content.decode()
    sent = client.post(address, {"act": "stop_certificate", "stop_certificate-reason": "x", "action": "confirm"})
    assert sent.status_code == 403
    with pytest.raises(NotAllowed):
        actions.stop_certificates(application, world.officers["reception"], "x")


def test_another_office_does_not_see_it(world, application, browse):
    promised(application)
    assert browse(world.elsewhere).get(reverse("officer:certificates", args=[application.number])).status_code == 404


def test_a_refusal_ends_it(application, agent):
    promised(application)
    actions.propose_decision(application, agent, "refusal", motivation="Les articles demandent ce que rien ici ne montre.")
    certificate = ProlongationCertificate.objects.get()
    assert (certificate.stop_code, certificate.stopped_by_kind) == ("refused", "officer")


def test_an_answer_that_moves_the_day_of_silence_is_told_to_the_next_one(application):
    row = promised(application)
    permits.restate(subject_of(application), silence_refuses_on=clock.today() + timedelta(days=99))
    row.refresh_from_db()
    assert row.data["silence_refuses_on"] == (clock.today() + timedelta(days=99)).isoformat()


def test_the_page_costs_the_same_whatever_was_issued(sheet, application, agent):
    row = promised(application)
    client, address = sheet
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _each in range(3):
        permits.stop_by_officer(subject_of(application), actor(agent), "x")
        permits.issue_by_officer(subject_of(application), actor(agent), "x")
    assert row.certificates.count() == 4
    with CaptureQueriesContext(connection) as more:
        client.get(address)
    assert len(more) <= len(one)


def test_every_kind_of_document_about_an_application_has_its_words_on_both_sides():
    kinds = set(OfficialDocument.Kind.values) - {"convocation", "failed_attempt"}  # about appointments
    assert kinds == set(officer_words.DOCUMENTS) == set(applicant_words.DOCUMENTS)


def test_the_review_lists_it_among_the_documents(application, agent, browse):
    promised(application)
    body = browse(agent).get(reverse("officer:review", args=[application.number])).content.decode()
    assert "Attestation de prolongation d" in body
