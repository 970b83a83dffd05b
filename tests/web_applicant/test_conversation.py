"""A complement request and a decision: opened on purpose, answered document by document, sent once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guichet.core import clock
from guichet.instruction import actions
from guichet.instruction.models import ComplementRequest, Decision
from guichet.messaging import actions as messaging
from guichet.messaging.models import Notification
from tests.web_applicant import world
from tests.web_applicant.test_lists import cost
from tests.web_applicant.world import a_picture, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(at_home):
    return at_home[0]


@pytest.fixture
def application(at_home):
    return world.deposited(*at_home)


@pytest.fixture
def officer(application):
    officer = world.an_officer(application.office)
    actions.take_up(application, officer)
    return officer


@pytest.fixture
def asked(application, officer):
    """A request about a document given and one never asked before; the notification that tells it."""
    actions.request_complement(
        application,
        officer,
        [
            actions.AskedItem("nationality", 0, reason="illegible", observation="Toutes les pages."),
            actions.AskedItem(label="Lettre", observation="Une page suffit."),
        ],
        "Bonjour, il manque deux choses.",
    )
    return Notification.objects.get(kind="complement_request")


def url_of(notification):
    return reverse("applicant:notification", args=[notification.pk])


def open_it(client, notification):
    return client.post(reverse("applicant:open_notification", args=[notification.pk]))


def items():
    return list(ComplementRequest.objects.get().items.all())


def answer(client, notification, item, press="save", **data):
    return client.post(reverse("applicant:answer_item", args=[notification.pk, item.pk]), {"action": press, **data})


def test_looking_opens_nothing_and_says_what_opening_means(client, asked):
    for ask in (client.get, client.head):
        ask(url_of(asked))
        ask(reverse("applicant:notifications"))
    request = ComplementRequest.objects.get()
    asked.refresh_from_db()
    assert request.opened_at is None and asked.read_at is None
    words = text_of(client.get(url_of(asked)))
    assert "délai de 30 jours" in words and "Ouvrir la demande" in words
    assert "Toutes les pages" not in words and "deux choses" not in words


def test_opening_dates_the_request_once_and_shows_it(client, asked, movable_clock):
    assert open_it(client, asked).url == url_of(asked)
    first = ComplementRequest.objects.get()
    assert first.due_on == clock.today() + timedelta(days=30)
    movable_clock.move(days=3)
    open_it(client, asked)
    assert ComplementRequest.objects.get().opened_at == first.opened_at
    words = text_of(client.get(url_of(asked)))
    for said in (
        "deux choses",
        "Toutes les pages",
        "Le document ne se lit pas bien",
        "nationality.jpg",
        "il reste 27 jours",
        "Lettre",
    ):
        assert said in words, said


def test_nothing_can_be_answered_before_opening(client, asked):
    item = ComplementRequest.objects.get().items.first()
    assert answer(client, asked, item, choice="keep", keep_reason="x").status_code == 404
    assert client.post(reverse("applicant:send_answers", args=[asked.pk])).status_code == 404


def test_each_document_is_kept_or_updated_then_everything_is_sent_once(client, application, asked):
    open_it(client, asked)
    one, two = items()
    assert "Valider et envoyer" not in text_of(client.get(url_of(asked)))
    missing = answer(client, asked, one, choice="keep", keep_reason="")
    assert missing.status_code == 422 and "Expliquez pourquoi" in text_of(missing)
    kept = answer(client, asked, one, choice="keep", keep_reason="Les deux pages y sont.")
    assert kept.url == f"{url_of(asked)}#item-{one.pk}"
    early = client.post(reverse("applicant:send_answers", args=[asked.pk]))
    assert early.status_code == 422 and f'href="#item-{two.pk}"' in early.content.decode()
    given = answer(client, asked, two, choice="update", reply="Voici.", files=a_picture("lettre.jpg"))
    assert given.status_code == 302
    page = client.get(url_of(asked))
    assert "lettre.jpg" in text_of(page) and "Valider et envoyer" in text_of(page)
    sent = client.post(reverse("applicant:send_answers", args=[asked.pk]))
    assert sent.url == url_of(asked)
    client.post(reverse("applicant:send_answers", args=[asked.pk]))  # a double click
    application.refresh_from_db()
    asked.refresh_from_db()
    assert application.state == "under_review" and asked.status == "answered"
    after = text_of(client.get(url_of(asked)))
    assert "Réponses envoyées le" in after and "Les deux pages y sont." in after and "Enregistrer cette réponse" not in after
    late = answer(client, asked, one, choice="keep", keep_reason="Autre chose")
    assert late.status_code in {302, 422} and "Autre chose" not in ComplementRequest.objects.get().items.first().keep_reason


def test_a_document_never_given_is_not_said_to_be_kept(client, asked):
    open_it(client, asked)
    one, two = items()
    answer(client, asked, one, choice="keep", keep_reason="Les deux pages y sont.")
    answer(client, asked, two, choice="keep", keep_reason="L'école ne l'écrit pas.")
    before = text_of(client.get(url_of(asked)))
    assert before.count("Maintenu") == 1 and "Expliqué" in before
    client.post(reverse("applicant:send_answers", args=[asked.pk]))
    after = text_of(client.get(url_of(asked)))
    assert after.count("document maintenu") == 1 and "vous ne pouvez pas donner ce document" in after


def test_a_refused_file_keeps_the_rest_of_the_answer(client, asked):
    open_it(client, asked)
    one, _two = items()
    bad = SimpleUploadedFile("page.html", b"<html><script>1</script></html>", content_type="image/png")
    page = answer(client, asked, one, choice="update", reply="Un mot pour vous.", files=[bad, a_picture("bonne.jpg")])
    words = text_of(page)
    assert page.status_code == 422 and "page.html" in words and "bonne.jpg" in words and "Un mot pour vous." in words


def test_files_of_an_answer_are_joined_and_removed(client, asked):
    open_it(client, asked)
    one, _two = items()
    answer(client, asked, one, choice="update", pages=[a_picture("1.jpg"), a_picture("2.jpg", color="grey")])
    document = one.request.application.documents.get(round=1)
    assert document.file.content_type == "application/pdf" and document.file.pages == 2
    answer(client, asked, one, press=f"remove_file:{document.pk}")
    assert not one.request.application.documents.filter(round=1, removed_at=None).exists()


def test_a_message_alone_is_kept_while_files_are_still_to_come(client, asked):
    open_it(client, asked)
    one, _two = items()
    answer(client, asked, one, choice="update", reply="Elle arrive.")
    page = client.get(url_of(asked))
    assert "Elle arrive." in text_of(page) and "Encore 2 documents" in text_of(page)


def test_the_script_sends_an_answer_s_file(client, asked):
    open_it(client, asked)
    one, _two = items()
    address = reverse("applicant:answer_item", args=[asked.pk, one.pk])
    taken = client.post(address, {"files": a_picture()}, headers={"accept": "application/json"})
    assert taken.json() == {"received": 1}
    refused = client.post(address, {"files": SimpleUploadedFile("x.jpg", b"")}, headers={"accept": "application/json"})
    assert refused.status_code == 422 and refused.json()["error"]


def test_a_reminder_leads_to_the_request_and_is_put_away_by_a_button(client, application, asked):
    request = ComplementRequest.objects.get()
    messaging.notify(
        intent="reminder",
        account=asked.account,
        kind="reminder",
        subject=("complement_request", str(request.pk)),
        data={"number": application.number},
    )
    reminder = Notification.objects.get(intent="reminder")
    assert "Ouvrir la demande" in text_of(client.get(url_of(reminder)))
    assert open_it(client, reminder).url == url_of(reminder)
    reminder.refresh_from_db()
    assert ComplementRequest.objects.get().opened_at and reminder.read_at
    assert "Toutes les pages" in text_of(client.get(url_of(reminder)))


def test_the_application_leads_to_what_awaits(client, application, asked):
    page = client.get(reverse("applicant:application", args=[application.number]))
    assert "Lire la demande de complément" in text_of(page) and url_of(asked) in page.content.decode()
    open_it(client, asked)
    page = client.get(reverse("applicant:application", args=[application.number]))
    assert "Répondre à la demande de complément" in text_of(page)
    assert "le délai pour répondre a commencé" in text_of(page)


def test_a_complement_costs_the_same_for_two_documents_and_for_twenty(client, application, officer):
    def request_of(count):
        wanted = [actions.AskedItem(label=f"Document {number}", observation="À joindre.") for number in range(count)]
        request = actions.request_complement(application, officer, wanted)
        notification = Notification.objects.get(subject_kind="complement_request", subject_id=str(request.pk))
        open_it(client, notification)
        return request, notification

    request, first = request_of(2)
    small = cost(client, url_of(first))
    for item in request.items.all():
        answer(client, first, item, choice="keep", keep_reason="Je ne l'ai pas.")
    client.post(reverse("applicant:send_answers", args=[first.pk]))
    application.refresh_from_db()
    _request, second = request_of(20)
    assert cost(client, url_of(second)) == small


def decide(application, officer, kind, **more):
    return actions.propose_decision(application, officer, kind, **more)


FAVOURABLE = {"permit_kind": "temporary_card", "permit_mention": "private_and_family_life"}


def test_a_favourable_decision_is_opened_then_downloaded(client, application, officer):
    today = clock.today()
    decide(application, officer, "favourable", valid_from=today, valid_until=today + timedelta(days=364), **FAVOURABLE)
    notification = Notification.objects.get(kind="decision")
    before = client.get(url_of(notification))
    number = Decision.objects.get().document_number
    pdf = reverse("applicant:document", args=[number])
    assert "Ouvrir la décision" in text_of(before) and pdf not in before.content.decode()
    assert client.get(pdf).status_code == 302  # not before it is opened
    application_page = client.get(reverse("applicant:application", args=[application.number]))
    assert pdf not in application_page.content.decode() and url_of(notification) in application_page.content.decode()
    open_it(client, notification)
    notification.refresh_from_db()
    assert Decision.objects.get().opened_at and notification.read_at
    page = client.get(url_of(notification))
    assert "Votre demande est acceptée" in text_of(page) and "ne permet pas de franchir" in text_of(page)
    assert client.get(pdf).content.startswith(b"%PDF")
    assert pdf in client.get(reverse("applicant:application", args=[application.number])).content.decode()


def test_a_refusal_gives_its_reasons_and_the_way_to_challenge_it(client, application, officer):
    decide(application, officer, "refusal", motivation="Article L423-22 : vous avez été confié après vos seize ans. " * 3)
    notification = Notification.objects.get(kind="decision")
    open_it(client, notification)
    words = text_of(client.get(url_of(notification)))
    assert "Votre demande est refusée" in words and "confié après vos seize ans" in words and "contester" in words
