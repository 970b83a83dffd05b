"""The waiting list: joining it, and freed places that are offered, accepted, declined or left unanswered. Called through
``actions``; ``due`` offers places and ends offers.

The rule, which the pages say too: a freed place is offered, at its random moment and by day, to who has waited longest. Who
accepts has an appointment; who declines keeps their turn; who does not answer goes to the end of the list, and leaves it
the second time in a row. What nobody of the list can have is everybody's again, at a random moment.

The row of a place is always locked before that of an entry, and a worker never waits for an entry: nobody blocks anybody.
"""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from guichet.appointments import keys, mailboxes, moves, rules
from guichet.appointments.agendas import making
from guichet.appointments.bookings import telling
from guichet.appointments.bookings.booking import Details, as_invited
from guichet.appointments.bookings.claiming import known_as
from guichet.appointments.bookings.finding import bookable
from guichet.appointments.bookings.references import new_reference
from guichet.appointments.errors import AlreadyBooked, NotOpen
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import ACTIVE, AppointmentType, Booking, Invitation, Offer, WaitingEntry
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.models.people import PersonDetails
from guichet.appointments.waiting import mails
from guichet.appointments.waiting.errors import AlreadyWaiting, OfferOver, PlacesFree, UnknownEntry
from guichet.appointments.waiting.reads import IN_THE_LIST, waiting_entry_by_token, waiting_entry_in_list
from guichet.core import clock, events
from guichet.core.events import SYSTEM, Actor, Subject
from guichet.core.identifiers import hash_token, new_token, number_between

WAITING, OFFERED, BOOKED, LEFT = WaitingEntry.State.values
PERSON_FIELDS = (*(field.name for field in PersonDetails._meta.get_fields()), "situation")


def subject_of(entry: WaitingEntry) -> Subject:
    return Subject("waiting_entry", str(entry.pk))


# Joining and leaving --------------------------------------------------------------------------------------------------------


def join(
    type: AppointmentType,
    details: Details,
    *,
    person_key: str | None = None,
    invitation: Invitation | None = None,
    permit_ends_on: date | None = None,
) -> WaitingEntry:
    """Puts somebody who passed the bot check at the end of the list; the mail has the link of their entry.

    Who one is is asked for as for a claim. The same form twice is one entry. Raises ``PlacesFree`` while there is something
    to take, ``AlreadyBooked``, ``AlreadyWaiting`` (known by another address: the link leaves again to the one that is known),
    ``MailboxFull``, and what ``claim`` raises of who one is.
    """
    if not type.active:
        raise NotOpen
    known, pool = known_as(type, person_key, invitation, permit_ends_on, PUBLIC)
    details = as_invited(invitation, details)
    key = known or details.key()
    booked = Booking.objects.filter(person_key=key, type=type, state__in=ACTIVE).exclude(state=State.OFFERED).first()
    if booked is not None:
        raise AlreadyBooked(booked)
    entry = waiting_entry_in_list(type, person_key=key)
    if entry is None:
        if bookable(type, pool=pool).exists():
            raise PlacesFree
        with mailboxes.one_mail_to(details.email):
            entry = _enter(type, key, pool, details, invitation)
    with transaction.atomic():
        mails.tell_joined(entry)  # once a day for an entry
    if entry.email.lower() != details.email.lower():
        raise AlreadyWaiting
    return entry


def _enter(type: AppointmentType, key: str, pool: str, details: Details, invitation: Invitation | None) -> WaitingEntry:
    now = clock.now()
    entry = WaitingEntry(
        type=type, person_key=key, pool=pool, invitation=invitation, since=now, joined_at=now, **details.columns()
    )
    entry.token_hash = hash_token(keys.token_of_entry(entry.key))
    try:
        with transaction.atomic():
            entry.save()
            events.record("waiting_list_joined", subject_of(entry), moves.PERSON, type=type.pk)
    except IntegrityError:
        earlier = waiting_entry_in_list(type, person_key=key)  # the same form, a moment ago
        if earlier is None:
            raise
        return earlier
    return entry


def by_token(raw: str) -> WaitingEntry:
    """The entry of a mailed link; ``UnknownEntry``."""
    found = waiting_entry_by_token(raw)
    if found is None:
        raise UnknownEntry
    return found


def leave(raw: str) -> WaitingEntry:
    """Leaves the list by the mailed link (a POST behind its page); what was offered goes to the next. Leaving twice is
    leaving once. Raises ``UnknownEntry``."""
    entry = by_token(raw)
    with transaction.atomic():
        # In one statement: an offer that is made at this moment finds nobody, or is found below.
        waited = WaitingEntry.objects.filter(pk=entry.pk, state=WAITING).update(state=LEFT, ended_at=clock.now())
        offer = None if waited else Offer.objects.filter(entry=entry, state=Offer.State.OPEN).first()
        if offer is not None:
            place = moves.locked(offer.booking_id)
            offer.refresh_from_db()
            if offer.state == Offer.State.OPEN:
                _end(offer, place, Offer.State.DECLINED, by=moves.PERSON, role=Role.PERSON, then=LEFT)
                waited = 1
        if waited:
            events.record("waiting_list_left", subject_of(entry), moves.PERSON)
    entry.refresh_from_db()
    if entry.state in IN_THE_LIST:  # between the two an offer was made, or ended
        return leave(raw)
    return entry


