"""The one way a booking changes state, and what freeing its place means."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from guichet.appointments import lifecycle, rules
from guichet.appointments.errors import BookingRefused
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import AppointmentType, Booking, Slot
from guichet.core import clock, events
from guichet.core.events import SYSTEM, Actor, Subject
from guichet.core.identifiers import hash_token, new_token, number_between

PERSON = Actor("person")  # who holds the link; most have no account


def subject_of(booking: Booking) -> Subject:
    return Subject("booking", str(booking.pk))


def locked(booking_id: int) -> Booking:
    """The row as it is now, held until the transaction ends. (SQLite locks the whole database at the first statement.)"""
    return _for_update().get(pk=booking_id)


def locked_together(booking: Booking) -> list[Booking]:
    """The rows of all those who asked together (``families``), or the booking's own alone, in order of hour.

    They are locked in order of id: two acts on one family wait for each other, never crosswise.
    """
    together = Q(party=booking.party_id) if booking.party_id else Q(pk=booking.pk)
    return by_hour(_for_update().filter(together).order_by("pk"))


def by_hour(bookings: Iterable[Booking]) -> list[Booking]:
    """Bookings in the order in which their people are received. Their slots must have been read."""
    return sorted(bookings, key=lambda one: (one.slot.starts_at, one.pk))


def by_slot(bookings: Iterable[Booking]) -> list[Booking]:
    """Bookings in the order in which their slots are touched, one after the other: the same in every act."""
    return sorted(bookings, key=lambda one: (one.slot_id, one.pk))


def _for_update() -> "QuerySet[Booking]":
    rows = Booking.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("slot__agenda__office", "type__office")


@contextmanager
def transition(
    booking: Booking, verb: str, *, by: Actor, role: str, at: datetime | None = None, **data: Any
) -> Iterator[Booking]:
    """Makes one move of the table, in one transaction with whatever the block does.

    Yields the booking as locked in the database; fields that the block sets on it are saved with the move. A place that is
    no longer needed is set free in the same transaction. Raises ``BookingRefused`` when the table does not allow the move.
    On success ``booking`` itself shows what was saved.
    """
    moment = at or clock.now()
    move = lifecycle.BY_VERB[verb]
    with transaction.atomic():
        row = locked(booking.pk)
        if not lifecycle.may(row.state, verb, [role]):
            raise BookingRefused(verb, row.state)
        yield row
        before = row.state
        row.state = move.target or row.state
        row.save()
        data.update({"from": str(before), "to": str(row.state)})
        events.record(move.event, subject_of(row), by, **data)
        _tell_source(row, verb, by)
        if before in lifecycle.COUNTED and row.state not in lifecycle.COUNTED and before != State.RETURNING:
            set_free(row, at=moment, of_a_hold=before == State.HELD)
    if booking is not row:
        for field in Booking._meta.concrete_fields:
            setattr(booking, field.attname, getattr(row, field.attname))
        booking.slot, booking.type = row.slot, row.type


def _tell_source(row: Booking, verb: str, by: Actor) -> None:
    """What called for an appointment shows what became of it."""
    if row.invitation is not None and verb in lifecycle.TOLD_TO_SOURCE:
        source = Subject(row.invitation.source_kind, row.invitation.source_id)
        events.record(lifecycle.TOLD_TO_SOURCE[verb], source, by, visible=True, type=row.type.slug)


def set_free(booking: Booking, *, at: datetime, of_a_hold: bool = False, slot_id: int | None = None) -> Booking | None:
    """Keeps the place that a booking has just left (its slot, or ``slot_id``) away until a moment that nobody can guess.

    Call it in the transaction that left the place: the slot's row is locked by it, so nobody takes the place in between.
    Nothing is kept of a slot that was withdrawn, nor when the appointment is too near for anybody to take it.
    """
    slot = booking.slot if slot_id in (None, booking.slot_id) else type(booking.slot).objects.get(pk=slot_id)
    least, most = rules.seconds_to_return(at, slot.starts_at, lead_minutes=booking.type.lead_minutes, of_a_hold=of_a_hold)
    if slot.withdrawn_at is not None or most == 0:
        return None
    return keep_away(slot, booking.type, at=at, seconds=(least, most))


def keep_away(slot: Slot, type: AppointmentType, *, at: datetime, seconds: tuple[int, int]) -> Booking:
    """Keeps a place of a slot, which the transaction has locked, from everybody until a moment drawn between so many seconds
    from ``at`` on: the waiting list is asked then, ``type`` being any of those that may take it."""
    nobody = Booking.objects.create(
        slot=slot,
        type=type,
        state=State.RETURNING,
        person_key=hash_token(new_token()[0]),  # of nobody
        claimed_at=at,
        returns_at=at + timedelta(seconds=number_between(*seconds)),
    )
    events.record(lifecycle.BY_VERB["set_free"].event, Subject("slot", str(slot.pk)), SYSTEM, place=nobody.pk)
    return nobody


__all__ = [
    "PERSON",
    "Role",
    "by_hour",
    "by_slot",
    "keep_away",
    "locked",
    "locked_together",
    "set_free",
    "subject_of",
    "transition",
]
