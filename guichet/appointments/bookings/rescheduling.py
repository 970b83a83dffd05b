"""Moving requests and appointments to another slot. Called through ``actions``."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import takewhile

from django.db import transaction

from guichet.appointments import moves, rules
from guichet.appointments.bookings import destinations, telling
from guichet.appointments.bookings.claiming import Wish, look, refusal
from guichet.appointments.bookings.side_by_side import seats
from guichet.appointments.errors import AlreadyBooked, BookingRefused, ConfirmationOver, MovedTooOften, MoveNotAllowed
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Slot
from guichet.core import clock
from guichet.core.events import Actor


def reschedule(booking: Booking, slot_id: int, *, by: Actor = moves.PERSON, role: Role = Role.PERSON) -> Booking:
    """Moves a request or an appointment to another slot: the same booking, the same reference, the same person. Those who
    come together move together, side by side from that slot on.

    Where the type does not allow it, or once it was done too often, only an officer may, or anybody whose slot the office
    withdrew: these even once that slot would have begun, and to the type that replaces theirs where theirs receives nobody
    any more (``destinations``). Moving to the slot one has changes nothing. Raises ``MoveNotAllowed``, ``MovedTooOften``,
    ``BookingRefused``, ``AlreadyBooked``, and what ``claim`` raises of a slot.
    """
    with transaction.atomic():
        rows = moves.locked_together(booking)
        row = next(one for one in rows if one.pk == booking.pk)
        movers = [one for one in rows if one.state in (State.TO_CONFIRM, State.CONFIRMED)]
        now = clock.now()
        if slot_id in (row.slot_id, *(one.slot_id for one in movers[:1])):
            return row
        if role == Role.PERSON and movers and not any(one.may_choose_again for one in movers):
            raise MovedTooOften if row.type.may_move else MoveNotAllowed
        if not movers or any(one.slot.starts_at <= now and not one.must_move for one in movers):
            raise BookingRefused("move", row.state)
        if any(_is_over(one, now) for one in movers):
            raise ConfirmationOver
        type = _destination(movers)
        targets = _targets(movers, slot_id, now, type, officer=role == Role.OFFICER)
        for one, target in zip(movers, targets, strict=True):
            _move(one, target, type, first=targets[0], at=now, by=by, role=role)
        telling.tell_moved(*movers)
    return next((one for one in movers if one.pk == booking.pk), row)


def _is_over(one: Booking, now: datetime) -> bool:
    """Not confirmed in time; nobody could confirm a slot that was withdrawn."""
    late = one.confirm_until is not None and one.confirm_until <= now
    return one.state == State.TO_CONFIRM and late and not one.must_move


def _destination(movers: Sequence[Booking]) -> AppointmentType:
    """The type of the slots that all of them may take. ``AlreadyBooked`` when it is another one, and one of them has a request
    for it."""
    type = destinations.type_to_move_in(next((one for one in movers if one.must_move), movers[0]))
    if type.pk != movers[0].type_id:
        people = [one.person_key for one in movers]
        other = Booking.objects.filter(type=type, person_key__in=people, state__in=ACTIVE).first()
        if other is not None:
            raise AlreadyBooked(other)
    return type


def _targets(movers: Sequence[Booking], slot_id: int, now: datetime, type: AppointmentType, *, officer: bool) -> list[Slot]:
    """The slot of each, in order of hour, locked. Raises what ``claim`` raises when it does not hold them all."""
    first = movers[0]
    following = _following(slot_id, len(movers))
    # In order of id: two people who exchange their slots wait for each other, never crosswise.
    concerned = {slot_id, *following, *(one.slot_id for one in movers)}
    locked = Slot.objects.select_for_update(no_key=True).filter(pk__in=concerned).order_by("pk")
    slots = {slot.pk: slot for slot in locked}
    found = [slots[pk] for pk in following if pk in slots]
    pool = destinations.pool_to_move_in(first, type)
    is_open = _openness(type, now, pool=None if officer else pool)
    targets = seats(takewhile(is_open, found), len(movers)) if _is_of(type, found) else []
    if not targets:
        wish = Wish(
            type=type,
            slot_id=slot_id,
            request_key=first.request_key,
            person_key=first.person_key,
            pool=pool,
            party=len(movers),
        )
        raise refusal(wish, look(wish, now))
    return targets


def _following(slot_id: int, count: int) -> list[int]:
    """A slot and those after it that so many people could need, in order of hour."""
    if count == 1:
        return [slot_id]
    first = Slot.objects.filter(pk=slot_id).first()
    if first is None:
        return []
    after = Slot.objects.filter(agenda=first.agenda_id, pool=first.pool, starts_at__gte=first.starts_at)
    return list(after.order_by("starts_at").values_list("pk", flat=True)[:count])


def _is_of(type: AppointmentType, found: Sequence[Slot]) -> bool:
    return bool(found) and type.agendas.filter(pk=found[0].agenda_id, active=True).exists()


def _openness(type: AppointmentType, now: datetime, *, pool: str | None) -> Callable[[Slot], bool]:
    """Whether a slot may be moved to. ``pool`` None: an officer, who is bound by neither the lead time nor the pool."""
    first = rules.first_start(now, lead_minutes=type.lead_minutes, confirmation_minutes=type.confirmation_minutes)

    def is_open(slot: Slot) -> bool:
        if slot.withdrawn_at is not None or slot.left <= 0 or slot.released_at > now or slot.starts_at <= now:
            return False
        return pool is None or (slot.pool == pool and slot.starts_at >= first)

    return is_open


def _move(one: Booking, target: Slot, type: AppointmentType, *, first: Slot, at: datetime, by: Actor, role: Role) -> None:
    """One of the movers; who keeps their slot beside the others moves in name. ``first``: where they begin."""
    left = one.slot_id
    with moves.transition(one, "move", by=by, role=role, at=at, left=left, taken=target.pk) as moved:
        minutes = type.confirmation_minutes or moved.type.confirmation_minutes
        moved.slot, moved.type = target, type
        moved.claimed_at = at
        moved.moves += 1
        moved.reminders = 0
        if moved.state == State.TO_CONFIRM:
            moved.confirm_until = rules.confirm_until(
                at,
                first.starts_at,
                lead_minutes=type.lead_minutes,
                confirmation_minutes=minutes,
            )
    if left != target.pk:
        moves.set_free(one, at=at, slot_id=left)


__all__ = ["reschedule"]
