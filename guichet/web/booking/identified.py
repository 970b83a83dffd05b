"""Who one said to be before choosing, where the type asks: what its pages kept, as the claim needs it."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from guichet.appointments.models import AppointmentType
from guichet.web.booking import kept


def proof_of_identity(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """The arguments of a claim that tell who it is for; none where the type asks for nothing."""
    way = kept.way(request, type)
    if type.identity == AppointmentType.Identity.NONE or not way.get("person_key"):
        return {}
    ends_on = way.get("permit_ends_on")
    return {"person_key": way["person_key"], "permit_ends_on": date.fromisoformat(ends_on) if ends_on else None}


def known_of(request: HttpRequest, type: AppointmentType) -> dict[str, Any]:
    """What the pages of identity know already of who comes: the details begin with it."""
    known = kept.way(request, type).get("student") or {}
    return {name: known[name] for name in ("first_names", "last_name", "birth_date", "email") if known.get(name)}
