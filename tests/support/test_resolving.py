"""How officers resolve a blocked account: the registry beside the claim, the link, the new address, the convocation."""

import re
from datetime import UTC, time, timedelta

import pytest
from django.core.cache import cache

from guichet.accounts import actions as accounts
from guichet.accounts.errors import NumberRefused
from guichet.accounts.models import Account, Person
from guichet.core import clock
from guichet.core.events import Actor
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.registries import queries as registries
from guichet.support import actions, queries
from guichet.support.errors import AlreadyAnswered, Invalid, NotAllowed
from guichet.support.models import Convocation
from tests.support.world import an_office, an_officer

pytestmark = pytest.mark.django_db

NUMBER = "5903007194"  # MADHAVAN, a single name, born 2007 in the simulated registry
OKAFOR = "7503134955"  # holds a permit that FNE knows
PASSWORD = "Une-Phrase-4-Moi!"
CLAIM = {"foreigner_number": NUMBER, "last_name": "Madhavan", "first_names": "Arun", "capacity": "parent"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def office():
    return an_office("9901", "ici")


@pytest.fixture
def agent(office):
    return an_officer("instructrice", ("case_officer", office))


@pytest.fixture
def ticket(office):
    return actions.open_blocked_creation("number", CLAIM, "arun@example.org", "fr", why="mismatch", office=office)


def mail(template):
    return OutboxMessage.objects.get(template=template)


def kinds(ticket):
    return [act.kind for act in queries.history(ticket)]


def activated():
    accounts.send_activation_by_officer(NUMBER, "ancienne@example.org", "fr", Actor("officer", "x"))
    raw = re.search(r"/compte/activer/([^/\s]+)/", mail("activation_by_officer").body).group(1)
    account = accounts.activate(raw, PASSWORD)
    OutboxMessage.objects.all().delete()
    return account


# Judging


def test_the_registry_is_read_beside_what_was_claimed_and_that_is_recorded(ticket, agent):
    assert queries.identifier_claimed(ticket) == NUMBER
    read = actions.read_registry(ticket, by=agent, identifier=NUMBER)
    lines = {line.name: (line.claimed, line.held, line.agrees) for line in read.lines}
    assert read.known and read.holder is None
    assert lines["last_name"][0] == "Madhavan" and lines["last_name"][2] is True
    assert lines["first_names"] == ("Arun", "", None), "the registry holds a single name"
    assert lines["birth_date"][0] == "" and lines["birth_date"][1].startswith("2007")
    event = Event.objects.get(kind="ticket_registry_read")
    assert event.actor_id == str(agent.pk) and event.data == {}, "the log holds neither number nor name"


def test_an_unknown_number_is_said_to_be(ticket, agent):
    read = actions.read_registry(ticket, by=agent, identifier="0000000000")
    assert not read.known and read.holder is None


def test_who_holds_the_number_is_told_with_half_an_address(ticket, agent):
    account = activated()
    read = actions.read_registry(ticket, by=agent, identifier=NUMBER)
    assert (read.holder, read.masked_email) == (account, "a…@example.org")


def test_an_account_known_by_its_address_is_compared_with_its_person(office, agent):
    account = Account.objects.create(identifier="x@example.org", email="x@example.org")
    Person.objects.create(birth_name="Madhavan", birth_date_text="2007").representations.create(account=account)
    claim = {"identifier": "X@example.org", "last_name": "MADHAVAN", "birth_date": "2006"}
    ticket = actions.open_blocked_creation("sign_in", claim, "neuve@example.org", "fr", why="lost_email", office=office)
    read = actions.read_registry(ticket, by=agent, identifier=queries.identifier_claimed(ticket))
    assert read.holder == account and {line.name: line.agrees for line in read.lines} == {
        "last_name": True,
        "birth_date": False,
    }


def test_the_permit_claimed_leads_to_its_number(office, agent):
    permit = registries.find_person(OKAFOR).permits[0]
    claim = {"permit_number": permit.number, "valid_from": permit.valid_from, "valid_until": permit.valid_until}
    ticket = actions.open_blocked_creation("permit", claim, "a@example.org", "fr", why="other", office=office)
    assert queries.identifier_claimed(ticket) == ""
    read = actions.read_registry(ticket, by=agent)
    assert read.known and read.identifier == OKAFOR


def test_an_access_by_visa_is_found_by_its_visa_and_given_to_the_address_of_its_ticket(office, agent):
    """It has neither number nor password: without this, who lost the mailbox would never come back."""
    account = Account.objects.create(identifier="visa:FRA2600012345", email="perdue@example.org")
    account.set_unusable_password()
    account.save()
    bearer = {"birth_name": "KIM", "first_names": "Seo-yeon", "origin": "visabio", "frozen_at": clock.now()}
    days = {"visa_valid_from": clock.today(), "visa_valid_until": clock.today()}
    Person.objects.create(visa_number="FRA2600012345", **days, **bearer).representations.create(account=account)
    claim = {"visa_number": "fra 26000 12345", "last_name": "KIM"}
    ticket = actions.open_blocked_creation("visa", claim, "neuve@example.org", "fr", why="second_claim", office=office)
    read = actions.read_registry(ticket, by=agent, identifier=queries.identifier_claimed(ticket))
    assert (read.identifier, read.holder, read.known) == ("visa FRA2600012345", account, True)
    assert {line.name: line.agrees for line in read.lines}["last_name"] is True
    actions.change_address(ticket, by=agent, account=read.holder, checked="desk")
    account.refresh_from_db()
    assert account.email == "neuve@example.org" and "/compte/visa/" in mail("email_given").body
    for said in ("visa", "visa :", "fra2600012345", "visa@example.org", "visa FRA0"):
        assert actions.read_registry(ticket, by=agent, identifier=said).holder is None, said


def test_the_desk_reads_no_registry(ticket, office):
    reception = an_officer("accueil", ("reception", office))
    for act in (
        lambda: actions.read_registry(ticket, by=reception, identifier=NUMBER),
        lambda: actions.send_link(ticket, by=reception, foreigner_number=NUMBER, checked="desk"),
        lambda: actions.change_address(ticket, by=reception, account=reception.account, checked="desk"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert kinds(ticket) == ["ticket_opened"]


# The link


def test_the_link_goes_to_the_address_of_the_ticket_and_opens_the_account(ticket, agent):
    resolved = actions.send_link(ticket, by=agent, foreigner_number="59 03 007 194", checked="papers")
    assert (resolved.state, resolved.resolution, resolved.answered_by) == ("answered", "activation_link", agent.account)
    sent = mail("activation_by_officer")
    assert sent.address == "arun@example.org"
    account = accounts.activate(re.search(r"/compte/activer/([^/\s]+)/", sent.body).group(1), PASSWORD)
    assert account.identifier == NUMBER and account.representations.get().capacity == "parent"
    assert Event.objects.get(kind="ticket_link_sent").data == {"checked": "papers"}


def test_the_link_leaves_once(ticket, agent):
    actions.send_link(ticket, by=agent, foreigner_number=NUMBER, checked="papers")
    with pytest.raises(AlreadyAnswered):
        actions.send_link(ticket, by=agent, foreigner_number=NUMBER, checked="papers")
    assert OutboxMessage.objects.filter(template="activation_by_officer").count() == 1


def test_no_link_for_a_number_unknown_or_taken_or_unchecked(ticket, agent):
    with pytest.raises(Invalid) as refused:
        actions.send_link(ticket, by=agent, foreigner_number=NUMBER, checked="")
    assert refused.value.field == "checked"
    with pytest.raises(NumberRefused):
        actions.send_link(ticket, by=agent, foreigner_number="0000000000", checked="desk")
    activated()
    with pytest.raises(NumberRefused):
        actions.send_link(ticket, by=agent, foreigner_number=NUMBER, checked="desk")
    ticket.refresh_from_db()
    assert ticket.state == "open" and kinds(ticket) == ["ticket_opened"]
    assert not OutboxMessage.objects.filter(template="activation_by_officer").exists()


# The new address


def test_a_lost_mailbox_gives_way_to_the_address_of_the_ticket(office, agent):
    account = activated()
    claim = {"identifier": NUMBER, "last_name": "Madhavan"}
    ticket = actions.open_blocked_creation("sign_in", claim, "neuve@example.org", "fr", why="lost_email", office=office)
    assert actions.read_registry(ticket, by=agent, identifier=queries.identifier_claimed(ticket)).holder == account
    resolved = actions.change_address(ticket, by=agent, account=account, checked="desk")
    account.refresh_from_db()
    assert (account.email, resolved.resolution) == ("neuve@example.org", "new_address")
    assert (mail("email_left").address, mail("email_given").address) == ("ancienne@example.org", "neuve@example.org")
    assert queries.tickets_of(account) == [ticket]
    assert Event.objects.get(kind="ticket_address_changed").data == {"checked": "desk"}


def test_an_address_that_cannot_change_leaves_the_ticket_open(ticket, agent):
    account = Account.objects.create(identifier="arun@example.org", email="arun@example.org")
    with pytest.raises(accounts.EmailNotChanged):
        actions.change_address(ticket, by=agent, account=account, checked="desk")
    ticket.refresh_from_db()
    assert ticket.state == "open"


# The convocation


def convoked(ticket, agent, **changes):
    given = {
        "office": ticket.office,
        "purpose": "first_receipt",
        "at": actions.at_the_desk(ticket.office, clock.today() + timedelta(days=9), time(9, 30)),
        "bring": "Votre passeport\nUne photo",
        **changes,
    }
    return actions.convoke(ticket, by=agent, **given)


def test_a_convocation_says_why_where_when_and_with_what(ticket, agent, movable_clock):
    made = convoked(ticket, agent)
    sent = mail("ticket_convoked")
    there = made.at.astimezone()
    assert sent.address == "arun@example.org" and "9:30" in sent.subject and str(there.year) in sent.subject
    for said in ("premier récépissé", "Préfecture d'ici, ici", "- Votre passeport\n- Une photo", ticket.number):
        assert said in sent.body, said
    assert "Madhavan" not in sent.body, "a mail repeats nothing of what was claimed"
    ticket.refresh_from_db()
    assert (ticket.state, ticket.resolution) == ("answered", "convocation")
    assert Event.objects.get(kind="ticket_convoked").data["purpose"] == "first_receipt"


def test_the_hour_is_that_of_the_office(agent):
    cayenne = an_office("9730", "guyane")
    cayenne.time_zone = "America/Cayenne"
    cayenne.save()
    day = clock.today() + timedelta(days=9)
    at = actions.at_the_desk(cayenne, day, time(8, 0))
    assert at.astimezone(UTC).hour == 11
    ticket = actions.open_ticket(kind="contact", email="a@example.org", message="?", language="en", office=cayenne)
    there = an_officer("cayenne", ("reception", cayenne))
    actions.convoke(ticket, by=there, office=cayenne, purpose="receipt_renewal", at=at, bring="Passport")
    assert f"When: {day:%A} {day.day} {day:%B %Y}, at 08:00" in mail("ticket_convoked").body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": "perhaps"}, "purpose"),
        ({"bring": "  "}, "bring"),
        ({"bring": "x" * 2001}, "bring"),
        ({"at": clock.now() - timedelta(minutes=1)}, "day"),
        ({"at": clock.now() + timedelta(days=400)}, "day"),
    ],
)
def test_a_convocation_that_does_not_hold_is_not_sent(ticket, agent, changes, field):
    with pytest.raises(Invalid) as refused:
        convoked(ticket, agent, **changes)
    assert refused.value.field == field
    assert not Convocation.objects.exists() and not OutboxMessage.objects.filter(template="ticket_convoked").exists()
