"""The appointments to which an application calls its person: to take, to come, or what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guichet.applications.models import Application
from guichet.applications.moves import subject_of
from guichet.appointments import queries as appointments
from guichet.appointments.lifecycle import Role, State, may
from guichet.appointments.models import Booking
from guichet.appointments.queries import Invited
from guichet.core import clock
from guichet.core.dates import day_in_words

STATES: dict[str, tuple[Promise, str]] = {
    "open": (_("À prendre"), "warning"),
    "booked": (_("Pris"), "success"),
    "honoured": (_("Vous avez été reçu"), "info"),
    "missed": (_("Manqué"), "error"),
    "expired": (_("Délai passé"), "error"),
    "withdrawn": (_("Retiré"), "new"),
}
WAITS: tuple[Promise, str] = (_("À confirmer"), "warning")


@dataclass(frozen=True)
class Shown:
    """One invitation as the page says it."""

    invited: Invited
    until: str  # the last day to take it

    @property
    def badge(self) -> "tuple[str | Promise, str]":
        waits = self.booking is not None and self.booking.state == State.TO_CONFIRM
        return WAITS if waits and self.invited.state == "booked" else STATES[self.invited.state]

    @property
    def booking(self) -> Booking | None:
        return self.invited.booking

    @property
    def day(self) -> str:
        return f"{date_format(self._starts.date(), 'l')} {day_in_words(self._starts.date())}"

    @property
    def hour(self) -> str:
        return f"{self._starts:%H:%M}"

    @property
    def _starts(self) -> datetime:
        assert self.booking is not None  # the page asks for those that have one
        return self.booking.starts_at_local

    @property
    def was_missed(self) -> bool:
        """Nobody came the last time, and the invitation serves once more."""
        return self.invited.is_open and self.invited.misses > 0

    @property
    def address(self) -> str:
        return self.invited.invitation.type.text("address")

    @property
    def _is_to_come(self) -> bool:
        found = self.booking if self.invited.state == "booked" else None
        return found is not None and (found.must_move or found.slot.starts_at > clock.now())

    @property
    def may_cancel(self) -> bool:
        return self._is_to_come and self.booking is not None and may(self.booking.state, "cancel", [Role.PERSON])

    @property
    def may_move(self) -> bool:
        found = self.booking
        if not self._is_to_come or found is None:
            return False
        return may(found.state, "move", [Role.PERSON]) and found.may_choose_again

    @property
    def has_convocation(self) -> bool:
        found = self.booking
        return found is not None and found.state == State.CONFIRMED and not found.must_move and bool(found.convocation)


def shown(application: Application) -> list[Shown]:
    """What to show of an application, what is to be done first; of those that came to nothing, none that was made again.
    Two queries."""
    found = appointments.invitations_of_source(*subject_of(application))
    lines = [Shown(each, _until(each)) for each in found if not _was_made_again(each, found)]
    order = list(STATES)
    return sorted(lines, key=lambda line: order.index(line.invited.state))


def to_take(lines: Iterable[Shown]) -> Shown | None:
    """The first one whose date is still to be chosen."""
    return next((line for line in lines if line.invited.is_open), None)


def _until(each: Invited) -> str:
    zone = ZoneInfo(each.invitation.type.office.time_zone)
    return day_in_words(each.invitation.expires_at.astimezone(zone).date())


def _was_made_again(each: Invited, found: Iterable[Invited]) -> bool:
    newer = (one for one in found if one.invitation.type_id == each.invitation.type_id)
    return each.state in ("withdrawn", "expired", "missed") and next(newer) is not each
