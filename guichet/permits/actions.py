"""Verbs of permits: one transaction each."""

from guichet.permits.collecting import announce_ready
from guichet.permits.held import refresh
from guichet.permits.issuing import ask_for_next, end, issue_by_officer, resume, stop_by_officer
from guichet.permits.opening import Filed, Terms, open_prolongation, restate

__all__ = [
    "Filed",
    "Terms",
    "announce_ready",
    "ask_for_next",
    "end",
    "issue_by_officer",
    "open_prolongation",
    "refresh",
    "restate",
    "resume",
    "stop_by_officer",
]
