"""Booking for people who stand at the counter, or are on the telephone. Called through ``actions``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from guichet.appointments import lifecycle, moves
from guichet.appointments.bookings import telling
from guichet.appointments.bookings.booking import Details
from guichet.appointments.bookings.claim_statements import Open
from guichet.appointments.bookings.claiming import Wish, insert, look, refusal
from guichet.appointments.bookings.side_by_side import seats
from guichet.appointments.desk import counter
from guichet.appointments.errors import AlreadyBooked, SamePerson, TooManyPeople
from guichet.appointments.lifecycle import State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Slot
from guichet.core import clock, events
from guichet.core.events import Actor

Person = tuple[Details, str]  # and the key they are known by


def book_at_counter(
    by: Actor,
    type: AppointmentType,
    slot_id: int,
    details: Details,
    *,
    request_key: UUID,
    person_key: str | None = None,
    homonym: int = 0,
    others: Sequence[tuple[Details, int]] = (),
) -> Booking:
    """Books for somebody at the counter: firm at once, in any pool, without lead time, never beyond the capacity.

    ``person_key``: of the number the person showed; else names and birth date, with ``homonym`` (1, 2, …) for somebody whom
    the officer saw to be another person of the same name and birth. ``others``: those who come with the first, each with
    their homonym: side by side from that slot on, all or none. The same form twice is one booking; it returns the first one's.

    Raises ``Full``, ``NotReleased``, ``AlreadyBooked`` and ``SamePerson`` (``person`` says who), ``TooManyPeople``.
    """
    if len(others) + 1 > type.party_max:
        raise TooManyPeople(type.party_max)
    people: list[Person] = [(details, person_key or details.key(homonym))]
    people += [(other, other.key(number)) for other, number in others]
    for number, (_details, key) in enumerate(people):
        if key in [known for _other, known in people[:number]]:
            raise SamePerson(number)
    now = clock.now()
    wish = Wish(
        type=type,
        slot_id=slot_id,
        request_key=request_key,
        person_key=people[0][1],
        pool=Slot.objects.filter(pk=slot_id).values_list("pool", flat=True).first() or "",
        language=details.language,
        party=len(people),
    )
    try:
        booked = _book(wish, people, by, now)
    except IntegrityError:
        booked = None
    return booked or _earlier(wish, people, now)


def _book(wish: Wish, people: Sequence[Person], by: Actor, now: datetime) -> Booking | None:
    """All of them and their events and mail, in one transaction; None when a place was missing."""
    places = _seats(wish)
    if not places:
        return None
    try:
        with transaction.atomic():
            rows: dict[int, Booking] = {}
            # In order of slot, as whoever books for a household does: they wait for each other, never crosswise.
            for number in sorted(range(len(people)), key=lambda each: (places[each], each)):
                rows[number] = _insert_firm(_of_one(wish, number, places[number], people[number][1]), people[number][0], now)
            booked = [rows[number] for number in sorted(rows)]
            if len(booked) > 1:
                for row in booked:
                    row.party = booked[0]
                Booking.objects.filter(pk__in=[row.pk for row in booked]).update(party=booked[0])
            for row in booked:
                event = lifecycle.BY_VERB["book_at_counter"].event
                events.record(event, moves.subject_of(row), by, slot=row.slot_id, to=str(row.state), party=row.party_id)
            telling.tell_confirmed(*booked)
            return booked[0]
    except _PlaceGone:
        return None


class _PlaceGone(Exception):
    """One of the places was taken meanwhile: the others are given back with the transaction."""


def _seats(wish: Wish) -> list[int]:
    """The slot of each, as they were a moment ago; empty when they do not fit. For one alone the statement itself looks."""
    if wish.party == 1:
        return [wish.slot_id]
    return [slot.pk for slot in seats(counter.free_from(wish.type, wish.slot_id)[: wish.party], wish.party)]


def _of_one(wish: Wish, number: int, slot_id: int, person_key: str) -> Wish:
    """What is written for one of them: the form is on the first one's row."""
    request_key = uuid5(wish.request_key, str(number)) if number else wish.request_key
    return replace(wish, slot_id=slot_id, request_key=request_key, person_key=person_key)


def _insert_firm(wish: Wish, details: Details, now: datetime) -> Booking:
    """The same guarded statement as everybody's, then the details. Raises ``_PlaceGone``."""
    claimed = insert(wish, State.HELD, now, held_until=now, first_start=now)
    if claimed is None:
        raise _PlaceGone
    booking = moves.locked(claimed)
    details.write(booking, now)
    booking.state = State.CONFIRMED
    booking.held_until = None
    booking.save()
    return booking


def _earlier(wish: Wish, people: Sequence[Person], now: datetime) -> Booking:
    """What the same form made before; else says why there is nothing."""
    earlier = Booking.objects.select_related("slot__agenda", "type__office").filter(request_key=wish.request_key).first()
    if earlier is not None:
        return earlier
    for number, (_details, key) in enumerate(people):
        mine = Booking.objects.filter(person_key=key, type=wish.type, state__in=ACTIVE).first()
        if mine is not None:
            raise AlreadyBooked(mine, is_yours=True, person=number)
    why = look(wish, now)
    # No lead time binds an officer: what is too late for the public is full for them.
    raise refusal(wish, Open.FULL if why == Open.TOO_LATE and _is_to_come(wish, now) else why)


def _is_to_come(wish: Wish, now: datetime) -> bool:
    return Slot.objects.filter(pk=wish.slot_id, starts_at__gt=now).exists()


def free_homonym(type: AppointmentType, details: Details) -> int:
    """The first number (from 1) that tells somebody apart from the people of the same names and birth who have a request."""
    homonym = 1
    while Booking.objects.filter(person_key=details.key(homonym), type=type, state__in=ACTIVE).exists():
        homonym += 1
    return homonym
