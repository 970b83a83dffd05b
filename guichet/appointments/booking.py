"""What a person does with a place that is held: details, confirmation, cancelling, moving. Called through ``actions``."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from guichet.appointments import keys, moves, rules, telling
from guichet.appointments.claiming import Wish, look, refusal
from guichet.appointments.errors import (
    AlreadyBooked,
    BookingRefused,
    ConfirmationOver,
    Full,
    HoldOver,
    MoveNotAllowed,
    UnknownBooking,
)
from guichet.appointments.finding import nearest_free
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Slot
from guichet.appointments.references import new_reference
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

    def key(self, homonym: int = 0) -> str:
        """The key of the person whom names and birth date tell."""
        return keys.of_names(self.first_names, self.last_name, self.birth_name, self.birth_date, homonym)

    def write(self, booking: Booking, at: datetime) -> None:
        """On a booking that has none yet: they never change afterwards."""
        booking.first_names = self.first_names
        booking.last_name = self.last_name
        booking.birth_name = self.birth_name
        booking.birth_date_text = str(self.birth_date)
        booking.email = self.email
        booking.phone = self.phone
        booking.language = self.language
        booking.needs = dict(self.needs)
        booking.reference = new_reference()
        booking.token_hash = hash_token(keys.token_of(booking.pk, booking.request_key))
        booking.asked_at = at


def give_details(booking: Booking, details: Details, *, session_key: str) -> Booking:
    """Says whose the held place is; sends the mail to confirm, or, where the type asks for none, the convocation.

    The same form sent twice changes nothing and returns the booking. Raises ``HoldOver`` (with the nearest free slots),
    ``AlreadyBooked`` when this person already has a request for this type, ``UnknownBooking`` from another browser.
    """
    if booking.session_key != keys.of_session(session_key):
        raise UnknownBooking
    try:
        with transaction.atomic():
            return _finish(booking, details)
    except IntegrityError:
        other = Booking.objects.filter(person_key=_key(booking, details), type=booking.type_id, state__in=ACTIVE).first()
        if other is None or other.pk == booking.pk:
            raise
        raise AlreadyBooked(other) from None


def _finish(booking: Booking, details: Details) -> Booking:
    now = clock.now()
    row = moves.locked(booking.pk)
    if row.state in (State.TO_CONFIRM, State.CONFIRMED):
        return row
    if row.state != State.HELD or row.held_until is None or row.held_until <= now:
        raise HoldOver(lambda: nearest_free(row.type, row.slot.starts_at, pool=row.slot.pool))
    firm = row.type.confirmation_minutes == 0
    with moves.transition(row, "finish" if firm else "ask", by=moves.PERSON, role=Role.PERSON, at=now) as asked:
        details.write(asked, now)
        asked.person_key = _key(asked, details)
        if not firm:
            asked.confirm_until = rules.confirm_until(
                now,
                asked.slot.starts_at,
                lead_minutes=asked.type.lead_minutes,
                confirmation_minutes=asked.type.confirmation_minutes,
            )
    if firm:
        telling.tell_confirmed(row)
    else:
        telling.tell_asked(row)
    return row


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
    """Confirms by the mailed link (a POST behind its page). Confirming twice is confirming once; sends the convocation.

    Raises ``UnknownBooking``, ``ConfirmationOver``, ``BookingRefused`` (it was cancelled).
    """
    booking = by_token(raw)
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state in (State.CONFIRMED, State.HONOURED):
            return row
        now = clock.now()
        if row.state == State.LAPSED or (row.confirm_until is not None and row.confirm_until <= now):
            raise ConfirmationOver
        with moves.transition(row, "confirm", by=moves.PERSON, role=Role.PERSON, at=now):
            pass
        telling.tell_confirmed(row)
    return row


def cancel(raw: str) -> Booking:
    """Cancels by the mailed link (a POST behind its page). Cancelling twice is cancelling once. Raises ``UnknownBooking``,
    ``BookingRefused`` (it is over)."""
    return _cancel(by_token(raw), by=moves.PERSON, role=Role.PERSON, reason="")


def cancel_by_officer(booking: Booking, *, by: Actor, reason: str) -> Booking:
    """Cancels for the office: the person is told, with the reason. Raises ``BookingRefused``."""
    return _cancel(booking, by=by, role=Role.OFFICER, reason=reason)


def _cancel(booking: Booking, *, by: Actor, role: Role, reason: str) -> Booking:
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.CANCELLED:
            return row
        if row.slot.starts_at <= clock.now():
            raise BookingRefused("cancel", row.state)
        with moves.transition(row, "cancel", by=by, role=role):
            pass
        telling.tell_cancelled(row, reason)
    return row


def reschedule(booking: Booking, slot_id: int, *, by: Actor = moves.PERSON, role: Role = Role.PERSON) -> Booking:
    """Moves a request or an appointment to another slot: the same booking, the same reference, the same person.

    Where the type does not allow it, only an officer may, or anybody whose slot the office withdrew. Moving to the slot one
    has changes nothing. Raises ``MoveNotAllowed``, ``BookingRefused``, and what ``claim`` raises of a slot.
    """
    with transaction.atomic():
        row = moves.locked(booking.pk)
        now = clock.now()
        if row.slot_id == slot_id:
            return row
        if role == Role.PERSON and not (row.type.may_move or row.must_move):
            raise MoveNotAllowed
        if row.slot.starts_at <= now:
            raise BookingRefused("move", row.state)
        if row.state == State.TO_CONFIRM and row.confirm_until is not None and row.confirm_until <= now:
            raise ConfirmationOver
        left = row.slot_id
        # In order of id: two people who exchange their slots wait for each other, never crosswise.
        slots = {
            slot.pk: slot for slot in Slot.objects.select_for_update(no_key=True).filter(pk__in=[left, slot_id]).order_by("pk")
        }
        target = slots.get(slot_id)
        wish = Wish(type=row.type, slot_id=slot_id, request_key=row.request_key, person_key=row.person_key, pool=row.slot.pool)
        if target is None or not _is_open(target, row.type, now, pool=row.slot.pool, officer=role == Role.OFFICER):
            raise refusal(wish, look(wish, now))
        with moves.transition(row, "move", by=by, role=role, at=now, left=left, taken=slot_id) as moved:
            moved.slot = target
            moved.claimed_at = now
            moved.moves += 1
            if moved.state == State.TO_CONFIRM:
                moved.confirm_until = rules.confirm_until(
                    now,
                    target.starts_at,
                    lead_minutes=moved.type.lead_minutes,
                    confirmation_minutes=moved.type.confirmation_minutes,
                )
        moves.set_free(row, at=now, slot_id=left)
        telling.tell_moved(row)
    return row


def _is_open(slot: Slot, type: AppointmentType, now: datetime, *, pool: str, officer: bool) -> bool:
    """Whether a locked slot may be moved to. An officer is bound by neither the lead time nor the pool."""
    if slot.withdrawn_at is not None or slot.left <= 0 or slot.released_at > now or slot.starts_at <= now:
        return False
    first = rules.first_start(now, lead_minutes=type.lead_minutes, confirmation_minutes=type.confirmation_minutes)
    if not officer and (slot.pool != pool or slot.starts_at < first):
        return False
    return type.agendas.filter(pk=slot.agenda_id, active=True).exists()


__all__ = ["Details", "Full", "by_token", "cancel", "cancel_by_officer", "confirm", "give_details", "reschedule"]
