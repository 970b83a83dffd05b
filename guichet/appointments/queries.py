"""Reads of appointments. The caller has already checked that who asks may see them."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from guichet.appointments import keys, lifecycle, releases, rules
from guichet.appointments.agendas.follow_up import ToMove, count_to_move, people_to_move
from guichet.appointments.agendas.making import hours_of
from guichet.appointments.agendas.planning import busiest, fullest_week, shares
from guichet.appointments.agendas.public_holidays import Holiday
from guichet.appointments.agendas.reads import (
    AgendaState,
    agenda_states,
    agenda_to_set_up,
    bookings_by_id,
    closure_of,
    closures_ahead,
    holidays_ahead,
    receiving_offices,
    reserved_shares,
    type_to_set_up,
    types_by_id,
    types_to_set_up,
    untaken_return,
    zone_of,
)
from guichet.appointments.agendas.stranded import replacements_of
from guichet.appointments.bookings.booking import confirm_until_if_asked
from guichet.appointments.bookings.claim_statements import LIVE_HOLD
from guichet.appointments.bookings.destinations import has_a_way, pool_to_move_in, receives, type_to_move_in
from guichet.appointments.bookings.finding import bookable, first_free, nearest_free, next_release
from guichet.appointments.bookings.references import tidy
from guichet.appointments.bookings.weeks import RANK, Cell, Week, week, week_etag
from guichet.appointments.desk.attendance import (
    Calls,
    DayFilters,
    DaySheet,
    booking_here,
    calls,
    day_sheet,
    numbers_of_today,
    office_called,
    queue,
    visit_of,
    visit_types,
    waiting_before,
    whole_day,
)
from guichet.appointments.desk.counter import CounterSlot, counter_first, counter_seats, counter_slot, counter_week
from guichet.appointments.desk.figures import DayFigures, figures, together
from guichet.appointments.desk.households import others_of
from guichet.appointments.desk.visits import today_of
from guichet.appointments.draws.reads import (
    current_draw,
    draw_file,
    draw_files,
    draw_of,
    draw_of_office,
    draws_of_office,
    draws_of_type,
    registration_by_token,
    result_of_code,
    slots_of_draw,
)
from guichet.appointments.invited import (
    Invited,
    invitation_by_token,
    invitation_of,
    invitations_of_source,
    is_of_one_of,
    open_of_sources,
    pools_of,
    standing_of,
)
from guichet.appointments.keys import of_number as key_of_number
from guichet.appointments.lifecycle import State
from guichet.appointments.models import Agenda, AppointmentType, Booking, Invitation, Slot
from guichet.appointments.models.agendas import PUBLIC
from guichet.appointments.moves import by_hour
from guichet.appointments.students.access_codes import key_of_student
from guichet.appointments.students.institutions import Institution, institutions
from guichet.appointments.students.situations import Situation, situation_of, situations, window_of
from guichet.appointments.students.stays import Window
from guichet.appointments.waiting.reads import (
    Order,
    attempt_of,
    last_offer_of,
    people_before,
    people_waiting,
    waiting_entry_by_token,
    waiting_entry_in_list,
    waiting_entry_of,
)
from guichet.core import clock
from guichet.core.identifiers import comparable, hash_token
from guichet.core.remembered import Remembered
from guichet.offices.models import Office

__all__ = [
    "RANK",
    "AgendaState",
    "Calls",
    "Cell",
    "CounterSlot",
    "DayFigures",
    "DayFilters",
    "DaySheet",
    "Holiday",
    "Institution",
    "Invited",
    "Order",
    "Situation",
    "ToMove",
    "Week",
    "Window",
    "agenda_of",
    "agenda_states",
    "agenda_to_set_up",
    "agendas_of",
    "attempt_of",
    "booking_by_reference",
    "booking_by_token",
    "booking_here",
    "booking_of",
    "bookings_by_id",
    "bookings_of_day",
    "bookings_of_source",
    "busiest",
    "calls",
    "closure_of",
    "closures_ahead",
    "confirm_until_if_asked",
    "count_to_move",
    "counter_first",
    "counter_seats",
    "counter_slot",
    "counter_week",
    "current_draw",
    "day_sheet",
    "draw_file",
    "draw_files",
    "draw_of",
    "draw_of_office",
    "draws_of_office",
    "draws_of_type",
    "figures",
    "first_free",
    "fullest_week",
    "has_a_way",
    "hold_of",
    "holidays_ahead",
    "hours_of",
    "institutions",
    "invitation_by_token",
    "invitation_of",
    "invitations_of_source",
    "is_available",
    "is_of_one_of",
    "kept_days",
    "key_of_number",
    "key_of_student",
    "last_offer_of",
    "nearest_free",
    "next_release",
    "numbers_of_today",
    "office_called",
    "open_of_sources",
    "others_of",
    "party_of",
    "people_before",
    "people_to_move",
    "people_waiting",
    "pool_to_move_in",
    "pools_of",
    "proof_kept_years",
    "queue",
    "receives",
    "receiving_offices",
    "registration_by_token",
    "replacements_of",
    "reserved_shares",
    "result_of_code",
    "same_name",
    "shares",
    "situation_of",
    "situations",
    "slot_of",
    "slots_of_draw",
    "standing_of",
    "today_of",
    "together",
    "token_of",
    "type_of",
    "type_to_move_in",
    "type_to_set_up",
    "types_by_id",
    "types_of",
    "types_to_set_up",
    "untaken_return",
    "visit_of",
    "visit_types",
    "waiting_before",
    "waiting_entry_by_token",
    "waiting_entry_in_list",
    "waiting_entry_of",
    "week",
    "week_etag",
    "whole_day",
    "window_of",
    "zone_of",
]

WHOLE = ("slot__agenda__office", "type__office")


def _read_type(address: tuple[str, str]) -> AppointmentType | None:
    types = AppointmentType.objects.select_related("office").filter(active=True)
    return types.filter(office__slug=address[0], slug=address[1]).first()


_types = Remembered("appointment_types", _read_type)


def type_of(office_slug: str, type_slug: str) -> AppointmentType | None:
    """An active type of an office, by the two words of its address, to be read and never changed: every page of the public
    asks for it. One short query, two when it changed."""
    return _types.get((office_slug, type_slug))


def types_of(office: Office | None = None) -> list[AppointmentType]:
    """The active types, of one office or of all, with their offices. One query."""
    types = AppointmentType.objects.select_related("office").filter(active=True)
    return list((types.filter(office=office) if office else types).order_by("office__name", "slug"))


def agendas_of(office: Office) -> list[Agenda]:
    """The agendas of an office with their hours, closures and types."""
    found = Agenda.objects.filter(office=office).select_related("office")
    return list(found.prefetch_related("hours", "closures", "types").order_by("slug"))


def agenda_of(office: Office, slug: str) -> Agenda | None:
    """One agenda of an office."""
    return Agenda.objects.filter(office=office, slug=slug).select_related("office").first()


def is_available(type: AppointmentType, *, pool: str = PUBLIC) -> bool:
    """Whether anything is free now. One query."""
    return bookable(type, pool=pool).exists()


def slot_of(type: AppointmentType, slot_id: int) -> Slot | None:
    """A slot of a type, with its agenda; None when it is none of its, or was withdrawn."""
    slots = Slot.objects.select_related("agenda").filter(agenda__types=type, withdrawn_at__isnull=True)
    return slots.filter(pk=slot_id).first()


# Bookings -----------------------------------------------------------------------------------------------------------------


def booking_of(booking_id: int) -> Booking | None:
    """A booking with its slot, agenda, type and office."""
    return Booking.objects.select_related(*WHOLE).filter(pk=booking_id).first()


def hold_of(session_key: str) -> Booking | None:
    """The place that a browser holds, its ten minutes not over. ``session_key`` is raw."""
    hashed = keys.of_session(session_key)
    held = Booking.objects.select_related(*WHOLE).filter(session_key=hashed, held_until__gt=clock.now())
    held = held.extra(where=[LIVE_HOLD])  # noqa: S610 - a constant
    return held.first() if hashed else None


def party_of(booking: Booking) -> list[Booking]:
    """Those who came with a booking, itself among them, in order of hour, whatever became of each. One query at most."""
    if booking.party_id is None:
        return [booking]
    return by_hour(Booking.objects.select_related(*WHOLE).filter(party=booking.party_id))


def booking_by_token(raw: str) -> Booking | None:
    """The booking of a mailed link, whatever its state; None once it is forgotten: nobody's link leads to it."""
    kept = Booking.objects.select_related(*WHOLE).filter(forgotten_at__isnull=True)
    return kept.filter(token_hash=hash_token(raw)).first() if raw else None


