"""Only one's own: somebody else's draft, application, file, document or notification is not found."""

import pytest
from django.test import Client
from django.urls import reverse

from guichet.applications import queries
from guichet.certificates import queries as certificates
from guichet.instruction import actions
from guichet.instruction.models import ComplementRequest
from guichet.messaging.models import Notification
from guichet.offices.models import Office
from tests.web_applicant import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(at_home):
    """Every address of the applicant's pages, full of one person's things: ``{name: url}``."""
    client, person = at_home
    draft = world.start(client, person)
    world.fill(client, draft)
    file = queries.documents(draft)[0]
    urls = {
        "resume": reverse("applicant:resume", args=[draft.pk]),
        "abandon": reverse("applicant:abandon", args=[draft.pk]),
        "draft_photo": reverse("applicant:draft_photo", args=[draft.pk, "photo"]),
        "draft_file": reverse("applicant:draft_file", args=[draft.pk, file.pk]),
        "draft_preview": reverse("applicant:draft_preview", args=[draft.pk, file.pk]),
        "draft_upload": reverse("applicant:draft_upload", args=[draft.pk, "nationality", 0]),
        "draft": world.step_url(draft, "motive"),
        "draft_documents": world.step_url(draft, "documents"),
        "draft_recap": world.step_url(draft, "deposit"),
    }
    client.post(reverse("applicant:start"), {"procedure": "ase"})
    application = world.deposited(client, person)
    officer = world.an_officer(application.office)
    actions.take_up(application, officer)
    actions.request_complement(application, officer, [actions.AskedItem(label="Lettre", observation="x")])
    notification = Notification.objects.get()
    given = queries.documents(application)[0]
    receipt = certificates.documents_of(("application", str(application.pk)))[0]
    client.post(reverse("applicant:open_notification", args=[notification.pk]))
    item = ComplementRequest.objects.get().items.get()
    return urls | {
        "application": reverse("applicant:application", args=[application.number]),
        "confirmation": reverse("applicant:confirmation", args=[application.number]),
        "receipt": reverse("applicant:receipt", args=[application.number]),
        "application_file": reverse("applicant:application_file", args=[application.number, given.pk]),
        "application_preview": reverse("applicant:application_preview", args=[application.number, given.pk]),
        "notification": reverse("applicant:notification", args=[notification.pk]),
        "open_notification": reverse("applicant:open_notification", args=[notification.pk]),
        "answer_item": reverse("applicant:answer_item", args=[notification.pk, item.pk]),
        "send_answers": reverse("applicant:send_answers", args=[notification.pk]),
        "document": reverse("applicant:document", args=[receipt.number]),
    }


POST_ONLY = {"draft_upload", "open_notification", "answer_item", "send_answers"}


def test_the_owner_opens_them_and_a_stranger_finds_nothing(at_home, everything):
    client, _person = at_home
    account, _other = world.a_person()
    stranger = world.signed_in(account)
    for name, url in everything.items():
        if name not in POST_ONLY:
            assert client.get(url).status_code in {200, 302}, name
            assert stranger.get(url).status_code == 404, name
        refused = stranger.post(url)
        # Abandoning what is not there is no error (a second click): it leads to one's own list, and touches nothing.
        led_home = name == "abandon" and refused.url == reverse("applicant:applications")
        assert led_home or refused.status_code in {404, 405}, (name, refused.status_code)
    assert client.get(everything["draft"]).status_code == 200


def test_the_anonymous_sign_in_and_officers_have_their_own_door(everything):
    officer = Client()
    officer.force_login(world.an_officer(Office.objects.first()).account, backend="guichet.accounts.backends.IdentifierBackend")
    lists = {name: reverse(f"applicant:{name}") for name in ("applications", "notifications", "addresses", "communes", "start")}
    for name, url in (everything | lists).items():
        ask = "post" if name in POST_ONLY else "get"
        anonymous = getattr(Client(), ask)(url)
        assert anonymous.status_code == 302 and reverse("account:sign_in") in anonymous.url, name
        assert getattr(officer, ask)(url).status_code == 403, name


def test_another_application_s_file_is_not_served_under_mine(at_home, everything):
    _client, _person = at_home
    account, other = world.a_person()
    mine = world.deposited(world.signed_in(account), other)
    theirs = everything["application_file"].rstrip("/").rpartition("/")[2]
    url = reverse("applicant:application_file", args=[mine.number, theirs])
    assert world.signed_in(account).get(url).status_code == 404


def test_every_get_of_these_pages_leaves_the_database_as_it_was(at_home, everything):
    """The middleware raises on a write: a page that answers did not write."""
    client, _person = at_home
    for name, url in everything.items():
        if name not in POST_ONLY:
            assert client.head(url).status_code in {200, 302}, name


def test_unknown_steps_and_parts_are_not_found(at_home, everything):
    client, _person = at_home
    draft = everything["draft"].removesuffix("motive/")
    for step in ("confirmation", "nothing"):
        assert client.get(f"{draft}{step}/").status_code == 404
    assert client.get(reverse("applicant:document", args=["G-0000-0000-0000-0000-0"])).status_code == 404
