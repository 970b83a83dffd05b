"""An appointment as a file for calendars (iCalendar, RFC 5545)."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event, vCalAddress

from guichet.appointments.models import Booking
from guichet.appointments.moves import subject_of
from guichet.core import clock
from guichet.core.events import timeline

REMINDED_BEFORE = timedelta(days=1)
# Events of the log that change what a calendar shows, beside moves, which are counted on the booking.
CHANGES = ("slot_withdrawn", "slot_restored", "appointment_cancelled")
A_YEAR = timedelta(days=365)  # of the time zone's definition, on each side: a century of it would be ten times the file


def calendar_file(booking: Booking, method: str = "PUBLISH", others: Sequence[Booking] = ()) -> bytes:
    """The file of a booking, in its language. Moved, it replaces itself in the calendar: same UID, next sequence; with the
    method ``CANCEL`` (RFC 5546), it is taken out of it. It lasts until the last of the ``others``, who come together.

    Hours bear the name of the office's time zone, with its definition: right wherever the calendar is read.
    """
    office = booking.type.office
    with translation.override(booking.language):
        event = Event()
        known_by = booking.party or booking
        event.add("uid", f"{known_by.reference}@{urlsplit(settings.SITE_URL).hostname}")
        event.add("sequence", _sequence(booking))
        event.add("dtstamp", clock.now())
        event.add("dtstart", booking.starts_at_local)
        event.add("dtend", max(one.ends_at_local for one in (booking, *others)))
        event.add("summary", booking.type.name)
        event.add("location", booking.type.text("address") or f"{office.name}, {office.city}")
        event.add(
            "description",
            gettext("Référence : %(reference)s. Venez 10 minutes avant l'heure, avec la convocation et les documents demandés.")
            % {"reference": booking.reference},
        )
        event.add("organizer", _organizer(office.name))
        event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
        if method != "CANCEL":
            event.add_component(_alarm(booking.type.name))
    calendar = Calendar()
    calendar.add("prodid", "-//Guichet//Guichet//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    day = booking.starts_at_local.date()
    calendar.add_missing_timezones(first_date=day - A_YEAR, last_date=day + A_YEAR)
    return bytes(calendar.to_ical())


def _sequence(booking: Booking) -> int:
    """How often the event changed: moves, and what the log says of those who come together. Calendars believe the highest."""
    if booking.party_id is None:
        subjects = [subject_of(booking)]
    else:
        subjects = [subject_of(one) for one in Booking.objects.filter(party=booking.party_id).only("pk")]
    return booking.moves + sum(timeline(each).filter(kind__in=CHANGES).count() for each in subjects)


def _organizer(name: str) -> vCalAddress:
    """Both methods ask for one; the address is that of our mails, which nobody reads."""
    organizer = vCalAddress(f"MAILTO:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["cn"] = name
    return organizer


def _alarm(text: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -REMINDED_BEFORE)
    return alarm