def booking_by_reference(reference: str, email: str) -> Booking | None:
    """The booking of a reference and the e-mail given with it, both as people type them."""
    found = Booking.objects.select_related(*WHOLE).filter(reference=tidy(reference)).first()
    given = email.strip().lower()
    return found if found is not None and given and found.email.strip().lower() == given else None


def kept_days() -> int:
    """For how many days is kept what people said to have an appointment, to wait, to take part in a draw or to have a code,
    once it is over."""
    return rules.FORGOTTEN_AFTER.days


def proof_kept_years() -> int:
    """For how many years after that of an attempt its certificate is kept."""
    return rules.PROOF_KEPT_YEARS


def token_of(booking: Booking) -> str:
    """The raw token of a booking's link: what the verbs of its person ask for. Never shown to who came by the reference."""
    return keys.token_of(booking.pk, booking.request_key, booking.addresses)


def bookings_of_day(office: Office, day: date) -> list[Booking]:
    """Everybody whom an office expects or received on one of its days, by hour. One query."""
    zone = ZoneInfo(office.time_zone)
    since, until = releases.at_wall(day, time(0), zone), releases.at_wall(day + timedelta(days=1), time(0), zone)
    shown = sorted((lifecycle.COUNTED | {State.CANCELLED}) - {State.HELD, State.RETURNING, State.OFFERED})
    found = Booking.objects.select_related(*WHOLE).filter(
        slot__agenda__office=office, slot__starts_at__gte=since, slot__starts_at__lt=until, state__in=shown
    )
    return list(found.order_by("slot__starts_at", "last_name", "id"))


def bookings_of_source(kind: str, id: str) -> list[Booking]:
    """The bookings made by the invitations of a source, the newest first. One query."""
    invitations = Invitation.objects.filter(source_kind=kind, source_id=id)
    found = Booking.objects.select_related(*WHOLE).filter(invitation__in=invitations)
    return list(found.order_by(F("asked_at").desc(nulls_last=True), "-id"))


def same_name(booking: Booking, last_name: str) -> bool:
    """Whether a name as typed is that of a booking: case, accents and spaces are forgiven."""
    given = comparable(last_name)
    return bool(given) and given in {comparable(booking.last_name), comparable(booking.birth_name)}
