"""The review page: everything on one sheet, each act a POST that leads back, nothing opened by looking."""

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import guichet
from guichet.applications import lifecycle
from guichet.instruction import actions, due
from guichet.instruction.actions import AskedItem
from guichet.instruction.models import InternalNote, Review, Verdict
from guichet.messaging.models import Notification
from guichet.web.officer import words
from tests.instruction.world import PNG

pytestmark = pytest.mark.django_db
PACKAGE = Path(guichet.__file__).parent


def page(client, application, query=""):
    return client.get(reverse("officer:review", args=[application.number]) + query)


def post(client, name, application, **data):
    return client.post(reverse(f"officer:{name}", args=[application.number]), data)


def test_taking_up_from_the_page(world, agent, browse):
    application = world.deposited()
    client = browse(agent)
    assert "Prendre en charge" in page(client, application).content.decode()
    response = client.post(reverse("officer:take_up", args=[application.number]), follow=True)
    body = response.content.decode()
    assert "Le dossier vous est confié" in body
    assert "Prendre en charge" not in body
    assert Review.objects.get(application=application).assigned_to == agent


def test_the_sheet_shows_answers_documents_and_history(application, agent, browse):
    body = page(browse(agent), application).content.decode()
    for text in (
        "Amadou DIALLO", application.number, application.person.foreigner_number, "20 Rue Nationale", "Registre",
        "Justificatif de nationalité", "Accepté", "Refusé", "Mon prénom s&#x27;écrit avec un accent.",
        "Dossier pris en charge", "Document refusé : Justificatif de domicile", "Le document est plus ancien",
    ):  # fmt: skip
        assert text in body, text


def test_a_document_is_chosen_by_its_address_and_shown_page_by_page(application, agent, browse):
    client = browse(agent)
    document = application.documents.get(requirement="home")
    body = page(client, application, "?piece=home-0").content.decode()
    picture = reverse("officer:document_page", args=[application.number, document.pk, 1])
    assert f'src="{picture}"' in body
    assert client.get(picture).content == PNG
    download = client.get(reverse("officer:document", args=[application.number, document.pk]))
    assert download["Content-Disposition"].startswith("attachment")
    assert "no-store" in download["Cache-Control"]
    assert client.get(reverse("officer:document_page", args=[application.number, document.pk, 2])).status_code == 404
    assert page(client, application, "?piece=nonsense-9").status_code == 200


def test_accepting_goes_on_to_the_next_document_to_examine(world, agent, browse):
    application = world.deposited()
    actions.take_up(application, agent)
    client = browse(agent)
    response = post(client, "verdict", application, piece="nationality-0", word="accepted")
    assert response["Location"].endswith("?piece=home-0#pieces")
    response = post(client, "verdict", application, piece="home-0", word="rejected", reason="too_old", observation="2024")
    assert response["Location"].endswith("?piece=home-0#pieces")  # nothing else waits
    assert dict(Verdict.objects.values_list("requirement", "word")) == {"nationality": "accepted", "home": "rejected"}


def test_a_rejection_without_a_reason_keeps_what_was_typed(application, agent, browse):
    response = post(
        browse(agent), "verdict", application, piece="home-0", word="rejected", reason="", observation="Illisible <b>"
    )
    body = response.content.decode()
    assert response.status_code == 200
    assert "Choisissez la raison du refus" in body
    assert "<title>Erreur" in body
    assert "Illisible &lt;b&gt;" in body
    assert Verdict.objects.get(requirement="home").observation == "Plus de six mois."


def test_an_act_that_is_no_longer_open_is_told_not_broken(application, agent, browse, requested):
    response = browse(agent).post(
        reverse("officer:verdict", args=[application.number]), {"piece": "nationality-0", "word": "accepted"}, follow=True
    )
    assert response.status_code == 200
    assert "Rechargez la page" in response.content.decode()


def test_notes_and_assignment(world, application, browse, agent):
    client = browse(agent)
    assert "À remplir" in post(client, "note", application, text=" ").content.decode()
    post(client, "note", application, text="Appeler la structure.")
    assert InternalNote.objects.get().text == "Appeler la structure."
    maker = world.officers["decision_maker"]
    administrator = browse(world.officers["office_administrator"])
    assert maker.name.replace("'", "&#x27;") in page(administrator, application).content.decode()
    post(administrator, "assign", application, to=str(maker.pk))
    assert Review.objects.get().assigned_to == maker
    refused = post(administrator, "assign", application, to=str(world.elsewhere.pk))
    assert refused.status_code == 200  # not in the list: the form says so
    assert Review.objects.get().assigned_to == maker
    post(client, "assign", application, me="1")
    assert Review.objects.get().assigned_to == agent


def test_looking_opens_nothing(world, application, requested, browse):
    for officer in world.officers.values():
        client = browse(officer)
        for ask in (client.get, client.head):
            ask(reverse("officer:review", args=[application.number]))
            ask(reverse("officer:queue"))
            ask(reverse("officer:home"))
    requested.refresh_from_db()
    assert requested.opened_at is None
    assert Notification.objects.get().read_at is None


