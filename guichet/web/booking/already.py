"""Whoever is in the waiting list already is not asked to join it: told so where the browser or an identity makes it known.

A name that was only typed makes nothing known: whoever types somebody else's learns nothing, the mail alone tells its owner.
"""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, WaitingEntry
from guichet.core.identifiers import hash_token
from guichet.web.booking import kept
from guichet.web.booking.identified import invitation_of
from guichet.web.booking.words import day_of_week

WAITING = "rdv_waiting"  # the token of the entry whose mailed link was opened last


def context_of(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """What ``parts/already_waiting.html`` needs. At most one query; none in a browser that told nothing of who it is."""
    entry = _entry_of(request, type)
    if entry is None:
        return {"already": None}
    token = str(request.session.get(WAITING, ""))
    return {
        "already": entry,
        "already_since": day_of_week(entry.joined_at.astimezone(ZoneInfo(type.office.time_zone))),
        "already_opened": bool(token) and hash_token(token) == entry.token_hash,  # its page shows without the link
        "others_may_join": type.identity == AppointmentType.Identity.NONE,  # with the device of somebody else
    }


def _entry_of(request: HttpRequest, type: AppointmentType) -> WaitingEntry | None:
    """The one that this browser entered, or that of who they were seen to be."""
    way = kept.way(request, type)
    joined = way.get("waiting")
    if type.identity == AppointmentType.Identity.NONE:
        key = ""
    elif type.identity == AppointmentType.Identity.INVITATION:
        invitation = invitation_of(request, type)
        key, joined = (invitation.person_key, None) if invitation else ("", None)
    else:
        key, joined = way.get("person_key", ""), None
    return appointments.waiting_entry_in_list(type, entry_id=joined, person_key=key) if joined or key else None
