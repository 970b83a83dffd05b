"""What the session keeps of a booking on its way, type by type: going back loses nothing. The cookie holds a key only."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Booking
from guichet.core.identifiers import new_token

WAYS = "rdv_ways"  # {type id: what was chosen}
BROWSER = "rdv_browser"  # what holds are tied to
INVITATION = "rdv_invitation"  # the id of the invitation whose link was opened last
LOST = "rdv_links_asked"  # the e-mail address of who looks for what they lost
REQUEST = "rdv_request"  # the request that is being looked at: {"id", "token"}


def way(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """What was chosen so far for a type: ``accepted``, ``slot``, ``party`` (how many people), ``request_key``,
    ``typed``, ``left`` (what was typed in a form that was not sent whole), ``booking``; and by the pages that ask who one is,
    ``person_key``, ``permit_ends_on`` (ISO), ``invitation``, ``identified`` (what the page shows)."""
    ways: dict[str, dict[str, Any]] = request.session.get(WAYS) or {}
    return dict(ways.get(str(type.pk), {}))


def keep(request: HttpRequest, type: AppointmentType, **values: Any) -> None:
    """Keeps values for a type; ``None`` forgets one."""
    ways = dict(request.session.get(WAYS) or {})
    kept = {**ways.get(str(type.pk), {}), **values}
    ways[str(type.pk)] = {name: value for name, value in kept.items() if value is not None}
    request.session[WAYS] = ways


def forget(request: HttpRequest, type: AppointmentType) -> None:
    """Everything that was chosen for a type."""
    ways = dict(request.session.get(WAYS) or {})
    ways.pop(str(type.pk), None)
    request.session[WAYS] = ways


def choose(request: HttpRequest, type: AppointmentType, slot_id: int, party: int = 1) -> None:
    """A slot was chosen, for so many people: the claim to come is a new request."""
    keep(request, type, slot=slot_id, party=party if party > 1 else None, request_key=str(uuid4()))


def request_key(request: HttpRequest, type: AppointmentType) -> UUID:
    return UUID(way(request, type)["request_key"])


def browser(request: HttpRequest) -> str:
    """The secret of this browser, made when first needed (by a POST); empty in a browser that never chose anything."""
    if request.method == "POST" and BROWSER not in request.session:
        request.session[BROWSER] = new_token()[0]
    return str(request.session.get(BROWSER, ""))


def hold(request: HttpRequest, type: AppointmentType) -> Booking | None:
    """The place that this browser holds for a type, for whom one said to be, its time not over. One query, none in a new
    browser."""
    held = any_hold(request, type)
    known = way(request, type)
    if held is None or held.invitation_id != known.get("invitation"):
        return None
    is_theirs = type.identity != AppointmentType.Identity.STUDENT or held.person_key == known.get("person_key")
    return held if is_theirs else None


def any_hold(request: HttpRequest, type: AppointmentType) -> Booking | None:
    """The same, even if it was taken for somebody else with this browser."""
    secret = browser(request)
    held = appointments.hold_of(secret) if secret else None
    return held if held is not None and held.type_id == type.pk else None


def look_at(request: HttpRequest, booking: Booking, token: str = "") -> None:
    """The request page is about this booking from now on. ``token``: of the mailed link, when it came by it."""
    request.session[REQUEST] = {"id": booking.pk, "token": token}


def looked_at(request: HttpRequest) -> tuple[Booking, str] | None:
    """The booking that this browser may look at, and the token of its link (empty when found by its reference)."""
    known = request.session.get(REQUEST)
    if not known:
        return None
    booking = appointments.booking_of(known["id"])
    return (booking, str(known["token"])) if booking is not None else None


def look_at_invitation(request: HttpRequest, invitation_id: int | None) -> None:
    """The link of this invitation was opened; ``None``: of none."""
    request.session[INVITATION] = invitation_id


def invitation_looked_at(request: HttpRequest) -> int | None:
    return request.session.get(INVITATION)


def lost_with(request: HttpRequest, email: str) -> None:
    """Whoever is led to where requests are found again finds this address typed already."""
    request.session[LOST] = email