def test_old_and_new_are_side_by_side(world, application, requested, agent, browse):
    account = application.filed_by
    actions.open_complement_request(requested, account)
    home, extra = requested.items.all()
    actions.add_answer_file(requested, home, world.file("nouvelle-facture.png"), account)
    actions.answer_item(requested, home, "update", "", "Voici la dernière.", account)
    actions.answer_item(requested, extra, "keep", "Je n'en ai pas.", "", account)
    client = browse(agent)
    assert "nouvelle-facture.png" not in page(client, application, "?piece=home-0").content.decode()
    new = application.documents.get(round=1)
    assert client.get(reverse("officer:document", args=[application.number, new.pk])).status_code == 404
    actions.send_answers(requested, account)
    body = page(client, application, "?piece=home-0").content.decode()
    for text in ("Fourni au dépôt", "facture.png", "Réponse au complément n° 1", "nouvelle-facture.png", "Voici la dernière."):
        assert text in body, text
    never_given = page(client, application, "?piece=extra-1-0").content.decode()
    assert "Je n&#x27;en ai pas." in never_given and "maintient le document" not in never_given


def test_the_term_that_passed_is_not_counted_as_a_reminder(application, requested, agent, browse, movable_clock):
    actions.open_complement_request(requested, application.filed_by)
    movable_clock.move(days=23)
    due.remind_before_term()
    movable_clock.move(days=8)
    due.tell_term_passed()
    body = page(browse(agent), application).content.decode()
    assert "1 rappel." in body and "2 rappels" not in body


def test_reopening_from_the_page(world, application, requested, agent, browse, movable_clock):
    actions.open_complement_request(requested, application.filed_by)
    movable_clock.move(days=31)
    actions.propose_decision(
        application, agent, "incomplete", motivation="Le justificatif de domicile demandé n'est pas arrivé dans le délai."
    )
    client = browse(agent)
    assert "Rouvrir le dossier" in page(client, application).content.decode()
    body = client.post(
        reverse("officer:reopen", args=[application.number]), {"reason": "Reçu par courrier."}, follow=True
    ).content.decode()
    assert "Le dossier est rouvert" in body
    application.refresh_from_db()
    assert application.state == "under_review"


def test_every_act_on_an_application_has_its_words():
    """What is recorded about an application, read in the code of the rooms that record it, is told in the history."""
    kinds = {move.event for move in lifecycle.TRANSITIONS if move.target not in ("abandoned", "expired")}
    for room in ("applications", "instruction"):
        for source in (PACKAGE / room).glob("*.py"):
            kinds |= set(re.findall(r"""events\.record\(\s*"(\w+)\"""", source.read_text()))
    assert {"verdict_given", "complement_opened", "note_added"} <= kinds
    assert kinds - set(words.ACTS) == {"verdict_given", "assigned"}  # told with their details


def test_the_page_in_english_has_no_french_left(application, agent, browse):
    client = browse(agent)
    body = client.get(reverse("officer:review", args=[application.number]) + "?lang=en").content.decode()
    for text in ("Proof of address", "Taken up", "Ask for documents", "Internal notes"):
        assert text in body, text
    for text in ("Documents du dossier", "Refusé", "Historique", "Prise en charge"):
        assert text not in body, text


def counted(client, address):
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)


def test_pages_make_a_constant_number_of_queries(world, agent, browse):
    client = browse(agent)
    first = world.deposited()
    actions.take_up(first, agent)
    world.deposited()
    addresses = [reverse("officer:home"), reverse("officer:queue"), reverse("officer:queue") + "?q=diallo&state=under_review"]
    for address in addresses:
        counted(client, address)
    before = [counted(client, address) for address in addresses]
    for place in range(28):
        application = world.deposited()
        if place % 2:
            actions.take_up(application, agent)
        if place % 4 == 3:
            actions.request_complement(application, agent, [AskedItem("home", 0, "", "too_old")])
    assert [counted(client, address) for address in addresses] == before


def test_the_sheet_makes_a_constant_number_of_queries(world, application, agent, browse):
    client = browse(agent)
    address = reverse("officer:review", args=[application.number])

    def round_trip(number):
        request = actions.request_complement(
            application, agent, [AskedItem("home", 0, "", "too_old"), AskedItem(label=f"Document {number}")]
        )
        actions.open_complement_request(request, application.filed_by)
        for item in request.items.all():
            actions.add_answer_file(request, item, world.file(), application.filed_by)
        actions.send_answers(request, application.filed_by)
        actions.add_note(application, agent, f"Note {number}")
        actions.give_verdict(application, agent, "home", 0, "rejected", "too_old")

    round_trip(0)
    counted(client, address)
    before = counted(client, address)
    for number in range(1, 6):
        round_trip(number)
    assert counted(client, address) == before
