"""The recap shows everything, says what is missing, and deposits once and for all."""

import pytest
from django.urls import reverse

from guichet.applications import actions, queries
from guichet.applications.models import Application
from guichet.messaging.models import OutboxMessage
from guichet.registries.ephoto.port import EPhoto
from tests.web_applicant import world
from tests.web_applicant.world import send, step_url, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(at_home):
    return at_home[0]


@pytest.fixture
def full(client, draft):
    world.fill(client, draft)
    return step_url(draft, "deposit")


def test_everything_is_read_again_with_links_back(client, draft, full):
    page = client.get(full)
    words, html = text_of(page), page.content.decode()
    for said in ("NGUYEN", "20 rue Nationale", "anh@example.org", "Célibataire", "nationality.jpg", "Préfecture du Nord"):
        assert said in words, said
    assert f"{step_url(draft, 'motive')}#id_family-0-situation" in html
    assert f"{step_url(draft, 'documents')}#piece-nationality-0" in html
    assert "Déposer la demande" in words


def test_the_deposit_is_final_and_once(client, draft, full):
    data = world.fields(client.get(full), action=full)
    first = client.post(full, {**data, "observations": "Mon prénom s'écrit Minh-Anh.", "action": "deposit"})
    second = client.post(full, {**data, "observations": "x", "action": "deposit"})
    draft.refresh_from_db()
    confirmation = reverse("applicant:confirmation", args=[draft.number])
    assert first.url == second.url == confirmation
    assert Application.objects.exclude(number=None).count() == 1
    assert OutboxMessage.objects.filter(template="deposit").count() == 1
    assert queries.snapshot(draft).content["observations"] == "Mon prénom s'écrit Minh-Anh."
    assert client.get(full).url == confirmation and client.get(step_url(draft, "motive")).url == confirmation
    assert client.get(reverse("applicant:resume", args=[draft.pk])).url == confirmation


def test_the_confirmation_gives_the_pdf_and_what_to_do_next(client, draft, full):
    page = client.get(send(client, full, press="deposit").url)
    draft.refresh_from_db()
    words = text_of(page)
    for said in (draft.number, "spams", "ameli.fr", "Je donne mon avis", "Étape 5 sur 5"):
        assert said in words, said


def test_observations_are_kept_by_every_button(client, draft, full):
    send(client, full, {"observations": "Bonjour"}, press="previous")
    assert queries.observations(draft) == "Bonjour"
    too_long = send(client, full, {"observations": "x" * 4001}, press="deposit")
    assert too_long.status_code == 200 and "x" * 4001 in too_long.content.decode() and "Raccourcissez" in text_of(too_long)
    draft.refresh_from_db()
    assert draft.number is None


def test_a_deposit_that_lacks_something_lists_it_with_links(client, draft, full):
    documents = queries.documents(draft)
    form = world.fields(client.get(full), action=full)
    send(client, step_url(draft, "documents"), press=f"remove_file:{documents[0].pk}")
    refused = client.post(full, {**form, "action": "deposit"})
    assert refused.status_code == 409
    assert f"#piece-{documents[0].requirement}-0" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.number is None


def test_a_photo_that_has_served_meanwhile_is_told_with_the_way_to_mend_it(client, draft, full, monkeypatch):
    form = world.fields(client.get(full), action=full)
    used = EPhoto(number=world.EPHOTO, photo=b"", signature=b"", status="used")
    monkeypatch.setattr("guichet.applications.ephotos.look_up_ephoto", lambda number: used)
    refused = client.post(full, {**form, "action": "deposit"})
    assert refused.status_code == 409
    assert "Cette e-photo a déjà servi" in text_of(refused)
    assert f'href="{step_url(draft, "documents")}#ephoto"' in refused.content.decode()
    draft.refresh_from_db()
    assert draft.number is None


def test_an_address_whose_commune_is_not_known_is_told_with_the_way_to_mend_it(client, draft, full):
    form = world.fields(client.get(full), action=full)
    stored = queries.answers(draft)["address", 0]
    home = {**stored.payload["home"], "insee_code": "99999"}
    actions.save_section(draft, "address", 0, {"home": home}, {}, stored.revision, draft.filed_by)
    refused = client.post(full, {**form, "action": "deposit"})
    assert refused.status_code == 409
    assert "Choisissez votre commune dans la liste" in text_of(refused)
    assert f'href="{step_url(draft, "personal_information")}#id_address-0-home' in refused.content.decode()


def test_a_birthday_overnight_sends_back_to_what_changed(db, movable_clock):
    world.a_world()
    account, person = world.a_person(birth=world.born(18, -1))
    client = world.signed_in(account)
    draft = world.start(client, person)
    send(client, step_url(draft, "personal_information"), {**world.IDENTITY, "civil_status-0-emancipated": "no"})
    minor = {**world.motive(person), "statements": ["needs_permit_to_work", "knows_penalties"]}
    assert send(client, step_url(draft, "motive"), minor).status_code == 302
    documents = step_url(draft, "documents")
    send(client, documents, {"case-home": "own_home"}, press="update")
    asked = queries.evaluation(draft).requirements()
    assert "parental_agreement" in {each.id for each in asked}
    sent = send(
        client,
        documents,
        {"ephoto": world.EPHOTO, **{f"file-{each.id}-0": world.a_picture(f"{each.id}.jpg") for each in asked}},
    )
    recap = sent.url
    form = world.fields(client.get(recap), action=recap)
    assert "a changé" not in text_of(client.get(step_url(draft, "motive")))
    movable_clock.move(days=1)
    for step in ("motive", "documents", "deposit"):
        assert "Ce qui vous est demandé a changé" in text_of(client.get(step_url(draft, step))), step
    back = client.post(recap, {**form, "action": "deposit"})
    assert back.status_code == 409
    words = text_of(back)
    assert "Ce qui vous est demandé a changé" in words and "attestations" in words
    assert f"{step_url(draft, 'motive')}#attestations" in back.content.decode()
    send(client, step_url(draft, "motive"), {"statements": ["not_polygamous", "knows_penalties"]})
    done = send(client, recap, press="deposit")
    draft.refresh_from_db()
    assert draft.number and done.url.endswith("/confirmation/")
