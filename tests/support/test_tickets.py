"""Tickets: one per request, a number for its author, one answer."""

import re
import threading

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from guichet.accounts.models import Account, Post
from guichet.core.errors import TooManyTries
from guichet.core.models import Event
from guichet.messaging.models import OutboxMessage
from guichet.support import actions, powers, queries
from guichet.support.errors import AlreadyAnswered, Invalid, NotAllowed, NothingWritten
from guichet.support.models import Reply, Ticket
from guichet.support.queries import Filters
from tests.support.world import an_office, an_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def officer():
    """Of the national contact centre, which answers the tickets of no office."""
    return an_officer("centre", ("national_administrator", None))


@pytest.fixture
def two_offices():
    return an_office("9901", "ici"), an_office("9902", "ailleurs")


def opened(**kwargs):
    given = {"kind": Ticket.Kind.CONTACT, "email": "minh@example.org", "message": "Bonjour", "language": "fr", "name": "Minh"}
    return actions.open_ticket(**{**given, **kwargs})


def mails():
    return list(OutboxMessage.objects.order_by("created_at"))


def test_the_number_is_sent_to_its_author_in_their_language():
    ticket = opened(language="en")
    (mail,) = mails()
    assert mail.address == "minh@example.org" and ticket.number in mail.subject and ticket.number in mail.body
    assert "Your request for help" in mail.subject and mail.body.startswith("Hello,")
    assert not {"Bonjour", "Minh"} & set(re.findall(r"\w+", mail.body)), "a mail repeats nothing of what was written"


def test_a_mail_greets_by_the_name_of_the_account_never_by_the_one_typed():
    account = Account.objects.create(identifier="minh@example.org", email="minh@example.org", display_name="Minh Anh NGUYEN")
    opened(account=account, name="Gagnez 1000 euros")
    (mail,) = mails()
    assert "Minh Anh NGUYEN" in mail.body and "Gagnez" not in mail.body


def test_nobody_greets_a_stranger_in_our_name_by_writing_it_as_their_own():
    account = Account.objects.create(
        identifier="x@example.org", email="x@example.org", display_name="Voir https://evil.example/"
    )
    opened(account=account, email="victime@example.org")
    (mail,) = mails()
    assert mail.address == "victime@example.org" and "evil.example" not in mail.body


def test_a_number_can_be_read_aloud():
    for _ in range(200):
        assert re.fullmatch(r"[2345679CDFGHJKMNPQRTVWXZ]{4}-[2345679CDFGHJKMNPQRTVWXZ]{4}", actions.new_number())


def test_the_same_form_twice_is_one_ticket_and_one_mail():
    first, second = opened(intent="contact:1"), opened(intent="contact:1")
    assert first.pk == second.pk and Ticket.objects.count() == 1 and len(mails()) == 1


def test_two_requests_without_intent_are_two_tickets():
    assert opened().pk != opened().pk


def test_opening_is_recorded_without_what_identifies_a_person():
    ticket = opened(topic="fraud")
    event = Event.objects.get(kind="ticket_opened")
    assert event.subject_id == ticket.number
    assert "minh" not in str(event.data).lower()


def test_a_second_claim_is_not_acknowledged():
    """Whether an identity has an account never shows."""
    opened(kind=Ticket.Kind.SECOND_CLAIM)
    assert mails() == []


def test_tries_are_limited_by_address_and_mail_then_by_address():
    for _ in range(5):
        opened(address="192.0.2.1")
    with pytest.raises(TooManyTries):
        opened(address="192.0.2.1")
    opened(address="192.0.2.1", email="other@example.org")
    opened(address="192.0.2.2")
    assert Ticket.objects.count() == 7


def test_one_address_cannot_flood_even_with_many_mails():
    for number in range(30):
        opened(address="192.0.2.1", email=f"p{number}@example.org")
    with pytest.raises(TooManyTries):
        opened(address="192.0.2.1", email="p99@example.org")


def test_sending_again_what_was_received_is_never_refused():
    ticket = opened(address="192.0.2.1", intent="contact:1")
    for _ in range(40):
        assert opened(address="192.0.2.1", intent="contact:1").pk == ticket.pk


