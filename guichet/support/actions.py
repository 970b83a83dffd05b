"""Verbs of support: opening a ticket, resolving it. Each is one transaction with its event and its mail."""

from guichet.support.answering import answer_ticket, close_ticket, hand_over, reopen_ticket
from guichet.support.blocked import open_blocked_creation
from guichet.support.resolving import CHECKS, at_the_desk, change_address, convoke, read_registry, send_link
from guichet.support.tickets import LONGEST_MESSAGE, new_number, open_ticket

__all__ = [
    "CHECKS",
    "LONGEST_MESSAGE",
    "answer_ticket",
    "at_the_desk",
    "change_address",
    "close_ticket",
    "convoke",
    "hand_over",
    "new_number",
    "open_blocked_creation",
    "open_ticket",
    "read_registry",
    "reopen_ticket",
    "send_link",
]
