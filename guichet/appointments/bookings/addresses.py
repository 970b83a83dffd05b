"""The e-mail address of a request that was mistyped: corrected by the browser that asked, while the mail waits for its answer.

Answering shows that the address is right: each new one has a link of its own, and the links sent before lead nowhere.
"""

from django.db import transaction

from guichet.appointments import keys, mailboxes, moves, rules
from guichet.appointments.bookings import telling
from guichet.appointments.errors import AddressCorrectedTooOften, BookingRefused, ConfirmationOver, UnknownBooking
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import Booking
from guichet.core import clock
from guichet.core.identifiers import hash_token


def correct_address(booking: Booking, email: str, *, session_key: str) -> Booking:
    """Writes the mail to answer to another address, for all who come together; the time to answer stays the same.

    With the address that is known already the same mail is written again, with the same link, at most every five minutes.
    Raises ``UnknownBooking`` from another browser, ``BookingRefused`` once it was answered or is over, ``ConfirmationOver``,
    ``AddressCorrectedTooOften``, ``MailboxFull``.
    """
    with mailboxes.one_mail_to(email):
        return _correct(booking, email, session_key)


def _correct(booking: Booking, email: str, session_key: str) -> Booking:
    now = clock.now()
    hashed = keys.of_session(session_key)
    with transaction.atomic():
        rows = moves.locked_together(booking)
        if not hashed or all(one.session_key != hashed for one in rows):
            raise UnknownBooking
        waiting = [one for one in rows if one.state == State.TO_CONFIRM]
        if not waiting:
            raise BookingRefused("correct_address", booking.state)
        first = waiting[0]
        if first.confirm_until is None or first.confirm_until <= now:
            raise ConfirmationOver
        if email.lower() == first.email.lower():
            window = (now - (first.asked_at or now)) // rules.WRITTEN_AGAIN_EVERY
            telling.tell_asked(*waiting, again=f":again:{window}")
            return first
        if first.addresses >= rules.ADDRESSES_AT_MOST:
            raise AddressCorrectedTooOften
        for one in waiting:
            with moves.transition(one, "correct_address", by=moves.PERSON, role=Role.PERSON, at=now) as corrected:
                corrected.email = email
                corrected.addresses += 1
                corrected.token_hash = hash_token(keys.token_of(one.pk, one.request_key, corrected.addresses))
        telling.tell_asked(*waiting)
    return first


__all__ = ["correct_address"]
