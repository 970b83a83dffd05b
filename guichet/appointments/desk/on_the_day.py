"""What officers do with appointments on the day: who arrived, who did not come. Called through ``actions``."""

from django.db import transaction

from guichet.appointments import lifecycle, moves, rules
from guichet.appointments.bookings.references import scanned
from guichet.appointments.desk import visits
from guichet.appointments.desk.attendance import bounds
from guichet.appointments.desk.errors import (
    NoSuchReference,
    NotExpected,
    NotYetMissed,
    OtherDay,
    OtherOffice,
    ReferenceNeeded,
    TooLateToUndo,
)
from guichet.appointments.lifecycle import Role, State
from guichet.appointments.models import Booking, Visit
from guichet.core import clock
from guichet.core.events import Actor
from guichet.offices.models import Office

SHORT = 4  # letters and digits at the end of a reference: what the screen shows of it


def by_reference(reference: str) -> Booking:
    """The booking of a reference as it was typed or scanned; ``NoSuchReference``."""
    whole = Booking.objects.select_related("slot__agenda__office", "type__office", "visit")
    found = whole.filter(reference=scanned(reference)).first()
    if found is None:
        raise NoSuchReference
    return found


def arriving(office: Office, typed: str) -> Booking:
    """Whose arrival is meant by what was scanned or typed: a reference, or the end of one of today's at this office.

    Raises ``ReferenceNeeded``, ``NoSuchReference``.
    """
    if not typed.strip():
        raise ReferenceNeeded
    try:
        return by_reference(typed)
    except NoSuchReference:
        end = "".join(char for char in typed.upper() if char.isalnum()).removeprefix("RDV")
        if len(end) != SHORT:
            raise
        since, until = bounds(office, visits.today_of(office))
        whole = Booking.objects.select_related("slot__agenda__office", "type__office", "visit")
        today = whole.filter(slot__agenda__office=office, slot__starts_at__gte=since, slot__starts_at__lt=until)
        found = list(today.filter(reference__endswith=f"-{end}")[:2])
        if len(found) != 1:  # two of the same end: the whole reference tells them apart
            raise
        return found[0]


def check_in(booking: Booking, office: Office, by: Actor) -> Visit:
    """Somebody who has an appointment has arrived, and waits from now on. Twice is once; who had left is back.

    Raises ``OtherOffice``, ``OtherDay``, ``NotExpected`` (cancelled, not confirmed, …).
    """
    if booking.slot.agenda.office_id != office.pk:
        raise OtherOffice(booking.slot.agenda.office)
    now = clock.now()
    with transaction.atomic():
        row = moves.locked(booking.pk)
        day = now.astimezone(row.slot.agenda.zone).date()
        if row.starts_at_local.date() != day:
            raise OtherDay(row.starts_at_local, is_past=row.starts_at_local.date() < day)
        if row.state != State.HONOURED:
            if not lifecycle.may(row.state, "check_in", [Role.OFFICER]):
                raise NotExpected(row.state)
            with moves.transition(row, "check_in", by=by, role=Role.OFFICER, at=now) as arrived:
                arrived.arrived_at = now
        return visits.open_visit(row, by, now)


def mark_missed(booking: Booking, by: Actor) -> Booking:
    """Nobody came. Not before the appointment began. Twice is once. Raises ``NotYetMissed``, ``NotExpected``."""
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.MISSED:
            return row
        if row.slot.starts_at > clock.now():
            raise NotYetMissed
        if not lifecycle.may(row.state, "mark_missed", [Role.OFFICER]):
            raise NotExpected(row.state)
        with moves.transition(row, "mark_missed", by=by, role=Role.OFFICER):
            pass
        return row


def correct_presence(booking: Booking, by: Actor) -> Booking:
    """Somebody came on an earlier day and nobody noted it: said afterwards, within a month. When they came is not known.

    Raises ``NotExpected``. Twice is once.
    """
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.HONOURED:
            return row
        now = clock.now()
        day, today = row.starts_at_local.date(), now.astimezone(row.slot.agenda.zone).date()
        if not day < today <= day + rules.CORRECTED_WITHIN or not lifecycle.may(row.state, "check_in", [Role.OFFICER]):
            raise NotExpected(row.state)
        with moves.transition(row, "check_in", by=by, role=Role.OFFICER, at=now, afterwards=True):
            pass
        return row


def undo_check_in(booking: Booking, by: Actor) -> Booking:
    """The wrong line was pressed: the person is expected again. Raises ``TooLateToUndo`` once they were called."""
    with transaction.atomic():
        row = moves.locked(booking.pk)
        if row.state == State.CONFIRMED:
            return row
        today = clock.now().astimezone(row.slot.agenda.zone).date()
        if row.starts_at_local.date() != today or not visits.close_uncalled(row):
            raise TooLateToUndo
        with moves.transition(row, "undo_check_in", by=by, role=Role.OFFICER) as expected:
            expected.arrived_at = None
        return row