# What a person answers ------------------------------------------------------------------------------------------------------


def accept(raw: str, offer_id: int) -> Booking:
    """Takes the place that is offered: a confirmed appointment, with its convocation. Accepting twice is accepting once.

    ``raw`` is the token of the entry. Raises ``UnknownEntry``, ``OfferOver`` (too late, declined, or the office no longer
    receives then).
    """
    entry = by_token(raw)
    offer = _offer_of(entry, offer_id)
    with transaction.atomic():
        place = moves.locked(offer.booking_id)
        offer.refresh_from_db()  # it only changes under the lock of the place
        if offer.state == Offer.State.ACCEPTED:
            return place
        place.slot.refresh_from_db(fields=["withdrawn_at"])  # it may have been withdrawn while we waited for the lock
        now = clock.now()
        if offer.state != Offer.State.OPEN or offer.accept_until <= now or place.slot.withdrawn_at is not None:
            raise OfferOver
        with moves.transition(place, "accept", by=moves.PERSON, role=Role.PERSON, at=now, entry=entry.pk) as row:
            for field in PERSON_FIELDS:
                setattr(row, field, getattr(entry, field))
            row.claimed_at = row.asked_at = now
            row.reference = new_reference()
            row.token_hash = hash_token(keys.token_of(row.pk, row.request_key))
        _close_offer(offer, Offer.State.ACCEPTED, now)
        WaitingEntry.objects.filter(pk=entry.pk).update(state=BOOKED, unanswered=0, ended_at=now)
        telling.tell_confirmed(place)
    return place


def decline(raw: str, offer_id: int) -> WaitingEntry:
    """Lets the place go to the next and keeps one's turn. Declining twice is declining once. Raises ``UnknownEntry``,
    ``OfferOver``."""
    entry = by_token(raw)
    offer = _offer_of(entry, offer_id)
    with transaction.atomic():
        place = moves.locked(offer.booking_id)
        offer.refresh_from_db()
        if offer.state == Offer.State.DECLINED:
            return entry
        if offer.state != Offer.State.OPEN or offer.accept_until <= clock.now():
            raise OfferOver
        _end(offer, place, Offer.State.DECLINED, by=moves.PERSON, role=Role.PERSON, then=WAITING)
    entry.refresh_from_db()
    return entry


def _offer_of(entry: WaitingEntry, offer_id: int) -> Offer:
    offer = Offer.objects.filter(pk=offer_id, entry=entry).first()
    if offer is None:
        raise OfferOver
    return offer


def _end(offer: Offer, place: Booking, outcome: Offer.State, *, by: Actor, role: Role, then: str) -> None:
    """The offer is over, its entry goes on, its place goes to the next. The place is locked."""
    now = clock.now()
    _close_offer(offer, outcome, now)
    changes: dict[str, object] = {"state": then, "unanswered": 0, "ended_at": now if then == LEFT else None}
    if outcome == Offer.State.EXPIRED:
        changes["unanswered"] = offer.entry.unanswered + 1
        changes["since"] = now  # to the end of the list
    if outcome == Offer.State.WITHDRAWN:
        del changes["unanswered"]
    WaitingEntry.objects.filter(pk=offer.entry_id).update(**changes)
    _take_back(place, by=by, role=role, now=now, entry=offer.entry_id)


def _close_offer(offer: Offer, outcome: Offer.State, now: datetime) -> None:
    offer.state, offer.ended_at = outcome, now
    offer.save(update_fields=["state", "ended_at"])


def _take_back(place: Booking, *, by: Actor, role: Role, now: datetime, entry: int) -> None:
    """The place is nobody's again: for the next of the list, else for everybody at a random moment."""
    with moves.transition(place, "decline", by=by, role=role, at=now, entry=entry) as row:
        least, most = rules.seconds_to_return(now, row.slot.starts_at, lead_minutes=row.type.lead_minutes, of_a_hold=False)
        gone = row.slot.withdrawn_at is not None
        row.returns_at = now if gone else now + timedelta(seconds=number_between(least, most))
        row.confirm_until = row.invitation = None
        row.person_key = hash_token(new_token()[0])  # of nobody
    try:
        with transaction.atomic():
            propose(place, now)
    except IntegrityError:
        pass  # the next one books at this very moment: the duty looks again


# What the worker does -------------------------------------------------------------------------------------------------------


