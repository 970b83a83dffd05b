"""Where somebody whose slot the office withdrew chooses another one: among those of the same type, else of the type that the
office put in its place. Nobody is left without a way: where there is neither, the office writes to them itself."""

from guichet.appointments.models import AppointmentType, Booking
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


def pool_to_move_in(booking: Booking, type: AppointmentType) -> str:
    """The pool among whose slots it may be moved: its own, unless that has no hours where it has to go."""
    pool = booking.slot.pool
    if not booking.must_move or pool == PUBLIC:
        return pool
    return pool if type.agendas.filter(active=True, hours__pool=pool).exists() else PUBLIC
