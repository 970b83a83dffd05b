"""Whom a change of an agenda concerns: found before it is made, told once it is, never lost in between.

The rows of people are locked before those of slots, as everywhere (who confirms, gives up or moves holds their booking, then
its slot). Who takes a place between the two is found afterwards: their row is locked only if nobody holds it, else everything
starts again (``until_nobody_crosses``). Nobody ever waits crosswise.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from guichet.appointments import moves, rules
from guichet.appointments.agendas.errors import Conflicts
from guichet.appointments.agendas.planning import Conflict, Difference, Planned, Preview
from guichet.appointments.bookings import telling
from guichet.appointments.lifecycle import TAKING, Role, State
from guichet.appointments.models import Agenda, Booking
from guichet.core import clock, events
from guichet.core.events import SYSTEM, Actor

SAMPLE = 60  # slots shown of a preview
TRIES = 8  # of a change that others cross
Consent = bool | Collection[int]  # who may lose their slot: nobody, anybody, or those whose booking was seen
# Whom the end of a slot concerns: those who took a place, and those to whom the waiting list proposes one.
CONCERNED = sorted(TAKING | {State.OFFERED})


class Crossed(Exception):
    """Somebody who took a place meanwhile is doing something with it at this very moment."""


def until_nobody_crosses[T](act: Callable[[], T]) -> T:
    """Does a change in a transaction of its own; again from the start when somebody crosses it."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return act()
        except Crossed:
            if not left:
                raise
    raise AssertionError("The last try returns or raises.")


def preview_of(found: Difference, wanted: Sequence[Planned] = ()) -> Preview:
    """The difference with the people whom it concerns. One query."""
    removed = set(found.conflicting)
    places = {slot.id: slot.size(one) for slot, one in found.crowded}
    by_slot: dict[int, list[int]] = {}
    starts: dict[int, Any] = {}
    people = Booking.objects.filter(slot__in=removed, state__in=CONCERNED).select_related("slot").order_by("id")
    for booking in people:
        by_slot.setdefault(booking.slot_id, []).append(booking.pk)
        starts[booking.slot_id] = booking.slot.starts_at
    conflicts = tuple(
        Conflict(
            slot_id,
            starts[slot_id],
            tuple(found_there),
            max(len(found_there) - places.get(slot_id, 0), 0),
            goes=slot_id not in places,
        )
        for slot_id, found_there in sorted(by_slot.items(), key=lambda each: starts[each[0]])
        if len(found_there) > places.get(slot_id, 0)
    )
    sample = sorted([*found.to_add, *(one for _slot, one in found.to_change)], key=lambda one: (one.starts_at, one.pool))
    return Preview(
        added=len(found.to_add),
        changed=len(found.to_change),
        removed=len([slot for slot in found.to_remove if not slot.withdrawn]),
        sample=tuple(sample[:SAMPLE]),
        conflicts=conflicts,
        wanted=tuple(sorted(wanted, key=lambda one: (one.starts_at, one.pool))),
    )


def must_be_agreed(preview: Preview, displace: Consent) -> None:
    """Raises ``Conflicts`` when somebody would lose their slot whom nobody decided about."""
    if displace is True or not preview.conflicts:
        return
    concerned = {number for one in preview.conflicts for number in one.bookings}
    if displace is False or _with_details(concerned) - set(displace):
        raise Conflicts(preview)


def _with_details(bookings: Collection[int]) -> set[int]:
    """Those whom somebody can write to. Who is still filling in the form is shown other slots there."""
    states = [State.TO_CONFIRM, State.CONFIRMED, State.OFFERED]
    return set(Booking.objects.filter(pk__in=bookings, state__in=states).values_list("pk", flat=True))


def lock(preview: Preview) -> set[int]:
    """Locks the bookings that a change concerns, in order of id, before anything is written on their slots; which they are."""
    slots = [one.slot_id for one in preview.conflicts]
    people = Booking.objects.select_for_update(of=("self",), no_key=True).filter(slot__in=slots, state__in=CONCERNED)
    return set(people.order_by("pk").values_list("pk", flat=True))


