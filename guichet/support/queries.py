"""Reads of support."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from guichet.accounts.models import Account, Officer
from guichet.accounts.powers import Powers
from guichet.core import events
from guichet.support import powers
from guichet.support.answering import subject_of
from guichet.support.comparing import Comparison, claimed_in, compare, identifier_claimed, number_of_permit_claimed
from guichet.support.models import Convocation, Reply, Ticket

PAGE_SIZE = 25
NATIONAL = "national"  # in place of the code of an office: the contact centre
Key = tuple[datetime, str]  # where a page ends: (created_at, number)

__all__ = [
    "NATIONAL",
    "Act",
    "Comparison",
    "Filters",
    "Key",
    "claimed_in",
    "compare",
    "convocations_of",
    "history",
    "identifier_claimed",
    "number_of_permit_claimed",
    "replies_of",
    "ticket",
    "tickets",
    "tickets_of",
    "verbs_for",
]


@dataclass(frozen=True)
class Act:
    """One thing done with a ticket: when, what, by whom (the name of an officer; empty for the person and the system)."""

    at: datetime
    kind: str
    actor_kind: str
    who: str
    data: dict[str, Any]


def ticket(number: str) -> Ticket | None:
    """The ticket of this number; case and the dash are forgiven."""
    letters = "".join(char for char in number.upper() if char.isalnum())
    return Ticket.objects.select_related("office", "account").filter(number=f"{letters[:4]}-{letters[4:]}").first()


@dataclass(frozen=True)
class Filters:
    """What an officer asks of the tickets. ``offices``: the codes within reach, None for all, those of no office included;
    ``office``: one of them, or ``NATIONAL`` for the contact centre."""

    offices: frozenset[str] | None = None
    state: str = Ticket.State.OPEN
    kind: str = ""
    office: str = ""


def tickets(filters: Filters, *, after: Key | None = None, size: int = PAGE_SIZE) -> tuple[list[Ticket], bool]:
    """A page of tickets after a key, and whether there are more. The open ones oldest first, the others newest first."""
    rows = Ticket.objects.select_related("office").filter(state=filters.state)
    if filters.offices is not None:
        rows = rows.filter(office__in=sorted(filters.offices))
    if filters.office == NATIONAL:
        rows = rows.filter(office__isnull=True)
    elif filters.office:
        rows = rows.filter(office=filters.office)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    oldest_first = filters.state == Ticket.State.OPEN
    if after and oldest_first:
        rows = rows.filter(Q(created_at__gt=after[0]) | Q(created_at=after[0], number__gt=after[1]))
    elif after:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], number__lt=after[1]))
    order = ("created_at", "number") if oldest_first else ("-created_at", "-number")
    found = list(rows.order_by(*order)[: size + 1])
    return found[:size], len(found) > size


def tickets_of(account: Account, limit: int = 20) -> list[Ticket]:
    """The tickets that this account wrote while signed in, or that gave it back to its owner, newest first.

    With their replies and convocations; a constant number of queries."""
    return list(
        Ticket.objects.filter(account=account)
        .prefetch_related("replies", "convocations__office")
        .order_by("-created_at", "-number")[:limit]
    )


def history(ticket: Ticket) -> list[Act]:
    """What was done with a ticket, oldest first, with the names of those who did it. Two queries."""
    acts = list(events.timeline(subject_of(ticket)))
    ids = {UUID(act.actor_id) for act in acts if act.actor_kind == "officer"}
    names = {str(officer.pk): officer.name for officer in Officer.objects.filter(pk__in=ids)}
    return [Act(act.at, act.kind, act.actor_kind, names.get(act.actor_id, ""), act.data) for act in acts]


def replies_of(ticket: Ticket) -> list[Reply]:
    """Oldest first. One query."""
    return list(ticket.replies.all())


def convocations_of(ticket: Ticket) -> list[Convocation]:
    """Oldest first. One query."""
    return list(ticket.convocations.select_related("office"))


def verbs_for(ticket: Ticket, roles: Powers) -> frozenset[str]:
    """What these posts open on this ticket."""
    return powers.allowed_verbs(roles.roles_in(ticket.office_id or ""))
