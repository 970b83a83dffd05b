"""Who waits at the office, and who is called to which desk. Called through ``actions``, which the caller has authorised.

Two officers never call the same person: the row of whoever is called is locked, and what others hold is passed over. A desk
has one person at a time, which the database says too.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Exists, Max, OuterRef, QuerySet, Value, When

from guichet.appointments import rules
from guichet.appointments.desk.errors import DeskBusy, DeskNeeded, NobodyWaits, OnlyTheirFamilyWaits, VisitMoved
from guichet.appointments.models import AppointmentType, Booking, Visit
from guichet.appointments.visit_moves import BY_VERB, Stage
from guichet.core import clock, events
from guichet.core.events import Actor, Subject
from guichet.offices.models import Office

# What one may need in order to be received. Priority in queues: article L241-3 of the code of social action and families
# (the card «mobilité inclusion»). verify: the cases in which an office gives it without the card.
PRIORITY = "priority"
NEEDS = (PRIORITY, "step_free", "sign_language", "interpreter")


FIRST_RANK, LAST_RANK = 0, 1


def rank_of(needs: Sequence[str]) -> int:
    """Who is called before the others, by right."""
    return FIRST_RANK if PRIORITY in needs else LAST_RANK


def today_of(office: Office, now: datetime | None = None) -> date:
    """The day it is at the office."""
    return (now or clock.now()).astimezone(ZoneInfo(office.time_zone)).date()


def subject_of(visit: Visit) -> Subject:
    return Subject("visit", str(visit.pk))


# Arriving -----------------------------------------------------------------------------------------------------------------


def open_visit(booking: Booking, by: Actor, now: datetime) -> Visit:
    """The visit of somebody whose booking was checked in, made once; who had left waits again. In the caller's transaction."""
    visit = Visit.objects.filter(booking=booking).first()
    if visit is not None:
        return move(visit, "come_back", by) if visit.stage == Stage.LEFT else visit
    office = _locked(booking.slot.agenda.office)
    day = today_of(office, now)
    assert booking.reference  # of whoever is expected
    short = f"RDV-{booking.reference[-4:]}"
    is_taken = Visit.objects.filter(office=office, day=day, ticket=short).exists()
    is_late = now > booking.slot.starts_at + rules.LATE_AFTER
    return Visit.objects.create(
        office=office,
        day=day,
        ticket=booking.reference if is_taken else short,
        booking=booking,
        type=booking.type,
        language=booking.language,
        due_at=now if is_late else booking.slot.starts_at,
        arrived_at=now,
    )


def close_uncalled(booking: Booking) -> bool:
    """Removes the visit of a check-in that was a mistake; False when the person was called already. In a transaction."""
    waiting = Visit.objects.select_for_update(no_key=True).filter(booking=booking, stage=Stage.WAITING, calls=0)
    return bool(waiting.delete()[0]) or not Visit.objects.filter(booking=booking).exists()


