"""My applications, one application, my notifications: what they say, page by page, at a constant cost."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guichet.accounts.models import Account
from guichet.applications import queries
from guichet.applications.models import Application, State
from guichet.core import clock
from guichet.messaging import actions as messaging
from guichet.messaging.models import Notification
from guichet.offices.models import Office
from guichet.procedures.queries import current, definition_of
from tests.web_applicant import world
from tests.web_applicant.world import send, step_url, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(at_home):
    return at_home[0]


@pytest.fixture
def person(at_home):
    return at_home[1]


def account_of(person) -> Account:
    return person.representations.get().account


def deposited(person, count):
    """So many deposited applications, an hour apart."""
    office = Office.objects.get(slug="lille")
    for _ in range(count):
        number = Application.objects.exclude(number=None).count() + 1
        Application.objects.create(
            number=f"{office.code}20260101{number:07}",
            procedure=current("ase"),
            person=person,
            filed_by=account_of(person),
            office=office,
            state=State.DEPOSITED,
            deposited_at=clock.now() - timedelta(hours=number),
        )


def notified(account, count, kind="information"):
    for _ in range(count):
        number = Notification.objects.count()
        messaging.notify(
            intent=f"n{number}",
            account=account,
            kind=kind,
            subject=("application", str(number)),
            data={"number": str(number), "what": "reopened"},
            mail=False,
        )


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


# My applications


def test_nothing_yet_says_what_to_do(client):
    page = client.get(reverse("applicant:applications"))
    assert "Aucune demande pour l'instant" in text_of(page) and reverse("public:orientation") in page.content.decode()


def test_a_draft_says_its_step_and_how_long_it_is_kept(client, person):
    draft = world.start(client, person)
    send(client, step_url(draft, "personal_information"), world.IDENTITY)
    page = client.get(reverse("applicant:applications"))
    assert page.context["tab"] == "brouillons"
    assert "Étape 2 sur 5 : Motif de séjour" in text_of(page) and "Gardé jusqu'au" in text_of(page)
    assert reverse("applicant:resume", args=[draft.pk]) in page.content.decode()
    assert reverse("applicant:abandon", args=[draft.pk]) in page.content.decode()
    assert client.get(reverse("applicant:resume", args=[draft.pk])).url == step_url(draft, "motive")


def test_an_application_shows_number_type_state_and_dates(client, person):
    deposited(person, 1)
    application = Application.objects.get()
    words = text_of(client.get(reverse("applicant:applications")))
    for said in (application.number, person.foreigner_number, "Demande déposée", "vie privée et familiale"):
        assert said in words, said


def test_applications_are_read_ten_by_ten(client, person):
    deposited(person, 12)
    first = client.get(reverse("applicant:applications"))
    numbers = set(Application.objects.values_list("number", flat=True))
    seen = {number for number in numbers if number in text_of(first)}
    following = first.context["next_url"]
    second = client.get(following)
    rest = {number for number in numbers if number in text_of(second)}
    assert len(seen) == 10 and seen | rest == numbers and not seen & rest
    assert not second.context["next_url"] and second.context["first_url"]
    assert client.get(reverse("applicant:applications"), {"apres": "nonsense"}).status_code == 200


def test_someone_who_acts_for_several_sees_for_whom(client, person):
    _account, sister = world.a_person(account_of(person), first_names="Thi Mai")
    deposited(person, 1)
    deposited(sister, 1)
    assert "Thi Mai NGUYEN" in text_of(client.get(reverse("applicant:applications")))


# One application


def test_the_documents_given_come_in_the_order_of_the_procedure(client, person):
    application = world.deposited(client, person)
    page = client.get(reverse("applicant:application", args=[application.number])).content.decode()
    definition = definition_of(application.procedure)
    given = [str(definition.requirement_label(document.requirement)) for document in queries.documents(application)]
    order = [
        str(label)
        for item in definition.documents
        for label in (item.label, *(d.label for c in item.cases for d in c.documents))
    ]
    shown = sorted(set(given), key=lambda label: html.unescape(page).index(f">{label}</h3>"))
    assert shown == sorted(set(given), key=order.index) and len(shown) > 4


def test_an_application_says_what_happens_next_and_by_when(client, person):
    application = world.deposited(client, person)
    page = client.get(reverse("applicant:application", args=[application.number]))
    words = text_of(page)
    for said in (
        "Vous avez déposé votre demande",
        "Préfecture du Nord",
        "Date à retenir",
        "nationality.jpg",
        "Confirmation du dépôt",
    ):
        assert said in words, said
    file = application.documents.first()
    receipt = client.get(reverse("applicant:receipt", args=[application.number]))
    assert client.get(receipt.url)["Content-Type"] == "application/pdf"
    assert receipt.url in client.get(reverse("applicant:applications")).content.decode()
    shown = client.get(reverse("applicant:application_file", args=[application.number, file.pk]))
    assert shown.status_code == 200
    assert client.get(reverse("applicant:application_preview", args=[application.number, file.pk])).status_code == 200


# My notifications


def test_notifications_filter_and_page_by_ten(client, person):
    account = account_of(person)
    notified(account, 12)
    messaging.mark_read(Notification.objects.filter(intent="n0").get())
    messaging.mark_answered(("application", "1"))
    here = reverse("applicant:notifications")
    first = client.get(here)
    assert len(first.context["lines"]) == 10
    second = client.get(first.context["next_url"])
    assert len(second.context["lines"]) == 2 and second.context["first_url"] == here
    assert [line.number for line in client.get(here, {"statut": "read"}).context["lines"]] == ["0"]
    assert [line.number for line in client.get(here, {"statut": "answered"}).context["lines"]] == ["1"]
    unread = client.get(here, {"statut": "unread"})
    assert len(unread.context["lines"]) == 10 and "statut=unread" not in unread.context["first_url"]
    assert client.get(here, {"statut": "other"}).context["status"] == "all"
    assert "Répondue le" in text_of(client.get(here, {"statut": "answered"}))


def test_an_information_is_read_by_a_button_never_by_looking(client, person):
    notified(account_of(person), 1)
    found = Notification.objects.get()
    url = reverse("applicant:notification", args=[found.pk])
    client.get(url)
    client.head(url)
    found.refresh_from_db()
    assert found.read_at is None
    assert client.get(reverse("applicant:open_notification", args=[found.pk])).status_code == 405
    client.post(reverse("applicant:open_notification", args=[found.pk]))
    found.refresh_from_db()
    assert found.read_at is not None


def test_no_notification_says_so(client):
    assert "Aucune notification" in text_of(client.get(reverse("applicant:notifications")))
    assert "Rien dans ce filtre" in text_of(client.get(reverse("applicant:notifications"), {"statut": "read"}))


# At a constant cost


def test_lists_cost_the_same_for_two_and_for_twenty(client, person):
    account = account_of(person)
    here, notifications = reverse("applicant:applications"), reverse("applicant:notifications")
    lists = [f"{here}?onglet={tab}" for tab in ("en-cours", "brouillons", "decidees", "attestations", "titres")]
    deposited(person, 2)
    notified(account, 2)
    drafts = [world.start(client, person)]
    send(client, step_url(drafts[0], "personal_information"), {"contact-0-phone": "0612345678"}, press="quit")
    before = [cost(client, url) for url in (*lists, notifications)]
    deposited(person, 18)
    notified(account, 18)
    for _ in range(18):
        draft = world.start(client, person)
        Application.objects.filter(pk=draft.pk).update(updated_at=clock.now() + timedelta(seconds=5))
    assert len(client.get(lists[1]).context["drafts"]) == 19
    assert [cost(client, url) for url in (*lists, notifications)] == before