def test_an_answer_leaves_by_mail_once(officer):
    ticket = opened()
    answered = actions.answer_ticket(ticket, by=officer, answer="  Voici comment faire.  ")
    assert answered.state == Ticket.State.ANSWERED and answered.answered_by == officer.account and answered.answered_at
    assert queries.replies_of(ticket)[0].text == "Voici comment faire."
    mail = mails()[-1]
    assert mail.template == "ticket_answered" and "Voici comment faire." in mail.body and ticket.number in mail.body
    with pytest.raises(AlreadyAnswered):
        actions.answer_ticket(ticket, by=officer, answer="Encore")
    assert len(mails()) == 2


def test_an_answer_keeps_its_signs_and_is_not_markup(officer):
    actions.answer_ticket(opened(), by=officer, answer="L'accord & <la suite>")
    assert "L'accord & <la suite>" in mails()[-1].body


def test_an_empty_answer_is_refused(officer):
    with pytest.raises(NothingWritten):
        actions.answer_ticket(opened(), by=officer, answer=" \n ")
    assert len(mails()) == 1


def test_closing_twice_is_closing_once_and_never_undoes_an_answer(officer):
    ticket = opened()
    actions.close_ticket(ticket, by=officer)
    actions.close_ticket(ticket, by=officer)
    assert Event.objects.filter(kind="ticket_closed").count() == 1
    with pytest.raises(AlreadyAnswered):
        actions.answer_ticket(ticket, by=officer, answer="Trop tard")
    other = opened()
    actions.answer_ticket(other, by=officer, answer="Oui")
    assert actions.close_ticket(other, by=officer).state == Ticket.State.ANSWERED


def test_the_database_refuses_an_answered_ticket_that_does_not_say_how(officer):
    ticket = opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.ANSWERED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reply.objects.create(ticket=ticket, text="", made_by=officer.account)


def test_a_failure_leaves_neither_ticket_nor_mail():
    class Boom(Exception):
        pass

    with pytest.raises(Boom), transaction.atomic():
        opened()
        raise Boom
    assert Ticket.objects.count() == 0 and mails() == []


def test_a_ticket_is_found_as_it_is_dictated():
    ticket = opened()
    assert queries.ticket(ticket.number) == ticket
    assert queries.ticket(f" {ticket.number.lower().replace('-', ' ')} ") == ticket
    assert queries.ticket("nope") is None and queries.ticket("") is None


def test_open_tickets_come_oldest_first_by_pages_and_answered_ones_newest_first(movable_clock, officer):
    made = []
    for _ in range(5):
        movable_clock.move(minutes=1)
        made.append(opened())
    for ticket in made[:2]:
        actions.answer_ticket(ticket, by=officer, answer="Oui")
    first, more = queries.tickets(Filters(), size=2)
    assert first == made[2:4] and more
    rest, more = queries.tickets(Filters(), size=2, after=(first[-1].created_at, first[-1].number))
    assert rest == made[4:] and not more
    answered, more = queries.tickets(Filters(state=Ticket.State.ANSWERED), size=1)
    assert answered == [made[1]] and more
    rest, more = queries.tickets(Filters(state="answered"), size=1, after=(answered[-1].created_at, answered[-1].number))
    assert rest == [made[0]] and not more


def test_tickets_are_found_by_office_kind_and_state(two_offices):
    here, there = two_offices
    nowhere, local = opened(), opened(office=here)
    blocked = opened(office=there, kind=Ticket.Kind.BLOCKED_ACCOUNT)

    def found(**filters):
        return set(queries.tickets(Filters(**filters))[0])

    assert found() == {nowhere, local, blocked}
    assert found(offices=frozenset({here.code})) == {local}
    assert found(office=queries.NATIONAL) == {nowhere}
    assert found(office=there.code) == {blocked} == found(kind="blocked_account")
    assert found(office=there.code, offices=frozenset({here.code})) == set()
    assert found(state="closed") == set()


def test_a_page_of_tickets_is_one_query(django_assert_num_queries):
    for _ in range(3):
        opened()
    with django_assert_num_queries(1):
        queries.tickets(Filters())


# Offices