def displace(
    agendas: Collection[Agenda],
    at: datetime,
    preview: Preview,
    agreed: Consent,
    reason: str,
    by: Actor,
    *,
    locked: Collection[int],
) -> None:
    """Asks the people of the slots that were withdrawn at ``at`` to choose another one; ends the holds on them. The waiting
    list tells by itself those to whom it proposed one.

    The bookings are read after the slots went, in the same transaction: somebody who took a place since the preview was made
    raises ``Conflicts`` like everybody else. Where a slot only shrinks, those who are in it stay. ``locked``: what ``lock``
    returned; raises ``Crossed``.
    """
    people = Booking.objects.filter(slot__agenda__in=agendas, slot__withdrawn_at=at, state__in=CONCERNED)
    found = list(people.select_related("slot__agenda", "type__office", "type__replaced_by__office").order_by("id"))
    _lock_late([one.pk for one in found if one.pk not in locked])
    if agreed is not True:
        known = {number for one in preview.conflicts for number in one.bookings} if agreed is False else set(agreed)
        late = [one for one in found if one.pk not in known and one.state != State.HELD]
        if late:
            raise Conflicts(_with_late(preview, late))
    told: set[int] = set()
    for booking in found:
        if booking.state == State.HELD:
            _end_hold(booking)
            continue
        if booking.state == State.OFFERED:
            continue
        events.record("slot_withdrawn", moves.subject_of(booking), by, slot=booking.slot_id)
        if booking.party_id not in told:  # those who come together read one mail, and move together
            telling.tell_withdrawn(booking, reason)
        told.update([booking.party_id] if booking.party_id else [])


def asked_to_move(agendas: Collection[Agenda]) -> list[int]:
    """The ids of the bookings to come whose slot was withdrawn, locked before their slots come back. One query."""
    people = Booking.objects.select_for_update(of=("self",), no_key=True).filter(
        slot__agenda__in=agendas,
        slot__withdrawn_at__isnull=False,
        slot__starts_at__gt=clock.now(),
        state__in=[State.TO_CONFIRM, State.CONFIRMED],
    )
    return list(people.order_by("pk").values_list("pk", flat=True))


def tell_restored(asked: Collection[int], by: Actor) -> None:
    """Tells those who were asked to move, and whose slot is there again, that they need not."""
    back = Booking.objects.filter(pk__in=asked, slot__withdrawn_at__isnull=True)
    told: set[int] = set()
    for booking in back.select_related("slot__agenda", "type__office").order_by("id"):
        _give_time(booking)
        events.record("slot_restored", moves.subject_of(booking), by, slot=booking.slot_id)
        if booking.party_id not in told:
            telling.tell_restored(booking)
        told.update([booking.party_id] if booking.party_id else [])


def _give_time(booking: Booking) -> None:
    """Who had not confirmed yet could not while the slot was gone: they have the whole delay again."""
    if booking.state != State.TO_CONFIRM:
        return
    kind = booking.type
    booking.confirm_until = rules.confirm_until(
        clock.now(), booking.slot.starts_at, lead_minutes=kind.lead_minutes, confirmation_minutes=kind.confirmation_minutes
    )
    booking.save(update_fields=["confirm_until"])


def _lock_late(numbers: Sequence[int]) -> None:
    """Locks those who came between, without waiting for anybody: their slots are locked already."""
    if not numbers or not connection.features.has_select_for_update_skip_locked:
        return  # SQLite lets one write at a time
    rows = Booking.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=numbers, state__in=CONCERNED)
    if len(rows.order_by("pk").values_list("pk", flat=True)) < len(numbers):
        raise Crossed


def _end_hold(booking: Booking) -> None:
    with moves.transition(booking, "lapse", by=SYSTEM, role=Role.SYSTEM):
        pass


def _with_late(preview: Preview, late: Sequence[Booking]) -> Preview:
    more = tuple(Conflict(one.slot_id, one.slot.starts_at, (one.pk,), 1) for one in late)
    return Preview(preview.added, preview.changed, preview.removed, preview.sample, (*preview.conflicts, *more), preview.wanted)