def take_number(
    office: Office,
    by: Actor,
    *,
    request_key: UUID,
    type: AppointmentType | None = None,
    language: str = "fr",
    needs: tuple[str, ...] = (),
) -> Visit:
    """A number of the day for somebody without appointment. The same form twice is one number; no number is given twice."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(office)
        earlier = Visit.objects.filter(request_key=request_key, office=row).first()
        if earlier is not None:
            return earlier
        day = today_of(row, now)
        last = Visit.objects.filter(office=row, day=day).aggregate(last=Max("number"))["last"] or 0
        kept = [need for need in NEEDS if need in needs]
        visit = Visit.objects.create(
            office=row,
            day=day,
            ticket=ticket_of(last + 1),
            number=last + 1,
            type=type,
            language=language,
            needs=kept,
            rank=rank_of(kept),
            due_at=now,
            arrived_at=now,
            request_key=request_key,
        )
        events.record("number_taken", subject_of(visit), by, ticket=visit.ticket)
    return visit


def ticket_of(number: int) -> str:
    """1 → ``A001``, 999 → ``A999``, 1000 → ``B001``."""
    letter, rest = divmod(number - 1, 999)
    return f"{chr(ord('A') + letter % 26)}{rest + 1:03}"


def _locked(office: Office) -> Office:
    """Numbers and tickets of an office are given one after another."""
    return Office.objects.select_for_update(no_key=True).get(pk=office.pk)


# Waiting and being called ---------------------------------------------------------------------------------------------------


def waiting(office: Office, *, type: AppointmentType | None = None, now: datetime | None = None) -> "QuerySet[Visit]":
    """Who waits, in the order of being called: those with priority, then appointments whose hour has come, then numbers in
    the order of arrival, then who is early for an appointment. ``type``: for one type only."""
    moment = now or clock.now()
    turn = Case(
        When(booking__isnull=False, due_at__lte=moment, then=Value(0)),
        When(booking__isnull=True, then=Value(1)),
        default=Value(2),
    )
    found = Visit.objects.filter(office=office, day=today_of(office, moment), stage=Stage.WAITING)
    if type is not None:
        found = found.filter(type=type)
    return found.annotate(turn=turn).order_by("rank", "turn", "due_at", "id")


def tidy_desk(typed: str) -> str:
    """The name of a desk as the screen shows it: «3», «B12». Raises ``DeskNeeded`` without one."""
    desk = " ".join(typed.split()).upper()[:12]
    if not desk:
        raise DeskNeeded
    return desk


def call_next(
    office: Office, desk: str, by: Actor, *, type: AppointmentType | None = None, after: Visit | None = None
) -> Visit:
    """Calls whose turn it is to a desk. ``after``: who was just received there; those who came with them are next.

    Nobody is called away from those they came with: while one of a household is at a desk, the others wait.
    Raises ``DeskNeeded``, ``DeskBusy``, ``NobodyWaits``, ``OnlyTheirFamilyWaits``.
    """
    name = tidy_desk(desk)
    now = clock.now()
    try:
        with transaction.atomic():
            _must_be_free(office, name, now)
            rows = waiting(office, type=type, now=now)
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True, of=("self",))
            row = _of_same_party(rows, after) or rows.exclude(_is_expected_at_a_desk(office, now)).first()
            if row is None:
                # Read again, and without those whom somebody else is calling at this very moment.
                held_back = waiting(office, type=type, now=now).filter(_is_expected_at_a_desk(office, now))
                raise OnlyTheirFamilyWaits if held_back.exists() else NobodyWaits
            return _call(row, "call", name, now, by)
    except IntegrityError:
        # Somebody else called to this very desk at this very moment, or the button was pressed twice.
        _must_be_free(office, name, now)
        raise


def _of_same_party(rows: "QuerySet[Visit]", after: Visit | None) -> Visit | None:
    party = after.booking.party_id if after is not None and after.booking is not None else None
    return rows.filter(booking__party=party).first() if party else None


def _is_expected_at_a_desk(office: Office, now: datetime) -> Exists:
    """Whether one of those who came together with the visitor is at a desk."""
    there = Visit.objects.filter(office=office, day=today_of(office, now), stage=Stage.CALLED)
    return Exists(there.filter(booking__party__isnull=False, booking__party=OuterRef("booking__party")))


def call(visit: Visit, desk: str, by: Actor) -> Visit:
    """Calls somebody out of turn, or again, to the same desk or to another.

    Raises ``DeskNeeded``, ``DeskBusy``, ``VisitMoved`` when they neither wait nor were called.
    """
    name = tidy_desk(desk)
    now = clock.now()
    try:
        with transaction.atomic():
            row = _locked_visit(visit)
            verb = "call_again" if row.stage == Stage.CALLED else "call"
            if row.stage not in BY_VERB[verb].sources:
                raise VisitMoved(row.stage)
            _must_be_free(row.office, name, now, but=row)
            return _call(row, verb, name, now, by)
    except IntegrityError:
        _must_be_free(visit.office, name, now, but=visit)
        raise


def move(visit: Visit, verb: str, by: Actor) -> Visit:
    """``finish``, ``leave``, ``put_back`` or ``come_back``. Where the person already stands so, nothing changes.

    Raises ``VisitMoved`` when the table does not allow it any more.
    """
    step = BY_VERB[verb]
    now = clock.now()
    with transaction.atomic():
        row = _locked_visit(visit)
        if row.stage == step.target:
            return row
        if row.stage not in step.sources:
            raise VisitMoved(row.stage)
        before, row.stage = row.stage, step.target
        row.ended_at = now if step.target in (Stage.SERVED, Stage.LEFT) else None
        if step.target == Stage.WAITING:
            row.due_at = now  # after those who wait now
            # Who did not answer is not called again at once, priority or not; who is back has their right again.
            row.rank = rank_of(row.needs) if verb == "come_back" else LAST_RANK
        row.save()
        events.record(step.event, subject_of(row), by, before=str(before), to=str(row.stage))
    return row


def _locked_visit(visit: Visit) -> Visit:
    return Visit.objects.select_for_update(of=("self",), no_key=True).select_related("office").get(pk=visit.pk)


def _must_be_free(office: Office, desk: str, now: datetime, *, but: Visit | None = None) -> None:
    there = Visit.objects.filter(office=office, day=today_of(office, now), desk=desk, stage=Stage.CALLED)
    found = (there.exclude(pk=but.pk) if but else there).first()
    if found is not None:
        raise DeskBusy(desk, found.ticket)


def _call(row: Visit, verb: str, desk: str, now: datetime, by: Actor) -> Visit:
    row.stage, row.desk, row.called_at = BY_VERB[verb].target, desk, now
    row.first_called_at = row.first_called_at or now
    row.calls += 1
    row.save()
    events.record(BY_VERB[verb].event, subject_of(row), by, desk=desk, ticket=row.ticket)
    return row
