"""People of one household who come together: their places side by side, taken at once or not at all.

Each has a row of their own, unique per person and type as anybody's; ``Booking.party`` is the same on all. From then on they
go through their states together (``moves.locked_together``), but for who is cancelled alone, arrives, or does not come.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from guichet.appointments import keys, lifecycle, moves, rules
from guichet.appointments.bookings.claim_statements import Wish, first_start, insert
from guichet.appointments.bookings.claiming import hold
from guichet.appointments.bookings.finding import bookable
from guichet.appointments.bookings.side_by_side import seats
from guichet.appointments.errors import TooManyPeople
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType, Booking, Slot
from guichet.core import events
from guichet.core.events import Subject
from guichet.core.identifiers import hash_token


def claim_together(
    type: AppointmentType,
    slot_id: int,
    count: int,
    *,
    session_key: str,
    proof_key: str,
    request_key: UUID,
    language: str = "fr",
) -> Booking:
    """Holds the places of ``count`` people for ten minutes, from a slot on, for whoever passed the bot check.

    All in that slot when they fit; else the others in those that follow it without a gap, in the same agenda. The first one's
    booking is returned; ``queries.party_of`` gives them all. Arguments and refusals are those of ``claim``, and
    ``TooManyPeople`` when the type receives fewer together. A refusal writes nothing.
    """
    if not 1 <= count <= type.party_max:
        raise TooManyPeople(type.party_max)
    hashed = keys.of_session(session_key)
    wish = Wish(
        type=type,
        slot_id=slot_id,
        request_key=request_key,
        person_key=hashed,
        session_key=hashed,
        proof_key=keys.of_proof(proof_key),
        language=language,
        party=count,
    )
    return hold(wish, take=_take)


def _take(wish: Wish, now: datetime) -> Booking | None:
    """All the places and their events, or none; None when one was missing, or a rule of the database said no."""
    places = [_of_one(wish, number, slot.pk) for number, slot in enumerate(_seats(wish, now))]
    if not places:
        return None
    taken: dict[int, int] = {}
    try:
        with transaction.atomic():
            # In order of slot: families who want the same places wait for each other, never crosswise.
            for number, place in sorted(enumerate(places), key=lambda each: (each[1].slot_id, each[0])):
                claimed = insert(place, State.HELD, now, held_until=now + rules.HOLD, first_start=first_start(wish, now))
                if claimed is None:
                    raise _PlaceGone
                taken[number] = claimed
            Booking.objects.filter(pk__in=taken.values()).update(party=taken[0])
            for number, place in enumerate(places):
                subject = Subject("booking", str(taken[number]))
                events.record(lifecycle.BY_VERB["claim"].event, subject, moves.PERSON, slot=place.slot_id, party=taken[0])
            return Booking.objects.select_related("type", "slot__agenda").get(pk=taken[0])
    except (IntegrityError, _PlaceGone):
        return None


class _PlaceGone(Exception):
    """One of the places was taken meanwhile: the others are given back with the transaction."""


def _seats(wish: Wish, now: datetime) -> list[Slot]:
    """The slot of each, as they were a moment ago; empty when they do not fit. Two short reads, no lock."""
    free = bookable(wish.type, pool=wish.pool, at=now)
    first = free.filter(pk=wish.slot_id).first()
    if first is None:
        return []
    following = free.filter(agenda=first.agenda_id, starts_at__gte=first.starts_at)
    return seats(following[: wish.party], wish.party)


def _of_one(wish: Wish, number: int, slot_id: int) -> Wish:
    """What is written for one of them. The first stands for all: the browser, the proof and the form are on that row."""
    if number == 0:
        return replace(wish, slot_id=slot_id)
    return replace(
        wish,
        slot_id=slot_id,
        person_key=hash_token(f"{wish.request_key}:{number}"),  # of nobody yet
        request_key=uuid5(wish.request_key, str(number)),
        session_key="",
        proof_key="",
    )


__all__ = ["claim_together"]