def propose(place: Booking, now: datetime) -> bool:
    """Offers a returning place, locked, to who has waited longest; at night puts it off until the morning. False: nobody of
    the list can have it. ``IntegrityError``: that person books at this very moment; look again later."""
    zone, slot = place.slot.agenda.zone, place.slot
    if slot.withdrawn_at is not None:
        return False
    moment = rules.by_day(now, zone)
    types = {type.pk: type for type in AppointmentType.objects.filter(agendas=slot.agenda_id, active=True)}
    until = {
        pk: found
        for pk, type in types.items()
        if (found := rules.accept_until(moment, slot.starts_at, zone=zone, lead_minutes=type.lead_minutes))
    }
    entry = _longest_waiting(place, list(until), now) if until else None
    if entry is None or making.is_too_large(slot):
        return False
    if moment > now:
        morning = int(rules.MORNING.total_seconds())
        place.returns_at = moment + timedelta(seconds=number_between(0, morning))
        place.save(update_fields=["returns_at"])
        return True
    _offer(place, entry, until[entry.type_id], now)
    return True


def _longest_waiting(place: Booking, types: list[int], now: datetime) -> WaitingEntry | None:
    """Whose turn it is among those who wait for one of these types, locked. Passed over: who has or asks for an appointment
    already, or whose invitation served, who was offered this very place, and who is being offered another at this moment."""
    theirs = Booking.objects.filter(person_key=OuterRef("person_key"), type=OuterRef("type"), state__in=ACTIVE)
    seen = Offer.objects.filter(entry=OuterRef("pk"), booking=place)
    served = Booking.objects.filter(invitation=OuterRef("invitation"), state__in=[*ACTIVE, State.HONOURED])
    invited = Q(invitation__isnull=True) | Q(invitation__withdrawn_at__isnull=True, invitation__expires_at__gt=now)
    waiting = WaitingEntry.objects.filter(invited, type__in=types, pool=place.slot.pool, state=WAITING)
    in_turn = (
        waiting.filter(~Exists(theirs), ~Exists(seen), ~Exists(served)).select_related("type__office").order_by("since", "id")
    )
    return in_turn.select_for_update(of=("self",), skip_locked=True).first()


def _offer(place: Booking, entry: WaitingEntry, until: datetime, now: datetime) -> None:
    with moves.transition(place, "offer", by=SYSTEM, role=Role.SYSTEM, at=now, entry=entry.pk) as row:
        row.type = entry.type
        row.person_key = entry.person_key
        row.invitation = entry.invitation
        row.confirm_until = until
        row.returns_at = None
    offer = Offer.objects.create(entry=entry, booking=place, made_at=now, accept_until=until)
    entry.state = WaitingEntry.State.OFFERED
    entry.save(update_fields=["state"])
    mails.tell_offer(offer)


def end_offers(batch: int) -> int:
    """Ends the offers that nobody answered in time, and those of slots that the office withdrew. How many."""
    now = clock.now()
    over = Booking.objects.filter(state=State.OFFERED).filter(Q(confirm_until__lte=now) | Q(slot__withdrawn_at__isnull=False))
    return sum(_end_one(pk) for pk in list(over.order_by("confirm_until", "id").values_list("pk", flat=True)[:batch]))


def _end_one(booking_id: int) -> int:
    """Reads the row again under its lock: accepted or declined meanwhile, it is left alone."""
    now = clock.now()
    with transaction.atomic():
        place = moves.locked(booking_id)
        if place.state != State.OFFERED:
            return 0
        withdrawn = place.slot.withdrawn_at is not None
        if not withdrawn and place.confirm_until is not None and place.confirm_until > now:
            return 0
        offer = place.offers.select_related("entry__type__office", "booking__slot__agenda").get(state=Offer.State.OPEN)
        leaves = not withdrawn and offer.entry.unanswered + 1 >= rules.UNANSWERED_AT_MOST
        outcome = Offer.State.WITHDRAWN if withdrawn else Offer.State.EXPIRED
        _end(offer, place, outcome, by=SYSTEM, role=Role.SYSTEM, then=LEFT if leaves else WAITING)
        if withdrawn:
            mails.tell_withdrawn(offer)
        else:
            mails.tell_unanswered(offer, left=leaves)
        if leaves:
            events.record("waiting_list_left", subject_of(offer.entry), SYSTEM)
    return 1


def close_booked(batch: int) -> int:
    """Those who have an appointment by another way leave the list. How many."""
    since = Q(state=State.CONFIRMED) | Q(state=State.HONOURED, claimed_at__gte=OuterRef("joined_at"))
    theirs = Booking.objects.filter(since, person_key=OuterRef("person_key"), type=OuterRef("type"))
    found = WaitingEntry.objects.filter(Exists(theirs), state=WAITING).order_by("id")
    return sum(_close(pk) for pk in list(found.values_list("pk", flat=True)[:batch]))


def _close(entry_id: int) -> int:
    with transaction.atomic():
        if not WaitingEntry.objects.filter(pk=entry_id, state=WAITING).update(state=BOOKED, ended_at=clock.now()):
            return 0
        entry = WaitingEntry.objects.select_related("type__office").get(pk=entry_id)
        events.record("waiting_list_left", subject_of(entry), SYSTEM, booked=True)
        mails.tell_booked(entry)
    return 1
