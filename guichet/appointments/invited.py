"""What became of an invitation: read from its bookings, kept nowhere. Called through ``queries``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from guichet.accounts.models import Person
from guichet.appointments import keys, rules
from guichet.appointments.lifecycle import State
from guichet.appointments.models import AppointmentType, Booking, Invitation, OpeningHours
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock
from guichet.core.identifiers import hash_token

OPEN, BOOKED, HONOURED, MISSED, EXPIRED, WITHDRAWN = "open", "booked", "honoured", "missed", "expired", "withdrawn"


@dataclass(frozen=True)
class Invited:
    """An invitation as it stands. ``state``: ``open``, ``booked`` (to come; may wait to be confirmed), ``honoured``,
    ``missed`` (as often as the rule allows), ``expired``, ``withdrawn``.

    ``booking``: the appointment to come or honoured, else the last one that was. ``misses``: how often nobody came.
    """

    invitation: Invitation
    state: str
    booking: Booking | None
    misses: int

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def is_usable(self) -> bool:
        """It has not served, and still may: there is nothing to invite again for."""
        return self.state in (OPEN, BOOKED)


def _standing(invitation: Invitation, bookings: Iterable[Booking]) -> Invited:
    """``bookings``: those of the invitation, the newest first."""
    shown = [booking for booking in bookings if booking.reference]  # a form that was not finished is none
    misses = sum(booking.state == State.MISSED for booking in shown)
    last = shown[0] if shown else None
    for state, of in ((HONOURED, {State.HONOURED}), (BOOKED, {State.TO_CONFIRM, State.CONFIRMED})):
        found = next((booking for booking in shown if booking.state in of), None)
        if found is not None:
            return Invited(invitation, state, found, misses)
    if invitation.withdrawn_at is not None:
        return Invited(invitation, WITHDRAWN, last, misses)
    if misses > rules.MISSES_FORGIVEN:
        return Invited(invitation, MISSED, last, misses)
    return Invited(invitation, EXPIRED if invitation.expires_at <= clock.now() else OPEN, last, misses)


def standing_of(invitation: Invitation) -> Invited:
    """One invitation as it stands. One query."""
    bookings = Booking.objects.filter(invitation=invitation).select_related("slot__agenda__office", "type__office")
    return _standing(invitation, bookings.order_by("-id"))


def invitations_of_source(kind: str, id: str) -> list[Invited]:
    """What a source called for, the newest first, as it stands. Two queries."""
    bookings = Booking.objects.select_related("slot__agenda__office", "type__office").order_by("-id")
    found = (
        Invitation.objects.filter(source_kind=kind, source_id=id)
        .select_related("type__office")
        .prefetch_related(Prefetch("bookings", bookings))
    )
    return [_standing(invitation, invitation.bookings.all()) for invitation in found]


def open_of_sources(kind: str, ids: Iterable[str]) -> list[Invited]:
    """What these sources call for that is still to be taken, the oldest first. Two queries."""
    return open_among(Invitation.objects.filter(source_kind=kind, source_id__in=list(ids)))


def open_among(invitations: "QuerySet[Invitation]") -> list[Invited]:
    """Those of some invitations that are still to be taken, the oldest first. Two queries."""
    bookings = Booking.objects.select_related("slot__agenda__office", "type__office").order_by("-id")
    found = (
        invitations.filter(withdrawn_at__isnull=True, expires_at__gt=clock.now())
        .select_related("type__office")
        .prefetch_related(Prefetch("bookings", bookings))
        .order_by("created_at", "id")
    )
    standings = [_standing(invitation, invitation.bookings.all()) for invitation in found]
    return [standing for standing in standings if standing.is_open]


# What an office publishes of these places is that they are given at the counter: nobody is invited to them.
GIVEN_OTHERWISE = frozenset({"officers", "associations"})


def pools_of(types: Iterable[AppointmentType]) -> Mapping[int, list[str]]:
    """By type, the pools of reserved places of its open agendas, from which one may be invited to book. One query."""
    hours = OpeningHours.objects.filter(agenda__types__in=list(types), agenda__active=True)
    hours = hours.exclude(pool__in=[PUBLIC, *sorted(GIVEN_OTHERWISE)])
    found: dict[int, set[str]] = {}
    for type_id, pool in hours.order_by().values_list("agenda__types", "pool").distinct():
        found.setdefault(type_id, set()).add(pool)
    return {type_id: sorted(pools) for type_id, pools in found.items()}


def invitation_of(invitation_id: int) -> Invitation | None:
    """An invitation with its type and office. One query."""
    return Invitation.objects.select_related("type__office").filter(pk=invitation_id).first()


def invitation_by_token(raw: str) -> Invitation | None:
    """The invitation of a mailed link, whatever became of it."""
    return Invitation.objects.select_related("type__office").filter(token_hash=hash_token(raw)).first() if raw else None


def is_of_one_of(invitation: Invitation, persons: Iterable[Person]) -> bool:
    """Whether an invitation is that of one of these people. No query."""
    return any(invitation.person_key in keys.all_of_person(person) for person in persons)
