"""Those who come together, on the day: who they are, all noted as arrived at once, never called to two desks.

Each has a booking and a visit of their own (``bookings.families``).
"""

from collections.abc import Iterable, Mapping

from django.db import transaction

from guichet.appointments import lifecycle, moves
from guichet.appointments.desk.on_the_day import check_in
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import Booking, Visit
from guichet.core.events import Actor
from guichet.offices.models import Office

SHOWN = (State.TO_CONFIRM, State.CONFIRMED, State.HONOURED, State.MISSED)


def others_of(bookings: Iterable[Booking]) -> Mapping[int, list[Booking]]:
    """By booking: those who come with it, in order of hour; who cancelled does not. One query, none when each comes alone."""
    mine = {booking.pk: booking.party_id for booking in bookings if booking.party_id}
    if not mine:
        return {}
    members = Booking.objects.filter(party__in=set(mine.values()), state__in=SHOWN)
    found = moves.by_hour(members.select_related("slot__agenda", "visit"))
    return {pk: [one for one in found if one.party_id == party and one.pk != pk] for pk, party in mine.items()}


def check_in_together(booking: Booking, office: Office, by: Actor) -> list[Visit]:
    """Everybody of a household is there: notes the arrival of those who are expected on that day, this one's too.

    Twice is once. Raises what ``check_in`` raises of the booking itself; the others who cannot come in are left as they are.
    """
    with transaction.atomic():
        rows = moves.locked_together(booking)
        mine = next(row for row in rows if row.pk == booking.pk)
        found = [check_in(mine, office, by)]
        for row in rows:
            same_day = row.starts_at_local.date() == mine.starts_at_local.date()
            expected = row.state == State.HONOURED or lifecycle.may(row.state, "check_in", [Role.OFFICER])
            if row.pk != mine.pk and same_day and expected:
                found.append(check_in(row, office, by))
    return found
