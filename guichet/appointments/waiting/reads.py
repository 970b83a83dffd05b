"""Reads of the waiting list and of attempts. Called through ``queries``."""

from dataclasses import dataclass

from django.db.models import Q

from guichet.appointments import rules
from guichet.appointments.models import AppointmentType, Attempt, Offer, WaitingEntry
from guichet.core.identifiers import hash_token

IN_THE_LIST = (WaitingEntry.State.WAITING, WaitingEntry.State.OFFERED)


@dataclass(frozen=True)
class Order:
    """An order of magnitude: at least ``least`` people, fewer than ``most`` (None: many more)."""

    least: int
    most: int | None


def waiting_entry_of(entry_id: int) -> WaitingEntry | None:
    """An entry with its type and office."""
    return WaitingEntry.objects.select_related("type__office").filter(pk=entry_id).first()


def waiting_entry_by_token(raw: str) -> WaitingEntry | None:
    """The entry of a mailed link, whatever its state."""
    return WaitingEntry.objects.select_related("type__office").filter(token_hash=hash_token(raw)).first() if raw else None


def waiting_entry_in_list(type: AppointmentType, *, entry_id: int | None = None, person_key: str = "") -> WaitingEntry | None:
    """The entry of this id, or of this person, if it is still in the list of a type; with its type and office.
    One query."""
    known = Q(pk=entry_id) if entry_id else Q(person_key=person_key)
    return WaitingEntry.objects.select_related("type__office").filter(known, type=type, state__in=IN_THE_LIST).first()


def last_offer_of(entry: WaitingEntry) -> Offer | None:
    """The last place that was offered, with its slot. One query."""
    offers = Offer.objects.filter(entry=entry).select_related("booking__slot__agenda", "booking__type__office")
    return offers.order_by("-made_at", "-id").first()


def people_waiting(type: AppointmentType) -> Order:
    """How many people wait for a type, as an order of magnitude. One query."""
    return Order(*rules.order_of(WaitingEntry.objects.filter(type=type, state__in=IN_THE_LIST).count()))


def people_before(entry: WaitingEntry) -> Order:
    """How many people have waited longer, as an order of magnitude: the exact rank would tell when one is next. One query."""
    earlier = Q(since__lt=entry.since) | Q(since=entry.since, pk__lt=entry.pk)
    return Order(*rules.order_of(WaitingEntry.objects.filter(earlier, type=entry.type_id, state__in=IN_THE_LIST).count()))


def attempt_of(attempt_id: int) -> Attempt | None:
    """An attempt with its type and office."""
    return Attempt.objects.select_related("type__office").filter(pk=attempt_id).first()
