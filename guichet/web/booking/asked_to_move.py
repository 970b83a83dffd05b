"""What somebody whose slot the office withdrew reads of their request: what is over, and where to choose again."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guichet.appointments import queries as appointments
from guichet.appointments.models import AppointmentType, Booking
from guichet.web.booking.words import local, week_of

STATE = (_("À déplacer"), "warning")


def where(standing: Sequence[Booking]) -> tuple[AppointmentType, str]:
    """The type, and the pool of its places, among which those who come together choose another slot."""
    first = _asked(standing) or standing[0]
    type = appointments.type_to_move_in(first)
    return type, appointments.pool_to_move_in(first, type)


def context_of(standing: Sequence[Booking]) -> dict[str, Any]:
    """For the page of a request; ``must_move`` alone when its slot stands. Four queries more when it does not."""
    first = _asked(standing)
    if first is None:
        return {"must_move": False}
    type, pool = where(standing)
    has_way = appointments.receives(type)
    near = appointments.nearest_free(type, first.slot.starts_at, pool=pool, party=len(standing)) if has_way else []
    zone = ZoneInfo(type.office.time_zone)
    return {
        "must_move": True,
        "has_way": has_way,
        "elsewhere": type if type.pk != first.type_id else None,
        "near": [{"moment": one, "url": _address(one)} for one in (local(slot, zone) for slot in near)],
        "state": STATE[0],
        "level": STATE[1],
        "waits": False,
        "is_confirmed": False,
    }


def _asked(standing: Sequence[Booking]) -> Booking | None:
    return next((one for one in standing if one.must_move), None)


def _address(one: Any) -> str:
    """The page where the date is changed, this slot selected."""
    return f"{reverse('booking:move')}?{urlencode({'semaine': week_of(one.starts_at), 'plage': one.slot_id})}"
