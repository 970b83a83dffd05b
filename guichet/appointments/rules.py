"""Delays of appointments, as pure functions. No database, no clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guichet.procedures.durations import add_months

HOLD = timedelta(minutes=10)  # to fill the form
ADDRESSES_AT_MOST = 3  # how often the address of a request that waits for its answer can be corrected
WRITTEN_AGAIN_EVERY = timedelta(minutes=5)  # at most: the mail to answer, for whoever did not get it
ANSWER_AT_LEAST = timedelta(minutes=30)  # to answer the mail: a slot so near that there is less is no longer offered
# A freed place comes back at a moment drawn between these two after it was freed: nobody can tell when, nobody can trade on it.
RETURN_AFTER = timedelta(minutes=5)
RETURN_BEFORE = timedelta(hours=24)
TOLD_FROM = timedelta(hours=6)  # a stretch at least so long does not tell when a place comes back
HOLD_RETURNS_BEFORE = timedelta(minutes=40)  # a form that was not finished: the place was away for ten minutes only
# A person chooses another date so often: each move leaves a place that nobody has for a while, and asks for no bot check.
MOVES_AT_MOST = 5
# Somebody who was called has so long to take an appointment: places are rare, and nothing is lost by waiting for one.
INVITED_FOR = timedelta(days=180)
# Nobody came: the invitation serves once more. Twice, and the office decides (it may invite again): a place that stays empty
# is one that somebody else did not have.
MISSES_FORGIVEN = 1
# The waiting list: a place is offered between these hours of the wall, and the delay to accept counts within them.
OFFERS_FROM, OFFERS_UNTIL = time(8), time(20)
ACCEPT_WITHIN = timedelta(hours=4)
UNANSWERED_AT_MOST = 2  # offers in a row: then the entry leaves the list
MORNING = timedelta(hours=2)  # what falls at night is offered at a moment drawn in the first hours of the day
# What nobody needs any more is forgotten: a turn in the list that is over, a part in a draw that is drawn, a code that has
# expired. Later than the two months in which a decision may be contested (code de justice administrative, R421-1).
# verify: no text sets this delay for appointments; it is for who answers for the data to decide.
# Of an appointment: from its day on. Whoever contests that they came, or were not received, does so within that time.
FORGOTTEN_AFTER = timedelta(days=90)
# The certificate of a failed attempt is a proof: of the harm of having found no place, a debt of the State lapses four years
# after the first of January that follows (loi n° 68-1250 du 31 décembre 1968, article 1).
# verify: no text sets how long such a certificate is kept; it is for who answers for the data to decide.
PROOF_KEPT_YEARS = 4
# At the office: who comes later than this has lost their turn, and waits from the arrival on.
LATE_AFTER = timedelta(minutes=15)
# Who was expected and did not come is marked so by itself, so long after the end of the office's day.
MISSED_AFTER = timedelta(hours=3)
CORRECTED_WITHIN = timedelta(days=31)  # days on which an officer may still say that somebody did come


def first_start(now: datetime, *, lead_minutes: int, confirmation_minutes: int) -> datetime:
    """The earliest beginning that may still be taken: the lead time, the form and the answer to the mail fit before it."""
    return now + timedelta(minutes=lead_minutes) + HOLD + (ANSWER_AT_LEAST if confirmation_minutes else timedelta())


def confirm_until(now: datetime, starts_at: datetime, *, lead_minutes: int, confirmation_minutes: int) -> datetime:
    """Until when the mail can be answered: so many minutes, never past the beginning less the lead time."""
    return min(now + timedelta(minutes=confirmation_minutes), starts_at - timedelta(minutes=lead_minutes))


def window_opens_on(permit_ends_on: date, months: int) -> date:
    """The first day of a type that opens so many months before the end of a permit. Once it has ended the window stays open."""
    return add_months(permit_ends_on, -months)


def seconds_to_return(now: datetime, starts_at: datetime, *, lead_minutes: int, of_a_hold: bool) -> tuple[int, int]:
    """Between how many seconds from now a freed place comes back. Near the appointment the stretch shrinks, so that somebody
    can still take it: its end stays before the beginning less the lead time; both are 0 when it is too late for anybody."""
    longest = HOLD_RETURNS_BEFORE if of_a_hold else RETURN_BEFORE
    useful = starts_at - timedelta(minutes=lead_minutes) - HOLD - ANSWER_AT_LEAST - now
    latest = max(min(longest, useful), timedelta())
    earliest = min(RETURN_AFTER, latest / 2)
    return int(earliest.total_seconds()), int(latest.total_seconds())


def untaken_told(hours: int, *, lead_minutes: int) -> bool | None:
    """Whether the public may know that reserved places come back from so many hours before on: the stretch in which each
    comes back at random must be long enough to tell nobody when to watch. None when they come too late for anybody."""
    some = datetime(2000, 1, 1, tzinfo=UTC)
    least, most = seconds_to_return(some, some + timedelta(hours=hours), lead_minutes=lead_minutes, of_a_hold=False)
    return most - least >= TOLD_FROM.total_seconds() if most else None


def proofs_before(today: date) -> date:
    """The first day of which proofs are still kept: those of an earlier one serve nobody any more."""
    return date(today.year - PROOF_KEPT_YEARS, 1, 1)


def by_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment from ``now`` on at which people may be written to: now by day, else eight o'clock on the wall. UTC."""
    wall = now.astimezone(zone)
    if OFFERS_FROM <= wall.time() < OFFERS_UNTIL:
        return now.astimezone(UTC)
    day = wall.date() if wall.time() < OFFERS_FROM else wall.date() + timedelta(days=1)
    return datetime.combine(day, OFFERS_FROM, tzinfo=zone).astimezone(UTC)


