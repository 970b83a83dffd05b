"""Opening a ticket, and its number. Called through ``actions``."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from guichet.accounts.models import Account
from guichet.core import events
from guichet.core.events import SYSTEM, Actor, Subject
from guichet.core.throttling import Limit, spend
from guichet.messaging.actions import send_mail
from guichet.offices.models import Office
from guichet.support.models import Ticket

# A number is dictated over the telephone: no vowel (no word), no 0/O, 1/I/L, 5/S, 8/B.
ALPHABET = "2345679CDFGHJKMNPQRTVWXZ"
TICKETS_OF_ONE = Limit("tickets-one", 5, 3600)
TICKETS_FROM_ADDRESS = Limit("tickets-address", 30, 3600)
LONGEST_MESSAGE = 5000
LONGEST_NAME = 200


def open_ticket(
    *,
    kind: str,
    email: str,
    message: str,
    language: str,
    name: str = "",
    topic: str = "",
    context: Mapping[str, Any] | None = None,
    account: Account | None = None,
    office: Office | None = None,
    intent: str = "",
    address: str = "",
    acknowledge: bool = True,
) -> Ticket:
    """Opens a ticket and writes its number to its author; not where this site asks by itself (``acknowledge`` false).

    The same ``intent`` twice is one ticket. With ``address`` (of the client), tries are counted: ``TooManyTries`` past 5 an
    hour for one e-mail, 30 for anyone; give it outside of any transaction. A second claim on an identity is not acknowledged by
    mail: it would say that the identity has an account.
    """
    known = Ticket.objects.filter(intent=intent).first() if intent else None
    if known:
        return known
    if address:
        spend(TICKETS_FROM_ADDRESS, address)
        spend(TICKETS_OF_ONE, address, email.casefold())
    try:
        with transaction.atomic():
            ticket = Ticket.objects.create(
                number=new_number(),
                intent=intent or None,
                kind=kind,
                email=email,
                name=name[:LONGEST_NAME],
                language=language,
                topic=topic,
                message=message[:LONGEST_MESSAGE],
                context=dict(context or {}),
                account=account,
                office=office,
            )
            by = Actor("person", str(account.pk)) if account else SYSTEM
            events.record(
                "ticket_opened", Subject("ticket", ticket.number), by, ticket_kind=kind, topic=topic, **_codes(ticket)
            )
            if acknowledge and kind != Ticket.Kind.SECOND_CLAIM:
                mail(ticket, "ticket_opened", intent=f"ticket_opened:{ticket.number}")
    except IntegrityError:
        # The same form sent twice at once: the other one won. Any other cause is an error of ours.
        if intent:
            return Ticket.objects.get(intent=intent)
        raise
    return ticket


def _codes(ticket: Ticket) -> dict[str, Any]:
    """What of the context is no personal data: which way in, and why it did not open."""
    return {name: str(ticket.context[name]) for name in ("door", "why") if name in ticket.context}


def new_number() -> str:
    """``CDFG-2345``: about 37 bits, read aloud without mistake; knowing it opens nothing."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def greeted(ticket: Ticket) -> str:
    """The name that a mail may greet: the account's, never the one typed, and only at the address of the account.

    Anyone may type anybody's address in the form: whatever they wrote beside, or as their own name in their account, would
    reach a stranger in our name.
    """
    account = ticket.account
    return account.display_name if account and account.email.casefold() == ticket.email.strip().casefold() else ""


def mail(ticket: Ticket, template: str, *, intent: str, answer: str = "") -> None:
    """Writes to the author."""
    send_mail(
        intent=intent,
        address=ticket.email,
        language=ticket.language,
        template=template,
        context={"name": greeted(ticket), "number": ticket.number, "answer": answer},
        account=ticket.account,
    )
