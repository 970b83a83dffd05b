"""Reads of support."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from guichet.support.models import Ticket


def ticket(number: str) -> Ticket | None:
    """The ticket of this number; case and the dash are forgiven."""
    letters = "".join(char for char in number.upper() if char.isalnum())
    return Ticket.objects.select_related("office", "account").filter(number=f"{letters[:4]}-{letters[4:]}").first()


def waiting(
    *,
    offices: Collection[str] | None = None,
    kind: str = "",
    after: tuple[datetime, str] | None = None,
    size: int = 25,
) -> tuple[list[Ticket], bool]:
    """A page of the open tickets, oldest first, after a key ``(created_at, number)``; and whether there are more.

    ``offices``: codes of the offices to look into; None for all, those of no office included.
    """
    rows = Ticket.objects.select_related("office").filter(state=Ticket.State.OPEN)
    if offices is not None:
        rows = rows.filter(office__in=offices)
    if kind:
        rows = rows.filter(kind=kind)
    if after:
        rows = rows.filter(Q(created_at__gt=after[0]) | Q(created_at=after[0], number__gt=after[1]))
    found = list(rows.order_by("created_at", "number")[: size + 1])
    return found[:size], len(found) > size
