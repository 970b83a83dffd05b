"""One row per intent, written with what it tells; delivered at least once under a stable Message-ID."""

from email import message_from_string

import pytest
from django.db import transaction

from guichet.core import clock, storage
from guichet.messaging import actions, due, queries
from guichet.messaging.actions import Attachment
from guichet.messaging.models import OutboxMessage

pytestmark = pytest.mark.django_db


def write(intent="test:1", address="anh@example.org", language="fr", attachments=()):
    return actions.send_mail(
        intent=intent,
        address=address,
        language=language,
        template="notification",
        context={"name": "Minh Anh NGUYEN"},
        attachments=attachments,
    )


def test_the_same_intent_twice_is_one_message():
    assert write().pk == write().pk
    assert OutboxMessage.objects.count() == 1


def test_a_message_goes_with_its_transaction_or_not_at_all():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    assert OutboxMessage.objects.count() == 0


def test_a_message_speaks_the_language_of_its_reader():
    assert "Bonjour Minh Anh NGUYEN," in write("a").body
    assert "Hello Minh Anh NGUYEN," in write("b", language="en").body


def test_a_delivered_message_has_text_html_attachment_and_its_own_message_id(smtp_server):
    key = storage.keep(b"%PDF-1.7 receipt", folder="documents", suffix=".pdf")
    message = write(attachments=[Attachment("confirmation.pdf", key)])
    assert due.deliver() == 1
    received = message_from_string(smtp_server.received[0])
    assert received["Message-ID"] == message.message_id
    kinds = [part.get_content_type() for part in received.walk()]
    assert {"text/plain", "text/html", "application/pdf"} <= set(kinds)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert due.deliver() == 0


def test_a_temporary_refusal_is_tried_again_later_and_nothing_is_lost(smtp_server, movable_clock):
    smtp_server.answer = "451 come back"
    message = write()
    due.deliver()
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("waiting", "SMTPRecipientsRefused")
    assert message.next_attempt_at > clock.now()
    assert due.deliver() == 0
    smtp_server.answer = ""
    movable_clock.move(minutes=1)
    assert due.deliver() == 1
    message.refresh_from_db()
    assert message.state == "sent"
    assert len(smtp_server.received) == 1


def test_an_address_refused_for_good_is_a_bounce(smtp_server):
    smtp_server.answer = "550 no such person"
    message = write()
    due.deliver()
    message.refresh_from_db()
    assert message.state == "bounced"


def test_a_mail_server_that_is_down_delays_and_gives_up_in_the_end(settings, movable_clock):
    settings.OUTBOX_TRANSPORT = "smtp"
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        }
    }
    message = write()
    for _ in range(due.MOST_ATTEMPTS):
        due.deliver()
        movable_clock.move(hours=5)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", due.MOST_ATTEMPTS)
    actions.retry_now(message)
    message.refresh_from_db()
    assert message.state == "waiting"


def test_a_worker_that_dies_leaves_its_messages_to_the_next_when_the_lease_ends(movable_clock):
    write()
    assert len(due.lease()) == 1
    assert due.lease() == []
    movable_clock.move(minutes=6)
    assert len(due.lease()) == 1


def test_production_forgets_the_body_of_what_was_sent(settings, smtp_server):
    settings.OUTBOX_KEEP_BODIES = False
    message = write()
    due.deliver()
    message.refresh_from_db()
    assert message.body == ""


def test_the_delay_between_attempts_doubles_up_to_four_hours():
    assert [due.retry_delay(n).total_seconds() for n in (1, 2, 3, 20)] == [30, 60, 120, 14400]


class TestNotifications:
    def notify(self, account, intent="n1", kind="complement_request"):
        return actions.notify(intent=intent, account=account, kind=kind, subject=("complement_request", intent))

    def test_a_notification_is_mailed_without_saying_what_it_is_about(self, account):
        self.notify(account)
        body = OutboxMessage.objects.get().body
        assert "/notifications/" in body
        assert "complément" not in body

    def test_the_same_intent_twice_notifies_once(self, account):
        self.notify(account)
        self.notify(account)
        assert queries.unread_count(account) == 1
        assert OutboxMessage.objects.count() == 1

    def test_reading_is_dated_once(self, account, movable_clock):
        notification = self.notify(account)
        actions.mark_read(notification)
        notification.refresh_from_db()
        first = notification.read_at
        movable_clock.move(days=1)
        actions.mark_read(notification)
        notification.refresh_from_db()
        assert notification.read_at == first
        assert notification.status == "read"

    def test_pages_follow_each_other_without_repeating(self, account):
        for number in range(23):
            self.notify(account, intent=f"n{number}")
        seen, after, more = [], None, True
        while more:
            rows, more = queries.page(account, after=after)
            seen += [row.pk for row in rows]
            after = (rows[-1].created_at, rows[-1].pk)
        assert len(seen) == len(set(seen)) == 23

    def test_filters_follow_the_state(self, account):
        self.notify(account, intent="n1")
        read = self.notify(account, intent="n2")
        self.notify(account, intent="n3")
        actions.mark_read(read)
        actions.mark_answered(("complement_request", "n3"))
        found = {status: [n.intent for n in queries.page(account, status=status)[0]] for status in queries.FILTERS}
        assert found["unread"] == ["n1"]
        assert found["read"] == ["n2"]
        assert found["answered"] == ["n3"]
        assert len(found["all"]) == 3

    def test_nobody_reads_the_notification_of_another(self, account):
        from guichet.accounts.models import Account

        other = Account.objects.create(identifier="5908002010", email="amadou@example.org")
        assert queries.notification_of(other, self.notify(account).pk) is None
