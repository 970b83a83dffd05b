"""Data of appointments, by subject."""

from guichet.appointments.models.access_codes import AccessCode, ComeBack
from guichet.appointments.models.agendas import Agenda, AppointmentType, Closure, OpeningHours, Slot
from guichet.appointments.models.bookings import ACTIVE, COUNTED, Booking
from guichet.appointments.models.desk import Visit
from guichet.appointments.models.draws import Draw, DrawFile, DrawRegistration
from guichet.appointments.models.invitations import Invitation
from guichet.appointments.models.waiting import Attempt, Offer, WaitingEntry

__all__ = [
    "ACTIVE",
    "COUNTED",
    "AccessCode",
    "Agenda",
    "AppointmentType",
    "Attempt",
    "Booking",
    "Closure",
    "ComeBack",
    "Draw",
    "DrawFile",
    "DrawRegistration",
    "Invitation",
    "Offer",
    "OpeningHours",
    "Slot",
    "Visit",
    "WaitingEntry",
]