def test_a_post_answers_the_tickets_of_its_office_and_no_other(two_offices, officer):
    here, there = two_offices
    reception = an_officer("accueil", ("reception", here))
    with pytest.raises(NotAllowed):
        actions.answer_ticket(opened(), by=reception, answer="Oui")
    with pytest.raises(NotAllowed):
        actions.close_ticket(opened(office=there), by=reception)
    assert actions.answer_ticket(opened(office=here), by=reception, answer="Oui").state == "answered"
    assert actions.answer_ticket(opened(office=here), by=officer, answer="Oui").state == "answered"
    maker = an_officer("chef", ("decision_maker", here))
    with pytest.raises(NotAllowed):
        actions.answer_ticket(opened(office=here), by=maker, answer="Oui")


def test_a_ticket_is_handed_over_to_an_office_and_back_with_a_reason(two_offices, officer):
    here, _there = two_offices
    ticket, chief = opened(), an_officer("administratrice", ("office_administrator", here))
    with pytest.raises(NotAllowed):
        actions.hand_over(ticket, by=chief, to=here, reason="Pour nous.")
    with pytest.raises(Invalid) as refused:
        actions.hand_over(ticket, by=officer, to=here, reason="  ")
    assert refused.value.field == "reason"
    actions.hand_over(ticket, by=officer, to=here, reason="Habite Lille.")
    with pytest.raises(Invalid) as refused:
        actions.hand_over(ticket, by=officer, to=here, reason="Habite Lille.")
    assert refused.value.field == "office"
    assert actions.hand_over(ticket, by=chief, to=None, reason="Question nationale.").office is None
    acts = [(act.kind, act.who, act.data.get("to"), act.data.get("reason")) for act in queries.history(ticket)]
    assert acts[1:] == [
        ("ticket_handed_over", "centre", here.code, "Habite Lille."),
        ("ticket_handed_over", "administratrice", "", "Question nationale."),
    ]
    actions.close_ticket(ticket, by=officer)
    with pytest.raises(AlreadyAnswered):
        actions.hand_over(ticket, by=officer, to=here, reason="Trop tard.")


def test_a_ticket_opens_again_and_its_history_keeps_what_was_done(officer):
    ticket = opened()
    actions.answer_ticket(ticket, by=officer, answer="Oui")
    for _ in range(2):
        assert actions.reopen_ticket(ticket, by=officer).state == "open"
    actions.answer_ticket(ticket, by=officer, answer="Plus précisément…")
    kinds = [act.kind for act in queries.history(ticket)]
    assert kinds == ["ticket_opened", "ticket_answered", "ticket_reopened", "ticket_answered"]
    assert [reply.text for reply in queries.replies_of(ticket)] == ["Oui", "Plus précisément…"]
    assert len(mails()) == 3


def test_the_history_is_two_queries_whatever_was_done(officer, django_assert_num_queries):
    ticket = opened()
    for _ in range(4):
        actions.close_ticket(ticket, by=officer)
        actions.reopen_ticket(ticket, by=officer)
    with django_assert_num_queries(2):
        queries.history(ticket)


def test_an_account_reads_the_tickets_it_wrote_and_no_other():
    mine = Account.objects.create(identifier="minh@example.org", email="minh@example.org")
    asked = opened(account=mine)
    opened()  # the same address typed by somebody who was not signed in: anyone may type it
    assert queries.tickets_of(mine) == [asked]


def test_the_powers_are_those_written_here():
    desk = {"reception", "case_officer", "office_administrator", "national_administrator"}
    judges = desk - {"reception"}
    chiefs = {"office_administrator", "national_administrator"}
    expected = {
        "answer": desk, "convoke": desk, "read_registry": judges, "send_link": judges, "change_address": judges,
        "hand_over": chiefs,
    }  # fmt: skip
    for verb, roles in expected.items():
        assert {role for role in Post.Role.values if powers.allowed(verb, [role])} == roles, verb
    assert set(powers.POWERS) == set(expected)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_one_ticket():
    numbers, errors, barrier = [], [], threading.Barrier(2)

    def send():
        try:
            barrier.wait()
            numbers.append(opened(intent="contact:race").number)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and len(set(numbers)) == 1
    assert Ticket.objects.count() == 1 and OutboxMessage.objects.count() == 1
