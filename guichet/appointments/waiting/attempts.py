"""Certificates of failed attempts: somebody looked for a place, the server saw that there was none, and dates it.

One per person, type and hour of the clock: asking again within the hour gives the same certificate. Called through ``actions``.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from guichet.appointments import keys, mailboxes, moves
from guichet.appointments.bookings.booking import Details, as_invited
from guichet.appointments.bookings.claiming import known_as
from guichet.appointments.bookings.finding import bookable, next_release
from guichet.appointments.errors import NotOpen
from guichet.appointments.models import AppointmentType, Attempt, Invitation, WaitingEntry
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.waiting import mails
from guichet.appointments.waiting.errors import PlacesFree
from guichet.appointments.waiting.reads import waiting_entry_in_list
from guichet.certificates import actions as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, events
from guichet.core.events import Subject

SHOWN = 60  # attempts that a certificate lists, the newest ones


def record_attempt(
    type: AppointmentType,
    details: Details,
    *,
    person_key: str | None = None,
    invitation: Invitation | None = None,
    permit_ends_on: date | None = None,
) -> Attempt:
    """Records that somebody who passed the bot check found nothing, and mails the certificate, whose number is on the row.

    It lists the attempts of the same person for this type. Where names are only typed, those made with the same address:
    else anybody who knows a name and a birth date would learn when somebody else tried.

    Raises ``PlacesFree`` when there is something to take at this very moment, ``NotOpen``, ``MailboxFull``, and what ``claim``
    raises of who one is.
    """
    if not type.active:
        raise NotOpen
    known, pool = known_as(type, person_key, invitation, permit_ends_on, PUBLIC)
    details = as_invited(invitation, details)
    key = known or details.key()
    address = "" if known else keys.of_address(details.email)
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    mine = Attempt.objects.select_related("type__office").filter(type=type, person_key=key, address_key=address)
    earlier = mine.filter(hour=hour).first()
    if earlier is not None:
        return earlier
    if bookable(type, pool=pool, at=now).exists():
        raise PlacesFree
    try:
        with mailboxes.one_mail_to(details.email), transaction.atomic():
            attempt = Attempt.objects.create(type=type, person_key=key, address_key=address, hour=hour, at=now)
            document = _certify(attempt, details, pool)
            attempt.document = document.number
            attempt.save(update_fields=["document"])
            events.record("attempt_recorded", Subject("attempt", str(attempt.pk)), moves.PERSON, type=type.pk)
            name = " ".join(part for part in (details.first_names, details.last_name) if part)
            mails.tell_attempt(attempt, name, details.email, document, waiting=_entry_of(attempt, details.email))
    except IntegrityError:
        return mine.get(hour=hour)  # the same form, a moment ago
    return attempt


def _entry_of(attempt: Attempt, email: str) -> WaitingEntry | None:
    """The place in the waiting list of who attempted, if it was taken with the address that the certificate goes to."""
    found = waiting_entry_in_list(attempt.type, person_key=attempt.person_key)
    return found if found is not None and found.email.lower() == email.lower() else None


def _certify(attempt: Attempt, details: Details, pool: str) -> OfficialDocument:
    # verify: no text gives such a certificate a legal effect; judges weigh repeated attempts (screen captures so far) when
    # asked to order an appointment. The certificate therefore states facts and claims nothing.
    type, office = attempt.type, attempt.type.office
    zone = ZoneInfo(office.time_zone)
    same = Attempt.objects.filter(type=type, person_key=attempt.person_key, address_key=attempt.address_key)
    found = list(same.order_by("-at", "-id")[:SHOWN])
    release = next_release(type, pool=pool)
    return certificates.issue(
        "failed_attempt",
        subject=("attempt", str(attempt.pk)),
        data={
            "issued_on": attempt.at.astimezone(zone).date(),
            "first_names": details.first_names,
            "last_name": details.last_name,
            "birth_name": details.birth_name,
            "birth_date": str(details.birth_date),
            "declared": type.identity == AppointmentType.Identity.NONE,
            "office_name": office.name,
            "office_city": office.city,
            "local_time": office.time_zone != settings.TIME_ZONE,
            "type_name": {"fr": type.name_fr, "en": type.name_en},
            "attempts": [_moment(one.at.astimezone(zone)) for one in reversed(found)],
            "count": same.count(),
            "next_release": _moment(release.astimezone(zone)) if release else None,
        },
        language=details.language,
        intent=f"attempt:{attempt.pk}",
    )


def _moment(wall: datetime) -> dict[str, str]:
    return {"day": f"{wall:%Y-%m-%d}", "hour": f"{wall:%H:%M}"}
