"""Several accounts act for one person: each is told, each reads and answers; opening by one is opening for the person."""

import pytest
from django.urls import reverse

from guichet.accounts.models import Account, Representation
from guichet.accounts.queries import accounts_for
from guichet.instruction import actions
from guichet.instruction.due import chase_unopened, remind_before_term
from guichet.instruction.models import ComplementRequest
from guichet.messaging.models import Notification, OutboxMessage
from tests.web_applicant import world
from tests.web_applicant.world import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(at_home):
    return world.deposited(*at_home)


@pytest.fixture
def educator(application):
    """A social worker who may act for the person, and did not file the application."""
    account = Account.objects.create(identifier="educatrice", email="educatrice@example.org", display_name="Mme Petit")
    Representation.objects.create(account=account, person=application.person)
    return account


@pytest.fixture
def officer(application):
    officer = world.an_officer(application.office)
    actions.take_up(application, officer)
    return officer


def ask(application, officer) -> ComplementRequest:
    actions.request_complement(application, officer, [actions.AskedItem("nationality", 0, reason="illegible")], "")
    return ComplementRequest.objects.get()


def notification_of(account, kind="complement_request") -> Notification:
    return Notification.objects.get(account=account, kind=kind)


def mails_about(template) -> list[str]:
    return sorted(OutboxMessage.objects.filter(template=template).values_list("address", flat=True))


def test_every_account_that_acts_for_the_person_is_told(application, officer, educator):
    ask(application, officer)
    assert set(Notification.objects.values_list("account", flat=True)) == {application.filed_by_id, educator.pk}
    assert mails_about("notification") == sorted([application.filed_by.email, educator.email])


def test_an_address_shared_by_two_accounts_gets_one_mail(application, officer, educator):
    Account.objects.filter(pk=educator.pk).update(email=application.filed_by.email.upper())
    ask(application, officer)
    assert Notification.objects.count() == 2 and len(mails_about("notification")) == 1


def test_who_no_longer_acts_for_the_person_is_not_told(application, officer, educator):
    Representation.objects.filter(account=application.filed_by).delete()
    ask(application, officer)
    assert [each.account for each in Notification.objects.all()] == [educator]


def test_an_officer_and_a_closed_account_are_nobody_to_tell(application, officer, educator):
    Representation.objects.create(account=officer.account, person=application.person)
    Account.objects.filter(pk=educator.pk).update(is_active=False)
    assert accounts_for(application.person) == [application.filed_by]


def test_who_did_not_file_opens_and_answers(application, officer, educator):
    request = ask(application, officer)
    theirs = world.signed_in(educator)
    page = theirs.get(reverse("applicant:application", args=[application.number]))
    mine = notification_of(educator)
    assert reverse("applicant:notification", args=[mine.pk]) in page.content.decode()
    theirs.post(reverse("applicant:open_notification", args=[mine.pk]))
    request.refresh_from_db()
    assert request.opened_at is not None
    assert notification_of(application.filed_by).read_at is not None, "opened for the person, whoever opened"
    item = request.items.get()
    actions.answer_item(request, item, "keep", "C'est le bon document.", "", educator)
    actions.send_answers(request, educator)
    assert {each.status for each in Notification.objects.all()} == {"answered"}


def test_a_decision_reaches_both_and_is_read_once(application, officer, educator):
    decision = actions.propose_decision(
        application,
        officer,
        "refusal",
        motivation="Les conditions du séjour ne sont pas remplies : la prise en charge a commencé trop tard.",
    )
    theirs = world.signed_in(educator)
    theirs.post(reverse("applicant:open_notification", args=[notification_of(educator, "decision").pk]))
    decision.refresh_from_db()
    assert decision.opened_at is not None and notification_of(application.filed_by, "decision").read_at is not None
    mine = world.signed_in(application.filed_by)
    words = text_of(mine.get(reverse("applicant:notification", args=[notification_of(application.filed_by, "decision").pk])))
    assert "Votre demande est refusée" in words


def test_reminders_reach_both(application, officer, educator, movable_clock):
    request = ask(application, officer)
    movable_clock.move(days=8)
    chase_unopened()
    assert mails_about("complement_unopened") == sorted([application.filed_by.email, educator.email])
    actions.open_complement_request(request, educator)
    movable_clock.move(days=24)
    remind_before_term()
    remind_before_term()
    assert mails_about("complement_reminder") == sorted([application.filed_by.email, educator.email])
    assert Notification.objects.filter(kind="reminder").count() == 2
