"""What a person does with a place that is held: details, confirmation, cancelling, moving. Called through ``actions``."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise

from guichet.appointments import keys, lifecycle, mailboxes, moves, rules
from guichet.appointments.bookings import telling
from guichet.appointments.bookings.finding import nearest_free
from guichet.appointments.bookings.references import new_reference
from guichet.appointments.errors import (
    AlreadyBooked,
    BookingRefused,
    ConfirmationOver,
    Full,
    HoldOver,
    NotInvited,
    SamePerson,
    SlotWithdrawn,
    UnknownBooking,
)
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Invitation, Slot
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import Actor
from guichet.core.identifiers import hash_token


@dataclass(frozen=True)
class Details:
    """Who comes, and where to write. The form has checked the shapes. A single name goes in ``last_name``."""

    last_name: str
    birth_date: PartialDate
    email: str
    first_names: str = ""
    birth_name: str = ""
    phone: str = ""
    language: str = "fr"
    needs: dict[str, Any] = field(default_factory=dict)  # {"access" | "interpreter" | "companion": what was typed}
    situation: str = ""  # of a student: see ``situations``

    def key(self, homonym: int = 0) -> str:
        """The key of the person whom names and birth date tell."""
        return keys.of_names(self.first_names, self.last_name, self.birth_name, self.birth_date, homonym)

    def columns(self) -> dict[str, Any]:
        """What a row keeps of it: a booking, an entry of the waiting list, a registration in a draw (``PersonDetails``)."""
        return {
            "first_names": self.first_names,
            "last_name": self.last_name,
            "birth_name": self.birth_name,
            "birth_date_text": str(self.birth_date),
            "email": self.email,
            "phone": self.phone,
            "language": self.language,
            "needs": dict(self.needs),
            "situation": self.situation,
        }

    def write(self, booking: Booking, at: datetime) -> None:
        """On a booking that has none yet: they never change afterwards."""
        for column, value in self.columns().items():
            setattr(booking, column, value)
        booking.reference = new_reference()
        booking.token_hash = hash_token(keys.token_of(booking.pk, booking.request_key))
        booking.asked_at = at


def give_details(booking: Booking, details: Details, *, session_key: str, others: Sequence[Details] = ()) -> Booking:
    """Says whose the held place is, and whose those of the ``others`` who come together, in order of hour; sends the
    mail to confirm, or, where the type asks for none, the convocation.

    The same form sent twice changes nothing and returns the booking. Raises ``HoldOver`` (with the nearest free slots),
    ``AlreadyBooked`` when one of them already has a request for this type (``person`` says which), ``SamePerson`` when two of
    them are one, ``BookingRefused`` when they are not as many as the places, ``UnknownBooking`` from another browser,
    ``NotInvited`` when the invitation was called off meanwhile, ``MailboxFull``. Whoever was invited keeps the name that was
    invited.
    """
    if booking.session_key != keys.of_session(session_key):
        raise UnknownBooking
    if booking.state != State.HELD:
        return _finished(booking, (details, *others))
    with mailboxes.one_mail_to(details.email):
        return _finished(booking, (details, *others))


def _finished(booking: Booking, people: Sequence[Details]) -> Booking:
    try:
        with transaction.atomic():
            return _finish(booking, people)
    except IntegrityError:
        for number, given in enumerate(people):
            active = Booking.objects.filter(person_key=_key(booking, given), type=booking.type_id, state__in=ACTIVE)
            other = active.exclude(pk=booking.pk).first()
            if other is not None:
                raise AlreadyBooked(other, person=number) from None
        raise


def _finish(booking: Booking, people: Sequence[Details]) -> Booking:
    now = clock.now()
    rows = moves.locked_together(booking)
    row = next(one for one in rows if one.pk == booking.pk)
    if row.state in (State.TO_CONFIRM, State.CONFIRMED):
        return row
    if any(one.state != State.HELD or one.held_until is None or one.held_until <= now for one in rows):
        raise HoldOver(lambda: nearest_free(row.type, row.slot.starts_at, pool=row.slot.pool, party=len(rows)))
    if len(people) != len(rows):
        raise BookingRefused("ask", row.state)
    firm = row.type.confirmation_minutes == 0
    confirm_until = None if firm else confirm_until_if_asked(rows, now)
    given = [(one, as_invited(one.invitation, details)) for one, details in zip(rows, people, strict=True)]
    given_keys = [_key(one, details) for one, details in given]
    for number, key in enumerate(given_keys):
        if key in given_keys[:number]:
            raise SamePerson(number)
    # In order of key: of two families that share people one waits for the other, never crosswise.
    for key, (one, details) in sorted(zip(given_keys, given, strict=True), key=lambda each: each[0]):
        with moves.transition(one, "finish" if firm else "ask", by=moves.PERSON, role=Role.PERSON, at=now) as asked:
            details.write(asked, now)
            asked.person_key = key
            asked.confirm_until = confirm_until
    if firm:
        telling.tell_confirmed(*rows)
    else:
        telling.tell_asked(*rows)
    return row


def confirm_until_if_asked(rows: Sequence[Booking], now: datetime | None = None) -> datetime:
    """Until when all of those who come together could confirm, if they asked now: reckoned from the first one's hour."""
    first = rows[0]
    return rules.confirm_until(
        now or clock.now(),
        first.slot.starts_at,
        lead_minutes=first.type.lead_minutes,
        confirmation_minutes=first.type.confirmation_minutes,
    )


