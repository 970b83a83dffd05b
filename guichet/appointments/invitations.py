"""Calling somebody to an appointment, and calling it off. Called through ``actions``, by rooms that know what for.

An invitation is for one person: names and birth date are theirs, and its bookings bear its key. It is used by an appointment
that is to come or was honoured; one that was cancelled, or lapsed, gives it back.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.functional import Promise

from guichet.accounts.models import Person
from guichet.appointments import invited, keys, moves, rules
from guichet.appointments.bookings import telling
from guichet.appointments.bookings.booking import cancel_by_officer
from guichet.appointments.errors import BookingRefused, TypeNotByInvitation
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import AppointmentType, Booking, Invitation
from guichet.appointments.models.agendas import PUBLIC
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.core.identifiers import hash_token, new_token

Source = tuple[str, str]  # kind and id of what calls for the appointment


@dataclass(frozen=True)
class Guest:
    """Who is invited, and where to write. ``key`` is of ``keys``; without ``birth_date`` they will be asked for it."""

    key: str
    last_name: str
    first_names: str = ""
    birth_name: str = ""
    birth_date: str = ""  # a PartialDate as text
    email: str = ""
    language: str = "fr"


def guest_of(person: Person, *, email: str, language: str) -> Guest:
    """A person of this site as they are invited: under the name in use, by their strongest identity."""
    return Guest(
        key=keys.of_person(person),
        last_name=person.usage_name or person.birth_name,
        first_names=person.first_names,
        birth_name=person.birth_name if person.usage_name else "",
        birth_date=person.birth_date_text,
        email=email,
        language=language,
    )


def invite(
    type: AppointmentType,
    source: Source,
    guest: Guest,
    *,
    by: Actor,
    reason: str = "",
    permit_ends_on: date | None = None,
    pool: str = PUBLIC,
    expires_at: datetime | None = None,
    again: bool = False,
) -> Invitation:
    """Invites somebody, and writes to them where an address is known. Twice for a source and a type is once.

    ``again``: a new invitation where the last one served (honoured, missed, over); without it that one is returned as it is.
    ``reason`` is read by the person on their pages, never in a mail. Raises ``TypeNotByInvitation``.
    """
    if type.identity != AppointmentType.Identity.INVITATION or not type.active:
        raise TypeNotByInvitation
    now = clock.now()
    with transaction.atomic():
        # One at a time for a type: two who invite at the same moment make one invitation.
        AppointmentType.objects.select_for_update(no_key=True).get(pk=type.pk)
        last = Invitation.objects.filter(type=type, source_kind=source[0], source_id=source[1], withdrawn_at=None).first()
        if last is not None:
            if not again or invited.standing_of(last).is_usable:
                return last
            Invitation.objects.filter(pk=last.pk).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            type=type,
            person_key=guest.key,
            source_kind=source[0],
            source_id=source[1],
            first_names=guest.first_names,
            last_name=guest.last_name,
            birth_name=guest.birth_name,
            birth_date_text=guest.birth_date,
            email=guest.email,
            language=guest.language,
            reason=reason,
            permit_ends_on=permit_ends_on,
            pool=pool,
            token_hash=new_token()[1],  # until its own is known, which its number makes
            created_at=now,
            expires_at=expires_at or now + rules.INVITED_FOR,
        )
        invitation.token_hash = hash_token(keys.token_of_invitation(invitation.pk))
        invitation.save(update_fields=["token_hash"])
        events.record("appointment_invited", Subject(*source), by, visible=True, type=type.slug, office=type.office_id)
        telling.tell_invited(invitation)
    return invitation


def withdraw_invitation(invitation: Invitation, *, by: Actor, reason: "str | Promise" = "") -> Invitation:
    """Calls it off: its appointment to come is cancelled, and the person is told. Twice is once.

    ``reason`` is written in the mail of the cancelling: nothing of the person in it. A lazy text is said in their language.
    """
    with transaction.atomic():
        row = Invitation.objects.select_for_update(no_key=True, of=("self",)).select_related("type").get(pk=invitation.pk)
        if row.withdrawn_at is not None:
            return row
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        for booking in Booking.objects.filter(invitation=row, state__in=sorted(LIVE)).order_by("pk"):
            _let_go(booking, by, reason)
        events.record("appointment_called_off", Subject(row.source_kind, row.source_id), by, visible=True, type=row.type.slug)
    return row


LIVE = frozenset({State.HELD, State.TO_CONFIRM, State.CONFIRMED})


def _let_go(booking: Booking, by: Actor, reason: "str | Promise") -> None:
    row = moves.locked(booking.pk)  # the form may have been finished since it was read
    try:
        if row.state == State.HELD:
            with moves.transition(row, "lapse", by=events.SYSTEM, role=Role.SYSTEM):
                pass
        else:
            cancel_by_officer(row, by=by, reason=reason)
    except BookingRefused:
        return  # it has begun, or ended by itself meanwhile


def withdraw_invitations(source: Source, *, by: Actor, reason: "str | Promise" = "") -> int:
    """Calls off every invitation of a source that has not served yet; how many."""
    waiting = Invitation.objects.filter(source_kind=source[0], source_id=source[1], withdrawn_at=None).order_by("pk")
    done = 0
    for invitation in waiting:
        if invited.standing_of(invitation).state != invited.HONOURED:
            withdraw_invitation(invitation, by=by, reason=reason)
            done += 1
    return done
