"""A day like any other at the counters of an invented office: some were received, one did not come, some wait, two are called,
others are still expected; and people came without appointment. No mail is sent."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guichet.appointments import actions
from guichet.appointments import queries as appointments
from guichet.appointments.actions import Details
from guichet.appointments.models import AppointmentType, Booking
from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.events import SYSTEM
from guichet.offices.models import Office

PEOPLE = (
    ("ALAOUI", "Salma", ""),
    ("BARROS", "Thiago", ""),
    ("CISSÉ", "Mariama", ""),
    ("DRAGAN", "Andrei", "roumain"),
    ("ESSOMBA", "Grâce", ""),
    ("FERHAT", "Lina", ""),
    ("GHORBANI", "Parisa", "dari"),
    ("HOXHA", "Arben", ""),
    ("ITO", "Haruka", ""),
    ("JABER", "Rami", "arabe"),
    ("KOVALENKO", "Dmytro", ""),
)
FAMILY = (("MBAYE", "Ousmane"), ("MBAYE", "Khady"), ("MBAYE", "Seynabou"))
EVERY = 2  # slots: some stay free
BACK = 8  # days ago: slots of today were open by then, whatever the rule of release
RECEIVED = timedelta(minutes=45)  # ago: whoever was due then was received, or is missed
AHEAD = timedelta(minutes=20)  # whoever is due by then has come already
MISSED = 1  # of every four: the second did not come


@dataclass(frozen=True)
class WalkIn:
    """Somebody without appointment: how many minutes ago they came, what became of them, at which desk."""

    ago: int
    becomes: str  # "served", "called", "left" or "waiting"
    desk: str = ""
    language: str = "fr"
    needs: tuple[str, ...] = ()
    for_this: bool = False  # they come for what the office gives appointments for


WALK_INS = (
    WalkIn(71, "served", "1"),
    WalkIn(56, "served", "1", language="en"),
    WalkIn(41, "called", "1", language="ar", needs=("interpreter",)),
    WalkIn(33, "waiting", for_this=True),
    WalkIn(26, "left"),
    WalkIn(12, "waiting", language="uk", needs=("priority",)),
    WalkIn(4, "waiting"),
)


def make(office: Office, slug: str, *, family: str = "") -> None:
    """``slug``: what people come for. ``family``: the type for which three people come together, where there is one."""
    type = appointments.type_of(office.slug, slug)
    assert type is not None
    day = _Day(office)
    expected = [*_booked(day, type, PEOPLE)]
    if family:
        theirs = appointments.type_of(office.slug, family)
        assert theirs is not None
        expected += _family(day, theirs)
    for serial, booking in enumerate(sorted(expected, key=lambda one: (one.slot.starts_at, one.pk))):
        _live(day, booking, serial)
    for walk_in in WALK_INS:
        _walk_in(day, walk_in, type)


class _Day:
    """Today at an office: its beginning, and the moments at which things happened."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.offset = clock.stored_offset()
        self.now = clock.now()
        self.date = appointments.today_of(office)
        self.at_desk = False  # somebody with an appointment is called

    def at(self, moment: datetime) -> AbstractContextManager[None]:
        """The clock at a moment of today; before its first minute nothing happened."""
        wall = self.now.astimezone(ZoneInfo(self.office.time_zone))
        first = wall.replace(hour=0, minute=1, second=0, microsecond=0)
        return clock.shifted(self.offset + (min(max(moment, first), self.now) - self.now))

    def before(self, days: int) -> AbstractContextManager[None]:
        return clock.shifted(self.offset - timedelta(days=days))


def _slots(day: _Day, type: AppointmentType, party: int = 1) -> Sequence[int]:
    """The slots of today, those that are over too, as they stood the day before; none on a day when nobody is received."""
    for days in range(BACK, 0, -1):
        with day.before(days):
            for agenda in type.agendas.all():
                actions.make(agenda)
    with day.before(1):
        week = dict(appointments.counter_week(type, day.date - timedelta(days=day.date.weekday()), party))
    return [slot.slot_id for slot in week.get(day.date, [])]


def _booked(day: _Day, type: AppointmentType, people: Sequence[tuple[str, str, str]]) -> Iterator[Booking]:
    slots = _slots(day, type)[::EVERY]
    for serial, (slot_id, (last_name, first_names, spoken)) in enumerate(zip(slots, people, strict=False)):
        given = Details(
            last_name=last_name,
            first_names=first_names,
            birth_date=PartialDate(1980 + serial, 1 + serial, 9 + serial),
            email="",
            phone=f"+336399800{30 + serial}",  # of the numbers that France keeps for fiction
            needs={"interpreter": spoken} if spoken else {},
        )
        with day.before(1):
            yield actions.book_at_counter(SYSTEM, type, slot_id, given, request_key=uuid.uuid4())


def _family(day: _Day, type: AppointmentType) -> list[Booking]:
    slots = _slots(day, type, len(FAMILY))
    if not slots:
        return []
    given = [
        Details(last_name=last_name, first_names=first_names, birth_date=PartialDate(1988 + 11 * serial, 4, 2), email="")
        for serial, (last_name, first_names) in enumerate(FAMILY)
    ]
    with day.before(1):
        others = [(one, 0) for one in given[1:]]
        slot_id = slots[len(slots) // 2]
        booked = actions.book_at_counter(SYSTEM, type, slot_id, given[0], request_key=uuid.uuid4(), others=others)
    return appointments.party_of(booked)


def _live(day: _Day, booking: Booking, serial: int) -> None:
    """What became of somebody who has an appointment today."""
    due = booking.slot.starts_at
    if due > day.now + AHEAD:
        return  # still expected
    if due > day.now - RECEIVED:
        with day.at(min(due, day.now) - timedelta(minutes=8)):
            visit = actions.check_in(booking, day.office, SYSTEM)
        if not day.at_desk:
            with day.at(day.now - timedelta(minutes=3)):
                actions.call(visit, "2", SYSTEM)
            day.at_desk = True
        return
    if serial % 4 == MISSED:
        with day.at(due + timedelta(minutes=20)):
            actions.mark_missed(booking, SYSTEM)
        return
    with day.at(due - timedelta(minutes=9)):
        visit = actions.check_in(booking, day.office, SYSTEM)
    _receive(day, visit.pk, "3", due + timedelta(minutes=2))


def _receive(day: _Day, visit_id: int, desk: str, moment: datetime) -> None:
    with day.at(moment):
        visit = appointments.visit_of(day.office, visit_id)
        assert visit is not None
        actions.call(visit, desk, SYSTEM)
    with day.at(moment + timedelta(minutes=11)):
        actions.move_visit(visit, "finish", SYSTEM)


def _walk_in(day: _Day, walk_in: WalkIn, type: AppointmentType) -> None:
    came = day.now - timedelta(minutes=walk_in.ago)
    with day.at(came):
        visit = actions.take_number(
            day.office,
            SYSTEM,
            request_key=uuid.uuid4(),
            type=type if walk_in.for_this else None,
            language=walk_in.language,
            needs=walk_in.needs,
        )
    match walk_in.becomes:
        case "served":
            _receive(day, visit.pk, walk_in.desk, came + timedelta(minutes=9))
        case "called":
            with day.at(day.now - timedelta(minutes=6)):
                actions.call(visit, walk_in.desk, SYSTEM)
        case "left":
            with day.at(came + timedelta(minutes=15)):
                actions.move_visit(visit, "leave", SYSTEM)
