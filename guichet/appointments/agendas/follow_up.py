"""Whom an office still has to settle something with: asked to choose another slot, or in a slot that no rule makes any more.
Read through ``queries``."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guichet.appointments.bookings import destinations
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking
from guichet.core import clock
from guichet.offices.models import Office


@dataclass(frozen=True)
class ToMove:
    """``is_kept``: the slot stands, outside the rules, and nothing was said to anybody yet. ``has_way``: its person chooses
    another slot by the link; else the office calls."""

    booking: Booking
    is_kept: bool
    has_way: bool

    @property
    def must_be_called(self) -> bool:
        """Nobody can write to them, or they have nothing to choose among."""
        return not self.is_kept and (not self.has_way or not self.booking.email)


def people_to_move(office: Office) -> list[ToMove]:
    """By hour of what they had booked, however long ago. A few queries, however many they are."""
    rows = _of(office).select_related("slot__agenda__office", "type__office")
    found = list(rows.order_by("slot__starts_at", "last_name", "id"))
    ways = destinations.ways_of({one.type_id for one in found if one.must_move})
    return [ToMove(one, one.slot.kept_since is not None, ways.get(one.type_id, True)) for one in found]


def count_to_move(office: Office) -> int:
    """How many there are. One query."""
    return _of(office).count()


def _of(office: Office) -> "QuerySet[Booking]":
    gone = Q(slot__withdrawn_at__isnull=False)
    kept = Q(slot__kept_since__isnull=False, slot__starts_at__gte=clock.now())
    standing = Booking.objects.filter(slot__agenda__office=office, state__in=[State.TO_CONFIRM, State.CONFIRMED])
    return standing.filter(gone | kept)
