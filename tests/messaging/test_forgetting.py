"""Where a mail went is forgotten, of people without an account; that it was sent stays, and an account's mails are its own."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from guichet.core import clock, storage
from guichet.messaging import actions, due, forgetting, queries
from guichet.messaging.actions import Attachment
from guichet.messaging.models import OutboxMessage
from tests.appointments.draw_world import after
from tests.messaging.test_outbox import write

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)


def sent(**changes):
    message = write(**changes)
    OutboxMessage.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now())
    return again(message)


def again(message):
    return OutboxMessage.objects.get(pk=message.pk)


def later(message, since=timedelta()):
    return after(message.created_at + forgetting.FORGOTTEN_AFTER + since)


def test_the_address_is_forgotten_after_ninety_days_and_not_before():
    message = sent()
    with later(message, -A_MINUTE):
        assert due.forget_addresses() == 0
    with later(message, A_MINUTE):
        assert due.forget_addresses() == 1 and due.forget_addresses() == 0
    row = again(message)
    assert (row.address, row.body, row.attachments) == ("", "", [])
    assert (row.intent, row.state, row.sent_at) == (message.intent, "sent", message.sent_at)


def test_files_made_for_the_mail_go_with_it_and_those_that_somebody_keeps_stay():
    own = storage.keep(b"BEGIN:VCALENDAR", folder="convocations", suffix=".ics")
    kept = storage.keep(b"%PDF-1.7 convocation", folder="documents", suffix=".pdf")
    message = sent(attachments=[Attachment("convocation.pdf", kept), Attachment("a.ics", own, "text/calendar", own=True)])
    with later(message, A_MINUTE):
        due.forget_addresses()
    assert storage.read(kept)
    with pytest.raises(FileNotFoundError):
        storage.read(own)


@pytest.mark.parametrize("state", ["failed", "bounced"])
def test_what_never_arrived_is_forgotten_with_its_text_and_is_no_longer_tried(state):
    message = write()
    OutboxMessage.objects.filter(pk=message.pk).update(state=state)
    assert queries.undelivered() == [message]
    with later(message, A_MINUTE):
        due.forget_addresses()
    actions.retry_now(again(message))
    assert (again(message).state, again(message).body) == (state, "") and not queries.undelivered()


def test_what_waits_is_kept_and_so_is_what_was_written_to_an_account(account):
    waits, theirs = write("waits"), sent(intent="theirs")
    OutboxMessage.objects.filter(pk=theirs.pk).update(account=account)
    with later(theirs, A_MINUTE):
        assert due.forget_addresses() == 0
    assert again(waits).address and again(theirs).address


def test_a_batch_at_a_time():
    messages = [sent(intent=str(number)) for number in range(3)]
    with later(messages[-1], A_MINUTE):
        assert [forgetting.forget(2), forgetting.forget(2), forgetting.forget(2)] == [2, 1, 0]


def test_the_database_refuses_a_message_that_waits_for_nobody():
    message = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(address="")
