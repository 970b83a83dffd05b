"""Where somebody whose slot the office withdrew chooses another one: among those of the same type, else of the type that the
office put in its place. Nobody is left without a way: where there is neither, the office writes to them itself."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from guichet.appointments.models import Agenda, AppointmentType, Booking
from guichet.appointments.models.agendas import PUBLIC

LONGEST_WAY = 5  # types put one in the place of the other


def receives(type: AppointmentType) -> bool:
    """Whether some agenda of a type is open, with hours. One query."""
    return type.agendas.filter(active=True, hours__isnull=False).exists()


def type_to_move_in(booking: Booking) -> AppointmentType:
    """The type among whose slots a booking may be moved: its own, as long as it has an open agenda or its slot stands."""
    found = booking.type
    if not booking.must_move:
        return found
    for _step in range(LONGEST_WAY):
        if receives(found) or found.replaced_by is None:
            return found
        found = found.replaced_by
    return booking.type


def has_a_way(booking: Booking) -> bool:
    """Whether a booking whose slot was withdrawn can be moved by its person, now or when slots are next released."""
    return receives(type_to_move_in(booking))


def ways_of(types: Iterable[int]) -> dict[int, bool]:
    """Of these types, by id, which have people who can choose another slot: theirs, or that of the type that replaces them.
    One query for each type that stands in the place of another, however many types there are."""
    at = {type: type for type in types}
    ways = dict.fromkeys(at, False)
    with_hours = Agenda.objects.filter(types=OuterRef("pk"), active=True, hours__isnull=False)
    for _step in range(LONGEST_WAY):
        rows = AppointmentType.objects.filter(pk__in=set(at.values())).annotate(receives=Exists(with_hours))
        seen = {row.pk: row for row in rows}
        ways.update({type: True for type, here in at.items() if seen[here].receives})
        following = {type: seen[here].replaced_by_id for type, here in at.items() if not ways[type]}
        at = {type: after for type, after in following.items() if after is not None}
        if not at:
            break
    return ways


def pool_to_move_in(booking: Booking, type: AppointmentType) -> str:
    """The pool among whose slots it may be moved: its own, unless that has no hours where it has to go."""
    pool = booking.slot.pool
    if not booking.must_move or pool == PUBLIC:
        return pool
    return pool if type.agendas.filter(active=True, hours__pool=pool).exists() else PUBLIC
