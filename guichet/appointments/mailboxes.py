"""Mails that anybody can have sent to anybody: so many to one mailbox, whoever asks for them and from wherever.

Counted by mailbox alone, unlike other limits (``core.throttling``): a flood comes from as many addresses as it likes. Whoever
is kept waiting has that mailbox full of our mails, each with the link that cancels what was asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from guichet.appointments.errors import MailboxFull
from guichet.core import throttling
from guichet.core.errors import ActionRefused, TooManyTries
from guichet.core.throttling import Limit, Place

# An association helps several people with the one address it has.
IN_AN_HOUR = Limit("appointment-mails-hour", 12, 3600)
IN_A_DAY = Limit("appointment-mails-day", 30, 24 * 3600)


@contextmanager
def one_mail_to(email: str) -> Iterator[None]:
    """Counts the mail that the block sends; not when the block is refused. Raises ``MailboxFull``. Outside of transactions."""
    places = []
    try:
        for limit in (IN_AN_HOUR, IN_A_DAY):
            places.append(throttling.spend(limit, mailbox_of(email)))
    except TooManyTries as refused:
        _give_back(places)
        raise MailboxFull(refused.minutes) from None
    try:
        yield
    except ActionRefused:
        _give_back(places)
        raise


def _give_back(places: list[Place]) -> None:
    for place in places:
        place.give_back()


def mailbox_of(email: str) -> str:
    """Where an address leads: ``Ana+rdv@Example.org`` is Ana's mailbox too."""
    local, _at, host = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


__all__ = ["mailbox_of", "one_mail_to"]
