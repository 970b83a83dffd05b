"""What officers do with a ticket: answer, close, open again, hand over. Called through ``actions``."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.accounts import queries as accounts
from guichet.accounts.models import Officer
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.offices.models import Office
from guichet.support import powers
from guichet.support.errors import AlreadyAnswered, Invalid, NotAllowed, NothingWritten
from guichet.support.models import Reply, Ticket
from guichet.support.tickets import mail

LONGEST_REASON = 1000


def answer_ticket(ticket: Ticket, *, by: Officer, answer: str) -> Ticket:
    """Answers by mail. ``NothingWritten`` for an empty answer; ``AlreadyAnswered`` unless the ticket is open; ``NotAllowed``.

    The answer leaves by mail, since its reader may have no account: it must hold nothing more personal than the question.
    """
    answer = answer.strip()
    if not answer:
        raise NothingWritten
    with resolving(ticket, by, "answer", Ticket.Resolution.ANSWER, "ticket_answered") as locked:
        reply = Reply.objects.create(ticket=locked, text=answer, made_by=by.account, made_at=clock.now())
        mail(locked, "ticket_answered", intent=f"ticket_answered:{reply.pk}", answer=answer)
    return locked


def close_ticket(ticket: Ticket, *, by: Officer) -> Ticket:
    """Closes without an answer (sent twice, solved otherwise). Closing twice is closing once; an answered ticket stays so."""
    with transaction.atomic():
        locked = held(ticket, by, "answer")
        if locked.state == Ticket.State.OPEN:
            locked.state = Ticket.State.CLOSED
            locked.save(update_fields=["state"])
            events.record("ticket_closed", subject_of(locked), actor(by))
    return locked


def reopen_ticket(ticket: Ticket, *, by: Officer) -> Ticket:
    """Opens a ticket again: closed by mistake, or what was done did not help. What was answered stays."""
    with transaction.atomic():
        locked = held(ticket, by, "answer")
        if locked.state != Ticket.State.OPEN:
            locked.state = Ticket.State.OPEN
            locked.save(update_fields=["state"])
            events.record("ticket_reopened", subject_of(locked), actor(by))
    return locked


def hand_over(ticket: Ticket, *, by: Officer, to: Office | None, reason: str) -> Ticket:
    """Gives an open ticket to an office, or back to the national contact centre (None), with a reason that officers read."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Invalid(_("Dites pourquoi, pour qui reprendra cette demande."), "reason")
    with transaction.atomic():
        locked = held(ticket, by, "hand_over")
        if locked.state != Ticket.State.OPEN:
            raise AlreadyAnswered
        before, after = locked.office_id or "", to.code if to else ""
        if before == after:
            raise Invalid(_("Cette demande est déjà dans ce bureau."), "office", "same")
        locked.office = to
        locked.save(update_fields=["office"])
        told = {"from": before, "to": after}
        events.record("ticket_handed_over", subject_of(locked), actor(by), visible=False, reason=reason, **told)
    return locked


@contextmanager
def resolving(
    ticket: Ticket, by: Officer, verb: str, resolution: Ticket.Resolution, event: str, **data: str
) -> Iterator[Ticket]:
    """Resolves an open ticket in one transaction with what the block does; ``AlreadyAnswered``, ``NotAllowed``."""
    with transaction.atomic():
        locked = held(ticket, by, verb)
        if locked.state != Ticket.State.OPEN:
            raise AlreadyAnswered
        yield locked
        locked.state, locked.resolution = Ticket.State.ANSWERED, resolution
        locked.answered_at, locked.answered_by = clock.now(), by.account
        locked.save(update_fields=["state", "resolution", "answered_at", "answered_by"])
        events.record(event, subject_of(locked), actor(by), visible=False, **data)


def held(ticket: Ticket, by: Officer, verb: str) -> Ticket:
    """The ticket as it is now, locked, when a post of the officer in its office opens this verb."""
    locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if not powers.allowed(verb, accounts.powers_of(by).roles_in(locked.office_id or "")):
        raise NotAllowed
    return locked


def subject_of(ticket: Ticket) -> Subject:
    return Subject("ticket", ticket.number)


def actor(officer: Officer) -> Actor:
    return Actor("officer", str(officer.pk))