def accept_until(now: datetime, starts_at: datetime, *, zone: ZoneInfo, lead_minutes: int) -> datetime | None:
    """Until when a place that is offered now can be accepted (UTC): four hours, counted between eight and twenty on the wall
    of the office; near the appointment half of what is left, so that somebody else can still have it.

    None: too near for a fair answer, or it is night; the place is then for everybody, or waits for the morning (``by_day``).
    """
    if by_day(now, zone) > now:
        return None
    last = starts_at - timedelta(minutes=lead_minutes) - HOLD
    delay = min(ACCEPT_WITHIN, _daylight(now, last, zone) / 2)
    return _after_daylight(now, delay, zone) if delay >= ANSWER_AT_LEAST else None


def _days(since: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of day from a moment on, as instants in UTC: clocks that change at night change nothing."""
    since = since.astimezone(UTC)
    day = since.astimezone(zone).date()
    while True:
        begins = max(datetime.combine(day, OFFERS_FROM, tzinfo=zone).astimezone(UTC), since)
        ends = datetime.combine(day, OFFERS_UNTIL, tzinfo=zone).astimezone(UTC)
        if ends > begins:
            yield begins, ends
        day += timedelta(days=1)


def _daylight(since: datetime, until: datetime, zone: ZoneInfo) -> timedelta:
    """How much of a stretch is by day; no more than is worth counting."""
    total = timedelta()
    for begins, ends in _days(since, zone):
        if begins >= until or total >= 2 * ACCEPT_WITHIN:
            return total
        total += min(ends, until) - begins
    raise AssertionError("Days do not end.")


def _after_daylight(since: datetime, delay: timedelta, zone: ZoneInfo) -> datetime:
    """The moment at which so much of the day has gone by."""
    for begins, ends in _days(since, zone):
        if delay <= ends - begins:
            return begins + delay
        delay -= ends - begins
    raise AssertionError("Days do not end.")


# How many people wait before one, in words that tell nobody when their own turn is next: whoever knew it could cancel a
# place at that very moment and so hand it over.
ORDERS = (10, 50, 200, 1000)


def order_of(before: int) -> tuple[int, int | None]:
    """Between which numbers the people before one are: ``(least, most)``; ``most`` is None for the last order."""
    least = 0
    for most in ORDERS:
        if before < most:
            return least, most
        least = most
    return least, None
