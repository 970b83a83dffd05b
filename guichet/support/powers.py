"""Who may do what with a ticket: a table. Pure: no ORM, no clock. Roles are those of the posts of ``accounts``, as plain words.

A role counts in the office of the ticket; a ticket of no office is the national contact centre's.
"""

from collections.abc import Iterable, Mapping

RECEPTION = "reception"
CASE_OFFICER = "case_officer"
OFFICE_ADMINISTRATOR = "office_administrator"
NATIONAL_ADMINISTRATOR = "national_administrator"
DESK = frozenset({RECEPTION, CASE_OFFICER, OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR})

POWERS: Mapping[str, frozenset[str]] = {
    "answer": DESK,  # and close, and open again
    "convoke": DESK,
    "read_registry": DESK - {RECEPTION},
    "send_link": DESK - {RECEPTION},
    "change_address": DESK - {RECEPTION},
    "hand_over": frozenset({OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR}),
}


def allowed(verb: str, roles: Iterable[str]) -> bool:
    """May somebody with these roles, in the office of the ticket, do this?"""
    return bool(POWERS[verb] & frozenset(roles))


def allowed_verbs(roles: Iterable[str]) -> frozenset[str]:
    held = frozenset(roles)
    return frozenset(verb for verb, opened in POWERS.items() if opened & held)
