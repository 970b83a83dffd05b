"""Whom a change of an agenda concerns: found before it is made, told once it is, never lost in between."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from guichet.appointments import moves
from guichet.appointments.agendas.errors import Conflicts
from guichet.appointments.agendas.planning import Conflict, Difference, Planned, Preview
from guichet.appointments.bookings import telling
from guichet.appointments.errors import BookingRefused
from guichet.appointments.lifecycle import TAKING, Role, State
from guichet.appointments.models import Agenda, Booking
from guichet.core import clock, events
from guichet.core.events import SYSTEM, Actor

SAMPLE = 60  # slots shown of a preview
Consent = bool | Collection[int]  # who may lose their slot: nobody, anybody, or those whose booking was seen


def preview_of(found: Difference, wanted: Sequence[Planned] = ()) -> Preview:
    """The difference with the people whom it concerns. One query."""
    removed = set(found.conflicting)
    places = {slot.id: one.capacity for slot, one in found.crowded}
    by_slot: dict[int, list[int]] = {}
    starts: dict[int, Any] = {}
    people = Booking.objects.filter(slot__in=removed, state__in=sorted(TAKING)).select_related("slot").order_by("id")
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
    states = [State.TO_CONFIRM, State.CONFIRMED]
    return set(Booking.objects.filter(pk__in=bookings, state__in=states).values_list("pk", flat=True))


def displace(agendas: Collection[Agenda], at: datetime, preview: Preview, agreed: Consent, reason: str, by: Actor) -> None:
    """Asks the people of the slots that were withdrawn at ``at`` to choose another one; ends the holds on them.

    The bookings are read after the slots went, in the same transaction: somebody who took a place since the preview was made
    raises ``Conflicts`` like everybody else. Where a slot only shrinks, those who are in it stay.
    """
    people = Booking.objects.filter(slot__agenda__in=agendas, slot__withdrawn_at=at, state__in=sorted(TAKING))
    found = list(people.select_related("slot__agenda", "type__office").order_by("id"))
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
        events.record("slot_withdrawn", moves.subject_of(booking), by, slot=booking.slot_id)
        if booking.party_id not in told:  # those who come together read one mail, and move together
            telling.tell_withdrawn(booking, reason)
        told.update([booking.party_id] if booking.party_id else [])


def asked_to_move(agendas: Collection[Agenda]) -> list[int]:
    """The ids of the bookings to come whose slot was withdrawn. One query."""
    people = Booking.objects.filter(
        slot__agenda__in=agendas,
        slot__withdrawn_at__isnull=False,
        slot__starts_at__gt=clock.now(),
        state__in=[State.TO_CONFIRM, State.CONFIRMED],
    )
    return list(people.values_list("pk", flat=True))


def tell_restored(asked: Collection[int], by: Actor) -> None:
    """Tells those who were asked to move, and whose slot is there again, that they need not."""
    back = Booking.objects.filter(pk__in=asked, slot__withdrawn_at__isnull=True)
    told: set[int] = set()
    for booking in back.select_related("slot__agenda", "type__office").order_by("id"):
        events.record("slot_restored", moves.subject_of(booking), by, slot=booking.slot_id)
        if booking.party_id not in told:
            telling.tell_restored(booking)
        told.update([booking.party_id] if booking.party_id else [])


def _end_hold(booking: Booking) -> None:
    try:
        with moves.transition(booking, "lapse", by=SYSTEM, role=Role.SYSTEM):
            pass
    except BookingRefused:
        booking.refresh_from_db(fields=["state"])  # finished or given up meanwhile, by an act that holds its row


def _with_late(preview: Preview, late: Sequence[Booking]) -> Preview:
    more = tuple(Conflict(one.slot_id, one.slot.starts_at, (one.pk,), 1) for one in late)
    return Preview(preview.added, preview.changed, preview.removed, preview.sample, (*preview.conflicts, *more), preview.wanted)
