"""Delays of the instruction, as data with their source, and the pure reckoning on them. Days are Paris days."""

from dataclasses import dataclass
from datetime import date, timedelta

COMPLEMENT_DAYS = 30  # the practice of the online service: 30 days from reading; CRPA L114-5 asks for a stated delay
REOPENING_DAYS = 30  # after closing as incomplete
REMINDERS_BEFORE_TERM = (7, 1)  # days before the last day to answer
CHASES_UNOPENED = (7, 15, 30)  # days after sending, while nobody opened
REACH_OTHERWISE_AFTER = 15  # days: two mails had no effect, another way is needed
SILENCE_WARNING = 15  # days before silence refuses (CESEDA R432-1), the queue says that time is short


def complement_due_on(opened_on: date) -> date:
    """The last day to answer a request opened on this Paris day."""
    return opened_on + timedelta(days=COMPLEMENT_DAYS)


def is_past(due_on: date | None, today: date) -> bool:
    """The last day to answer is over."""
    return due_on is not None and due_on < today


@dataclass(frozen=True)
class Closing:
    """What decides whether an application may be closed as incomplete."""

    answered: bool
    due_on: date | None  # None: the request was never opened, so no delay ever ran
    still_rejected: bool  # a document of the request was rejected again, or is still missing


def may_close_incomplete(last_request: Closing | None, today: date) -> bool:
    """Only after a complement request whose delay ran and is over, and that got no answer or not what was asked.

    Nobody is closed for a request they never opened: they are reached otherwise.
    """
    if last_request is None or not is_past(last_request.due_on, today):
        return False
    return not last_request.answered or last_request.still_rejected


def may_reopen(closed_on: date, today: date) -> bool:
    """A closed application can be reopened for 30 days."""
    return today <= closed_on + timedelta(days=REOPENING_DAYS)