def as_invited(invitation: Invitation | None, details: Details) -> Details:
    """The details under the name that was invited, where one was: what is typed of it changes nothing."""
    if invitation is None:
        return details
    if invitation.withdrawn_at is not None:
        raise NotInvited
    return replace(
        details,
        first_names=invitation.first_names,
        last_name=invitation.last_name,
        birth_name=invitation.birth_name,
        birth_date=invitation.birth_date or details.birth_date,
    )


def _key(booking: Booking, details: Details) -> str:
    """The strongest identity that is known: what the type asked for before the place was held, else names and birth date."""
    if booking.type.identity != AppointmentType.Identity.NONE or booking.invitation_id:
        return booking.person_key
    return details.key()


def by_token(raw: str) -> Booking:
    """The booking of a mailed link; ``UnknownBooking``."""
    found = (
        Booking.objects.select_related("slot__agenda__office", "type__office").filter(token_hash=hash_token(raw)).first()
        if raw
        else None
    )
    if found is None:
        raise UnknownBooking
    return found


def confirm(raw: str) -> Booking:
    """Confirms by the mailed link (a POST behind its page), all who come together. Confirming twice is confirming once; sends
    the convocation of each.

    Raises ``UnknownBooking``, ``ConfirmationOver``, ``BookingRefused`` (it was cancelled), ``SlotWithdrawn``.
    """
    booking = by_token(raw)
    with transaction.atomic():
        rows = moves.locked_together(booking)
        if all(one.token_hash != hash_token(raw) for one in rows):
            raise UnknownBooking  # the address was corrected while we waited for the rows: this link showed nothing of it
        waiting = [one for one in rows if one.state == State.TO_CONFIRM]
        # Of a family some may have been cancelled: the link, of whichever of them, confirms the others.
        row = next((one for one in rows if one.pk == booking.pk and (one in waiting or not waiting)), (waiting or rows)[0])
        if row.state in (State.CONFIRMED, State.HONOURED):
            return row
        # Read now: what was read with the locked rows may be older than the closure that we waited for.
        if waiting and Slot.objects.filter(pk__in=[one.slot_id for one in waiting], withdrawn_at__isnull=False).exists():
            raise SlotWithdrawn
        now = clock.now()
        if row.state == State.LAPSED or (row.confirm_until is not None and row.confirm_until <= now):
            raise ConfirmationOver
        for one in waiting or [row]:
            with moves.transition(one, "confirm", by=moves.PERSON, role=Role.PERSON, at=now):
                pass
        telling.tell_confirmed(*waiting)
    return row


def cancel(raw: str, *, alone: bool = False) -> Booking:
    """Cancels by the mailed link (a POST behind its page), for all who come together, or for this one ``alone``. Cancelling
    twice is cancelling once. Raises ``UnknownBooking``, ``BookingRefused`` (it is over)."""
    return _cancel(by_token(raw), by=moves.PERSON, role=Role.PERSON, reason="", alone=alone)


def cancel_by_officer(booking: Booking, *, by: Actor, reason: "str | Promise", alone: bool = True) -> Booking:
    """Cancels for the office: the person is told, with the reason (a lazy text: in their language); without one, that they
    asked for it. ``alone``: for this one of those who come together, else for all of them. Raises ``BookingRefused``."""
    return _cancel(booking, by=by, role=Role.OFFICER, reason=reason, alone=alone)


def _cancel(booking: Booking, *, by: Actor, role: Role, reason: "str | Promise", alone: bool = True) -> Booking:
    with transaction.atomic():
        rows = moves.locked_together(booking)
        row = next(one for one in rows if one.pk == booking.pk)
        leaving = [one for one in rows if lifecycle.may(one.state, "cancel", [role]) and (one.pk == row.pk or not alone)]
        if not leaving and row.state == State.CANCELLED:
            return row
        if not leaving or any(one.slot.starts_at <= clock.now() and not one.must_move for one in leaving):
            raise BookingRefused("cancel", row.state)
        for one in moves.by_slot(leaving):
            with moves.transition(one, "cancel", by=by, role=role):
                pass
        staying = [one for one in rows if one.state in (State.TO_CONFIRM, State.CONFIRMED)]
        telling.tell_cancelled(*leaving, reason=reason, staying=staying)
    return row


__all__ = ["Details", "Full", "by_token", "cancel", "cancel_by_officer", "confirm", "give_details"]
