"""The documents' step: the e-photo, files taken, refused, joined, seen and removed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guichet.applications import queries
from tests.web_applicant import world
from tests.web_applicant.test_lists import cost
from tests.web_applicant.world import EPHOTO, a_picture, send, step_url, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(at_home):
    return at_home[0]


@pytest.fixture
def url(client, draft):
    send(client, step_url(draft, "personal_information"), world.IDENTITY)
    send(client, step_url(draft, "motive"), world.motive(draft.person))
    return step_url(draft, "documents")


def files(draft, requirement="nationality"):
    return [document for document in queries.documents(draft) if document.requirement == requirement]


def test_a_file_is_taken_shown_and_removed(client, draft, url):
    sent = send(client, url, {"file-nationality-0": a_picture("passeport.jpg")}, press="send:piece-nationality-0")
    assert sent.url == f"{url}#piece-nationality-0"
    [given] = files(draft)
    page = client.get(url)
    view = reverse("applicant:draft_file", args=[draft.pk, given.pk])
    assert "passeport.jpg" in text_of(page) and view in page.content.decode()
    shown = client.get(view)
    assert shown["Content-Type"] == "image/jpeg" and shown["Content-Disposition"].startswith("inline")
    assert client.get(reverse("applicant:draft_preview", args=[draft.pk, given.pk])).status_code == 200
    removed = send(client, url, press=f"remove_file:{given.pk}")
    assert removed.url == f"{url}#piece-nationality-0" and files(draft) == []
    assert send(client, url, press=f"remove_file:{given.pk}").status_code == 302  # twice is no error


def test_a_refused_file_is_told_beside_its_document_and_loses_nothing_else(client, draft, url):
    disguised = SimpleUploadedFile("acte.pdf", b"MZ" + b"\0" * 400, content_type="application/pdf")
    page = send(client, url, {"file-identity-0": disguised, "file-nationality-0": a_picture(), "ephoto": EPHOTO})
    html = page.content.decode()
    assert page.status_code == 200 and 'id="piece-identity-0-error"' in html and 'href="#piece-identity-0"' in html
    assert "acte.pdf" in text_of(page)
    assert len(files(draft)) == 1 and queries.ephoto(draft).number == EPHOTO


def test_several_photos_become_one_pdf(client, draft, url):
    pages = [a_picture("1.jpg"), a_picture("2.jpg", color="grey")]
    send(client, url, {"pages-nationality-0": pages}, press="send:piece-nationality-0")
    [given] = files(draft)
    assert given.file.content_type == "application/pdf" and given.file.pages == 2


def test_three_files_are_the_most(client, draft, url):
    sent = [a_picture(f"{number}.jpg", size=(60, 80 + number)) for number in range(4)]
    page = send(client, url, {"file-nationality-0": sent}, press="send:piece-nationality-0")
    assert page.status_code == 200 and "maximum" in text_of(page) and len(files(draft)) == 3
    assert 'id="file-nationality-0"' not in client.get(url).content.decode()


def test_the_script_sends_one_file_and_hears_why_not(client, draft, url):
    address = reverse("applicant:draft_upload", args=[draft.pk, "nationality", 0])
    taken = client.post(address, {"file-nationality-0": a_picture()}, headers={"accept": "application/json"})
    assert taken.json() == {"received": 1}
    refused = client.post(address, {"file": SimpleUploadedFile("vide.jpg", b"")}, headers={"accept": "application/json"})
    assert refused.status_code == 422 and "vide" in refused.json()["error"]
    gone = client.post(reverse("applicant:draft_upload", args=[draft.pk, "parental_agreement", 0]), {"file": a_picture()})
    assert gone.status_code == 409 and "rechargez" in gone.json()["error"]
    assert client.get(address).status_code == 405


def test_the_case_decides_the_documents_and_files_wait_for_their_case(client, draft, url):
    assert "piece-home__" not in client.get(url).content.decode()
    chosen = send(client, url, {"case-home": "hosted"}, press="update:group-home-0")
    assert chosen.url == f"{url}#group-home-0"
    assert "piece-home__host_statement-0" in client.get(url).content.decode()
    send(client, url, {"file-home__host_statement-0": a_picture("attestation.jpg")}, press="send")
    send(client, url, {"case-home": "hotel"}, press="update")
    elsewhere = client.get(url)
    assert "piece-home__host_statement-0" not in elsewhere.content.decode()
    assert "attestation.jpg" in text_of(elsewhere).partition("Fichiers gardés, non transmis")[2]
    send(client, url, {"case-home": "hosted"}, press="update")
    back = client.get(url)
    assert "attestation.jpg" in text_of(back) and "Fichiers gardés" not in text_of(back)


def test_what_is_missing_is_told_and_the_recap_stays_open(client, draft, url):
    page = send(client, url)
    words = text_of(page)
    assert page.status_code == 200 and "Dites quelle est votre situation" in words and "Écrivez le numéro" in words
    assert 'href="#piece-nationality-0"' in page.content.decode()
    later = send(client, url, press="later")
    assert later.url == step_url(draft, "deposit")
    recap = client.get(later.url)
    assert f'{url}#piece-nationality-0"' in recap.content.decode() and f'{url}#ephoto"' in recap.content.decode()
    assert "Déposer la demande" not in text_of(recap)


# The e-photo


def test_a_known_number_shows_photo_and_signature_and_can_be_removed(client, draft, url):
    confirmed = send(client, url, {"ephoto": "1234 5678 9012 3456 7890 12"}, press="confirm_ephoto")
    assert confirmed.url == f"{url}#ephoto"
    html = client.get(url).content.decode()
    for part in ("photo", "signature"):
        address = reverse("applicant:draft_photo", args=[draft.pk, part])
        assert address in html and client.get(address)["Content-Type"].startswith("image/")
    assert client.get(reverse("applicant:draft_photo", args=[draft.pk, "other"])).status_code == 404
    send(client, url, press="remove_ephoto")
    assert queries.ephoto(draft) is None and 'id="id_ephoto"' in client.get(url).content.decode()


@pytest.mark.parametrize(
    ("number", "sentence"), [("1234567890123456789017", "pas connu"), ("1234567890123456789018", "déjà servi")]
)
def test_an_unknown_or_used_number_is_told_and_kept_to_be_mended(client, url, number, sentence):
    page = send(client, url, {"ephoto": number}, press="confirm_ephoto")
    assert page.status_code == 200 and sentence in text_of(page) and f'value="{number}"' in page.content.decode()
    again = client.get(url)
    assert f'value="{number}"' in again.content.decode() and "pas été reconnu" in text_of(again)


def test_a_silent_registry_keeps_the_number_and_lets_one_go_on(client, draft, url):
    number = "1234567890123456780009"
    page = send(client, url, {"ephoto": number}, press="confirm_ephoto")
    assert page.status_code == 200 and "ne répond pas" in text_of(page)
    waiting = client.get(url)
    assert "À vérifier" in text_of(waiting) and f'value="{number}"' in waiting.content.decode()
    assert queries.answers(draft)["e_photo", 0].payload["number"] == number


def test_a_number_of_another_shape_is_asked_to_the_registry_all_the_same(client, draft, url):
    send(client, url, {"ephoto": EPHOTO[:21]}, press="confirm_ephoto")
    assert queries.ephoto(draft).number == EPHOTO[:21]


def test_a_number_typed_is_confirmed_whatever_the_button(client, draft, url):
    send(client, url, {"ephoto": EPHOTO}, press="quit")
    assert queries.ephoto(draft).number == EPHOTO


def test_documents_and_recap_cost_the_same_whatever_the_files(client, draft, url):
    send(client, url, {"case-home": "own_home", "file-nationality-0": a_picture()}, press="update")
    recap = step_url(draft, "deposit")
    few = cost(client, url), cost(client, recap)
    asked = queries.evaluation(draft).requirements()
    sent = {f"file-{each.id}-0": [a_picture(f"{each.id}-{number}.jpg") for number in range(2)] for each in asked}
    send(client, url, sent, press="update")
    assert len(queries.documents(draft)) > 12
    assert (cost(client, url), cost(client, recap)) == few
