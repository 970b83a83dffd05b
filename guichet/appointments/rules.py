"""Delays of appointments, as pure functions. No database, no clock."""

from datetime import date, datetime, timedelta

from guichet.procedures.durations import add_months

HOLD = timedelta(minutes=10)  # to fill the form
ANSWER_AT_LEAST = timedelta(minutes=30)  # to answer the mail: a slot so near that there is less is no longer offered
# A freed place comes back at a moment drawn between these two after it was freed: nobody can tell when, nobody can trade on it.
RETURN_AFTER = timedelta(minutes=5)
RETURN_BEFORE = timedelta(hours=24)
HOLD_RETURNS_BEFORE = timedelta(minutes=40)  # a form that was not finished: the place was away for ten minutes only


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
