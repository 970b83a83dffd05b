"""Telling people what becomes of their appointment. In the transaction of what is told; one message per intent.

A mail holds the name of its reader and the appointment, nothing else about the person. Those who come together (``others``:
after the first, in order of hour) are told by one mail, which names them; each has a convocation.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from guichet.appointments import keys, moves
from guichet.appointments.bookings import destinations
from guichet.appointments.bookings.calendar_file import calendar_file
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Booking, Invitation
from guichet.appointments.models.agendas import in_language
from guichet.appointments.students.situations import situation_documents
from guichet.certificates import actions as certificates
from guichet.certificates.models import OfficialDocument
from guichet.core import clock, storage
from guichet.core.dates import day_in_words
from guichet.messaging.actions import Attachment, send_mail


def link_of(booking: Booking) -> str:
    """The address of the page of a booking, for whoever reads its mail."""
    return f"{settings.SITE_URL}/rdv/demande/{keys.token_of(booking.pk, booking.request_key, booking.addresses)}/"


def day_and_hour(moment: datetime) -> str:
    """«lundi 6 février 2026 à 10:15», in the active language; the moment on the clock of the office's wall."""
    day = f"{date_format(moment.date(), 'l')} {day_in_words(moment.date())}"
    return gettext("%(day)s à %(hour)s") % {"day": day, "hour": f"{moment:%H:%M}"}


