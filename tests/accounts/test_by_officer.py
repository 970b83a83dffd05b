"""What an officer does for somebody whom no door lets in: the link of a number, the account given to another address."""

import re

import pytest
from django.core.cache import cache

from guichet.accounts import actions
from guichet.accounts.errors import LinkUnusable, NumberRefused
from guichet.accounts.models import Account, LinkToken, Person
from guichet.core import events
from guichet.core.events import Actor, Subject
from guichet.messaging.models import OutboxMessage

pytestmark = pytest.mark.django_db

NUMBER = "5903007194"  # known to the simulated registry: MADHAVAN, born 2007
BY = Actor("officer", "an-officer")
PASSWORD = "Une-Phrase-4-Moi!"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def mail(template):
    return OutboxMessage.objects.get(template=template)


def link_in(body, place):
    return re.search(rf"/compte/{place}/([^/\s]+)/", body).group(1)


def test_the_link_of_a_number_opens_the_account_of_whom_the_registry_knows():
    actions.send_activation_by_officer("59 03 007 194", "Minh@Example.org", "en", BY)
    sent = mail("activation_by_officer")
    assert sent.address == "minh@example.org" and sent.body.startswith("Hello,") and "7 days" in sent.body
    account = actions.activate(link_in(sent.body, "activer"), PASSWORD)
    assert (account.identifier, account.email) == (NUMBER, "minh@example.org")
    assert Person.objects.get().origin == Person.Origin.REGISTRY
    event = events.timeline(Subject("link", LinkToken.objects.get(purpose="activate").hashed[:40])).get()
    assert (event.kind, event.actor_id) == ("activation_sent", "an-officer")


def test_it_lasts_a_week_since_the_person_is_not_at_the_screen(movable_clock):
    actions.send_activation_by_officer(NUMBER, "minh@example.org", "fr", BY)
    raw = link_in(mail("activation_by_officer").body, "activer")
    movable_clock.move(days=6)
    assert actions.peek_link(raw, LinkToken.Purpose.ACTIVATE)
    movable_clock.move(days=2)
    with pytest.raises(LinkUnusable):
        actions.activate(raw, PASSWORD)


@pytest.mark.parametrize("number", ["", "1", "0000000000", "9" * 30])
def test_a_number_that_the_registry_does_not_know_is_refused(number):
    with pytest.raises(NumberRefused) as refused:
        actions.send_activation_by_officer(number, "minh@example.org", "fr", BY)
    assert refused.value.code == "unknown" and not OutboxMessage.objects.exists()


def opened():
    actions.send_activation_by_officer(NUMBER, "minh@example.org", "fr", BY)
    return actions.activate(link_in(mail("activation_by_officer").body, "activer"), PASSWORD)


def test_a_number_that_has_an_account_is_refused():
    opened()
    with pytest.raises(NumberRefused) as refused:
        actions.send_activation_by_officer(NUMBER, "other@example.org", "fr", BY)
    assert refused.value.code == "taken" and OutboxMessage.objects.count() == 1


def test_an_account_goes_to_a_new_address_and_both_are_told():
    account = opened()
    actions.change_email_by_officer(account, " Nouvelle@Example.org ", BY, checked="desk")
    account.refresh_from_db()
    assert (account.identifier, account.email) == (NUMBER, "nouvelle@example.org")
    assert not account.check_password(PASSWORD), "whoever holds the former mailbox may know it"
    left, given = mail("email_left"), mail("email_given")
    assert (left.address, given.address) == ("minh@example.org", "nouvelle@example.org")
    assert NUMBER not in left.body and NUMBER in given.body
    actions.reset_password(link_in(given.body, "reinitialiser"), PASSWORD)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    event = events.timeline(Subject("account", str(account.pk))).get(kind="email_changed")
    assert event.actor_id == "an-officer" and event.data == {"checked": "desk"}


def test_links_asked_for_from_the_former_address_die():
    account = opened()
    actions.request_password_reset(NUMBER, "fr")
    raw = link_in(mail("password_reset").body, "reinitialiser")
    actions.change_email_by_officer(account, "nouvelle@example.org", BY, checked="desk")
    with pytest.raises(LinkUnusable):
        actions.reset_password(raw, PASSWORD)


def test_an_account_known_by_its_address_takes_the_new_one_as_identifier():
    account = Account.objects.create(identifier="minh@example.org", email="minh@example.org")
    actions.change_email_by_officer(account, "nouvelle@example.org", BY, checked="desk")
    account.refresh_from_db()
    assert account.identifier == account.email == "nouvelle@example.org"


def test_what_cannot_change_is_told():
    account = Account.objects.create(identifier="minh@example.org", email="minh@example.org")
    Account.objects.create(identifier="taken@example.org", email="taken@example.org")
    officer = Account.objects.create(identifier="a@lille.demo", email="a@lille.demo", kind=Account.Kind.OFFICER)
    for whose, email, code in (
        (account, "minh@example.org", "same"),
        (account, "taken@example.org", "taken"),
        (officer, "new@example.org", "not_theirs"),
    ):
        with pytest.raises(actions.EmailNotChanged) as refused:
            actions.change_email_by_officer(whose, email, BY, checked="desk")
        assert refused.value.code == code
    assert not OutboxMessage.objects.exists()
