"""From an agenda's rules to its slots: pure functions. No database, no clock.

Hours are those of the clock on the office's wall. On the two days when clocks change, no slot falls in the hour that does not
exist and none is made twice in the hour that comes twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from guichet.appointments.releases import UNDRAWN, Kept, Rule, after_draws, released_at

Key = tuple[str, datetime]  # pool and beginning: what makes a slot the same slot


@dataclass(frozen=True)
class Hours:
    """One stretch of a weekday (0: Monday). ``desks`` None: those of the agenda."""

    weekday: int
    opens: time
    closes: time
    desks: int | None = None
    pool: str = "public"
    returns_hours: int | None = None  # before the beginning: reserved places that nobody took are then everybody's


@dataclass(frozen=True)
class Rules:
    """What makes slots."""

    zone: ZoneInfo
    slot_minutes: int
    desks: int
    release: Rule
    hours: tuple[Hours, ...]
    closures: tuple[tuple[date, date], ...] = ()  # first and last day, both closed
    is_holiday: Callable[[date], bool] = lambda day: False
    kept: tuple[Kept, ...] = ()  # what draws share, of the pool that everybody draws from

    def is_closed(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.closures) or self.is_holiday(day)


@dataclass(frozen=True)
class Planned:
    """A slot as the rules want it. Instants in UTC."""

    pool: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    released_at: datetime
    returns_at: datetime | None = None  # from when what nobody took of it is everybody's

    @property
    def key(self) -> Key:
        return self.pool, self.starts_at


def planned(rules: Rules, first_day: date, last_day: date) -> dict[Key, Planned]:
    """The slots of the days of the office from one to another, both counted."""
    found: dict[Key, Planned] = {}
    for offset in range((last_day - first_day).days + 1):
        for one in slots_of(rules, first_day + timedelta(days=offset)):
            found[one.key] = one
    return found


def slots_of(rules: Rules, day: date) -> Iterator[Planned]:
    """The slots of one day of the office; none when it is closed."""
    if rules.is_closed(day):
        return
    by_rule = released_at(rules.release, day, rules.zone)
    length = timedelta(minutes=rules.slot_minutes)
    for stretch in rules.hours:
        if stretch.weekday != day.weekday():
            continue
        desks = rules.desks if stretch.desks is None else stretch.desks
        released = after_draws(by_rule, day, rules.kept) if stretch.pool == "public" else by_rule
        before = None if stretch.returns_hours is None else timedelta(hours=stretch.returns_hours)
        wall, closes = datetime.combine(day, stretch.opens), datetime.combine(day, stretch.closes)
        while desks and wall + length <= closes:
            starts_at = wall.replace(tzinfo=rules.zone).astimezone(UTC)  # fold=0: the first of the two when clocks go back
            if starts_at.astimezone(rules.zone).replace(tzinfo=None) == wall:  # else the wall never shows this hour
                returns_at = None if before is None else starts_at - before
                yield Planned(stretch.pool, starts_at, starts_at + length, desks, released, returns_at)
            wall += length


def overlap(hours: Sequence[Hours]) -> tuple[Hours, Hours] | None:
    """Two stretches of one weekday and one pool that share a moment, if there are any."""
    ordered = sorted(hours, key=lambda one: (one.weekday, one.pool, one.opens))
    for one, following in pairwise(ordered):
        if (one.weekday, one.pool) == (following.weekday, following.pool) and following.opens < one.closes:
            return one, following
    return None


# What a change of rules does -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Existing:
    """A slot as it is: its id, what the rules made of it, how many places are taken, whether anybody ever booked it."""

    id: int
    pool: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    released_at: datetime
    taken: int
    withdrawn: bool
    kept: bool = False  # out of the rules, and nobody decided about those who are in it
    lent: int = 0  # places received from another pool, or given to it

    @property
    def key(self) -> Key:
        return self.pool, self.starts_at

    def size(self, one: Planned) -> int:
        """How many places the rules want it to have, with those that changed pools."""
        return max(one.capacity + self.lent, 0)


@dataclass(frozen=True)
class Difference:
    """What to do so that the slots become what the rules want. ``crowded``: wanted with fewer places than are taken."""

    to_add: tuple[Planned, ...]
    to_change: tuple[tuple[Existing, Planned], ...]
    to_remove: tuple[Existing, ...]
    crowded: tuple[tuple[Existing, Planned], ...]

    @property
    def conflicting(self) -> tuple[int, ...]:
        """Ids of the slots where people would lose their place: removed or crowded while places are taken."""
        removed = [slot.id for slot in self.to_remove if slot.taken and not slot.withdrawn]
        return tuple(removed + [slot.id for slot, _ in self.crowded])


def difference(existing: Sequence[Existing], wanted: dict[Key, Planned]) -> Difference:
    """What separates the slots as they are from the slots as the rules want them."""
    known = {slot.key for slot in existing}
    change, remove, crowded = [], [], []
    for slot in existing:
        one = wanted.get(slot.key)
        if one is None:
            remove.append(slot)
            continue
        places = slot.size(one)
        if places < slot.taken:
            crowded.append((slot, one))
        as_is = (slot.ends_at, slot.capacity, slot.released_at, slot.withdrawn or slot.kept)
        if as_is != (one.ends_at, max(places, slot.taken), one.released_at, False):
            change.append((slot, one))
    add = tuple(one for key, one in wanted.items() if key not in known)
    return Difference(add, tuple(change), tuple(remove), tuple(crowded))


def still_lent(existing: Sequence[Existing], wanted: dict[Key, Planned]) -> list[Existing]:
    """The slots with the places they received from others only as far as the rules still want these others."""
    given: dict[datetime, int] = {}
    for slot in existing:
        if slot.lent < 0 and slot.key in wanted:
            given[slot.starts_at] = given.get(slot.starts_at, 0) - slot.lent
    return [replace(slot, lent=min(slot.lent, given.get(slot.starts_at, 0))) for slot in existing]


def receiving(existing: Sequence[Existing], wanted: dict[Key, Planned]) -> dict[Key, Planned]:
    """The slots of no opening hours that hold the places which reserved slots gave up: wanted as long as one of these is."""
    found: dict[Key, Planned] = {}
    givers = {slot.starts_at: slot for slot in existing if slot.lent < 0 and slot.key in wanted}
    for slot in existing:
        if slot.lent > 0 and slot.key not in wanted and slot.starts_at in givers:
            found[slot.key] = Planned(slot.pool, slot.starts_at, givers[slot.starts_at].ends_at, 0, slot.released_at)
    return found


@dataclass(frozen=True)
class Conflict:
    """A slot that people booked and that a change would take away or make smaller. ``beyond``: how many have to move."""

    slot_id: int
    starts_at: datetime
    bookings: tuple[int, ...]  # ids
    beyond: int
    goes: bool = True  # False: the slot only shrinks, and is kept as large as it must be for those who are in it


@dataclass(frozen=True)
class Preview:
    """What saving would do. ``sample``: the first slots that are added or changed. ``wanted``: every slot to come, as the rules
    want it, in order."""

    added: int
    changed: int
    removed: int
    sample: tuple[Planned, ...]
    conflicts: tuple[Conflict, ...]
    wanted: tuple[Planned, ...] = ()
    stranded: tuple[int, ...] = ()  # ids of the types whose people find no open agenda any more

    @property
    def first_release(self) -> datetime | None:
        """When the first of these slots may be taken, even if that is past; None when there are none, or when
        draws share them all."""
        return min((one.released_at for one in self.wanted if one.released_at < UNDRAWN), default=None)


def fullest_week(wanted: Sequence[Planned], zone: ZoneInfo) -> tuple[date, list[Planned]] | None:
    """The Monday and the slots of the week that has the most places, the first of them: a week as the rules make it, when
    neither its beginning is past nor a closure cuts it. None without slots."""
    weeks: dict[date, list[Planned]] = {}
    for one in wanted:
        day = one.starts_at.astimezone(zone).date()
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(one)
    if not weeks:
        return None
    return max(sorted(weeks.items()), key=lambda week: sum(one.capacity for one in week[1]))


def holds_a_slot(stretch: Hours, slot_minutes: int) -> bool:
    """Whether a stretch is long enough for one slot at least."""
    return _minutes(stretch) >= slot_minutes


def _minutes(stretch: Hours) -> int:
    return (datetime.combine(date.min, stretch.closes) - datetime.combine(date.min, stretch.opens)) // timedelta(minutes=1)


def busiest(wanted: Sequence[Planned]) -> tuple[datetime, int] | None:
    """The first moment at which the most people are received at once, of all pools together, and how many; None without
    slots. Who leaves makes room for who comes at the same minute."""
    steps = sorted([(one.starts_at, 1, one.capacity) for one in wanted] + [(one.ends_at, 0, -one.capacity) for one in wanted])
    most, count = None, 0
    for moment, _coming, places in steps:
        count += places
        if places > 0 and (most is None or count > most[1]):
            most = moment, count
    return most


def shares(hours: Sequence[Hours], *, slot_minutes: int, desks: int) -> dict[str, int]:
    """The places of an ordinary week by pool: what share of them is reserved, and for whom."""
    found: dict[str, int] = {}
    for one in hours:
        places = _minutes(one) // slot_minutes * (desks if one.desks is None else one.desks)
        found[one.pool] = found.get(one.pool, 0) + places
    return found