def minutes_of(booking: Booking) -> int:
    """How long the appointment lasts."""
    slot = booking.slot
    return booking.type.duration_minutes or int((slot.ends_at - slot.starts_at).total_seconds() // 60)


def tell_asked(booking: Booking, *others: Booking, again: str = "") -> None:
    """To confirm before a time, or to delete. ``again``: which time it is written once more, to whoever did not get it."""
    assert booking.confirm_until  # by the move
    with translation.override(booking.language):
        until = day_and_hour(booking.confirm_until.astimezone(booking.slot.agenda.zone))
        if booking.slot.agenda.timezone != settings.TIME_ZONE:
            until = f"{until} {gettext('(heure de %(city)s)') % {'city': booking.type.office.city}}"
    what = f"asked:{booking.moves}" + (f":{booking.addresses}" if booking.addresses else "")
    _mail(booking, f"{what}{again}", "appointment_asked", {"until": until, "people": _people(booking, *others)})


def tell_confirmed(booking: Booking, *others: Booking) -> None:
    """The convocation, the papers to bring, a file for calendars. Without an address the convocation is printed at the desk."""
    said = {"people": _people(booking, *others)}
    _mail(booking, f"confirmed:{booking.moves}", "appointment_confirmed", said, _papers(booking, *others))


def tell_moved(booking: Booking, *others: Booking) -> None:
    """The new day; with a new convocation when the appointment is confirmed, else until when to confirm."""
    if booking.state != State.CONFIRMED:
        tell_asked(booking, *others)
        return
    _revoke_convocations(booking, *others)
    said = {"people": _people(booking, *others)}
    _mail(booking, f"moved:{booking.moves}", "appointment_moved", said, _papers(booking, *others))


def tell_lapsed(booking: Booking, *others: Booking) -> None:
    """Not confirmed in time: the place is free again."""
    _mail(booking, "lapsed", "appointment_lapsed", {"people": _people(booking, *others)})


def tell_cancelled(booking: Booking, *others: Booking, reason: "str | Promise" = "", staying: Sequence[Booking] = ()) -> None:
    """By the person or, with a reason, by the office. Where a file for calendars was sent, another one takes it out; where some
    of the family are ``staying``, it keeps the hours of theirs."""
    _revoke_convocations(booking, *others)
    attachments = _put_back(*staying) if staying else _taken_out(booking)
    said = {
        "reason": reason,
        "invitation": _may_use_again(booking),
        "was_invited": booking.invitation is not None,
        "people": _people(booking, *others, always=bool(staying)),
        "staying": _people(*staying, always=True),
    }
    _mail(booking, "cancelled", "appointment_cancelled", said, attachments)


def _may_use_again(booking: Booking) -> str:
    """The link of the invitation, which serves again; empty when there is none, or it is over."""
    invitation = booking.invitation
    if invitation is None or invitation.withdrawn_at is not None or invitation.expires_at <= clock.now():
        return ""
    return invitation_link(invitation)


def tell_reminder(booking: Booking, *others: Booking, days: int) -> None:
    """So many days before: what to bring, and how to give the place to somebody else."""
    _mail(
        booking, f"reminder:{days}:{booking.moves}", "appointment_reminder", {"days": days, "people": _people(booking, *others)}
    )


def tell_withdrawn(booking: Booking, reason: str) -> None:
    """The office receives nobody that day after all: choose another slot by the same link, where the mail says; else the
    office writes again. Each time the slot goes."""
    type = destinations.type_to_move_in(booking)
    said: dict[str, Any] = {"reason": reason, "has_way": destinations.has_a_way(booking)}
    if type.pk != booking.type_id:
        with translation.override(booking.language):
            said["elsewhere_type"] = {"name": type.name, "office": type.office.name, "address": type.text("address")}
    intent = f"withdrawn:{booking.slot_id}:{booking.slot.version}"
    _mail(booking, intent, "appointment_withdrawn", said, _taken_out(booking))


def tell_restored(booking: Booking) -> None:
    """The office receives on that day again: nothing to choose. Each time the slot comes back."""
    together = Booking.objects.filter(party=booking.party_id) if booking.party_id else Booking.objects.filter(pk=booking.pk)
    standing = together.filter(state=State.CONFIRMED).select_related("slot__agenda", "type__office", "party")
    papers = _put_back(*moves.by_hour(standing))
    _mail(booking, f"restored:{booking.slot_id}:{booking.slot.version}", "appointment_restored", {}, papers)


def invitation_link(invitation: Invitation) -> str:
    """The address of an invitation, for whoever reads its mail."""
    return f"{settings.SITE_URL}/rdv/invitation/{keys.token_of_invitation(invitation.pk)}/"


def tell_invited(invitation: Invitation) -> None:
    """Where to choose a date, and until when. Why is read on the person's own pages."""
    if not invitation.email:
        return
    office = invitation.type.office
    with translation.override(invitation.language):
        context = {
            "name": invitation.display_name,
            "type": invitation.type.name,
            "office": office.name,
            "until": day_in_words(invitation.expires_at.astimezone(ZoneInfo(office.time_zone)).date()),
            "documents": invitation.type.documents_to_bring,
            "link": invitation_link(invitation),
        }
        send_mail(
            intent=f"appointment-invitation:{invitation.pk}",
            address=invitation.email,
            language=invitation.language,
            template="appointment_invitation",
            context=context,
        )


def documents_of(booking: Booking) -> list[dict[str, str]]:
    """What to bring, as ``{"fr", "en"}``: the list of the type, then what the student's own situation asks for besides."""
    found = [dict(each) for each in booking.type.documents]
    return found + [dict(each) for each in situation_documents(booking.situation) if dict(each) not in found]


def _mail(booking: Booking, what: str, template: str, said: dict[str, Any], attachments: Sequence[Attachment] = ()) -> None:
    if not booking.email:
        return  # booked at the counter by somebody without an address: the paper was handed over
    slot = booking.slot
    with translation.override(booking.language):
        context = {
            "name": (booking.party or booking).display_name,  # of those who come together the first gave the address
            "type": booking.type.name,
            "office": booking.type.office.name,
            "address": booking.type.text("address"),
            "when": day_and_hour(slot.starts_at.astimezone(slot.agenda.zone)),
            "minutes": minutes_of(booking),
            "elsewhere": slot.agenda.timezone != settings.TIME_ZONE,
            "city": booking.type.office.city,
            "documents": [in_language(each) for each in documents_of(booking)],
            "reference": booking.reference,
            "asked_on": day_in_words(clock.paris_date(booking.asked_at or booking.claimed_at)),
            "link": link_of(booking),
            "confirmed": booking.state == State.CONFIRMED,
            "calendar": bool(attachments),
            **said,
        }
        send_mail(
            intent=f"appointment:{booking.pk}:{what}",
            address=booking.email,
            language=booking.language,
            template=template,
            context=context,
            attachments=attachments,
        )


def _people(*bookings: Booking, always: bool = False) -> list[dict[str, str]]:
    """Those who come together, as a mail names them; nobody when one comes alone, unless ``always``."""
    if len(bookings) < 2 and not always:
        return []
    return [
        {"name": one.display_name, "hour": f"{one.starts_at_local:%H:%M}", "reference": one.reference or ""} for one in bookings
    ]


def _revoke_convocations(*bookings: Booking) -> None:
    for one in bookings:
        if one.convocation:
            certificates.revoke(one.convocation)


def _papers(*bookings: Booking) -> list[Attachment]:
    """The convocation of each and one calendar file; the number of a convocation is kept with its booking."""
    documents = [issue_convocation(one) for one in bookings]
    files = [Attachment(name=f"{document.number}.pdf", key=document.key) for document in documents]
    return [*files, _calendar(bookings[0], "PUBLISH", *bookings[1:])]


def _taken_out(booking: Booking) -> list[Attachment]:
    """The file that takes an appointment out of calendars, where one put it in."""
    return [_calendar(booking, "CANCEL")] if booking.convocation else []


def _put_back(*bookings: Booking) -> list[Attachment]:
    """The file with the hours of those who come, where one was sent before and nobody of them has to choose another slot."""
    stand = bool(bookings) and all(one.convocation and not one.must_move for one in bookings)
    return [_calendar(bookings[0], "PUBLISH", *bookings[1:])] if stand else []


def _calendar(booking: Booking, method: str, *others: Booking) -> Attachment:
    key = storage.keep(calendar_file(booking, method, others), folder="convocations", suffix=".ics")
    with translation.override(booking.language):
        name = gettext("rendez-vous")
    return Attachment(name=f"{name}.ics", key=key, content_type=f"text/calendar; method={method}; charset=utf-8", own=True)


def issue_convocation(booking: Booking) -> OfficialDocument:
    """The convocation of a confirmed appointment: one for each day it was given."""
    office = booking.type.office
    start, end = booking.starts_at_local, booking.ends_at_local
    document = certificates.issue(
        "convocation",
        subject=("booking", str(booking.pk)),
        data={
            "reference": booking.reference,
            "issued_on": clock.today(),
            "first_names": booking.first_names,
            "last_name": booking.last_name,
            "birth_name": booking.birth_name,
            "birth_date": booking.birth_date_text,
            "office_name": office.name,
            "office_city": office.city,
            "address": {key: booking.type.texts.get("address", {}).get(key, "") for key in ("fr", "en")},
            "type_name": {"fr": booking.type.name_fr, "en": booking.type.name_en},
            "day": start.date(),
            "starts": f"{start:%H:%M}",
            "ends": f"{end:%H:%M}",
            "minutes": minutes_of(booking),
            "local_time": booking.slot.agenda.timezone != settings.TIME_ZONE,
            "documents": documents_of(booking),
            "by_mail": bool(booking.email),
        },
        language=booking.language,
        intent=f"convocation:{booking.pk}:{booking.moves}",
    )
    booking.convocation = document.number
    booking.save(update_fields=["convocation"])
    return document
