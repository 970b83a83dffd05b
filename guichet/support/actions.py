"""Verbs of support: open a ticket, answer it, close it. Each in one transaction with its event and its mail."""

from django.db import transaction

from guichet.accounts.models import Account
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.support.blocked import open_blocked_creation
from guichet.support.errors import AlreadyAnswered, NothingWritten
from guichet.support.models import Ticket
from guichet.support.tickets import LONGEST_MESSAGE, mail, new_number, open_ticket

__all__ = ["LONGEST_MESSAGE", "answer_ticket", "close_ticket", "new_number", "open_blocked_creation", "open_ticket"]


def answer_ticket(ticket: Ticket, *, by: Account, answer: str) -> Ticket:
    """Answers by mail. ``NothingWritten`` for an empty answer; ``AlreadyAnswered`` unless the ticket is open.

    The answer leaves by mail, since its reader may have no account: it must hold nothing more personal than the question.
    """
    answer = answer.strip()
    if not answer:
        raise NothingWritten
    with transaction.atomic():
        locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if locked.state != Ticket.State.OPEN:
            raise AlreadyAnswered
        locked.state, locked.answer = Ticket.State.ANSWERED, answer
        locked.answered_at, locked.answered_by = clock.now(), by
        locked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        events.record("ticket_answered", Subject("ticket", locked.number), Actor("officer", str(by.pk)))
        mail(locked, "ticket_answered")
    return locked


def close_ticket(ticket: Ticket, *, by: Account) -> Ticket:
    """Closes without an answer (sent twice, solved otherwise). Closing twice is closing once; an answered ticket stays so."""
    with transaction.atomic():
        locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if locked.state == Ticket.State.OPEN:
            locked.state = Ticket.State.CLOSED
            locked.save(update_fields=["state"])
            events.record("ticket_closed", Subject("ticket", locked.number), Actor("officer", str(by.pk)))
    return locked
