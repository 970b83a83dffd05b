"""Places side by side for people who come together: pure functions. No database, no clock."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Protocol


class Place(Protocol):
    """What is read of a slot."""

    @property
    def agenda_id(self) -> int: ...
    @property
    def pool(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def left(self) -> int: ...


def seats[P: Place](slots: Iterable[P], count: int) -> list[P]:
    """The slot of each of ``count`` people who begin with the first of these slots; empty when places are missing.

    ``slots``: open ones of one agenda and pool, in order of hour. As many as fit are received in the first; the others in the
    next, which begins when it ends; and so on.
    """
    found: list[P] = []
    ends_at: datetime | None = None
    for slot in slots:
        if slot.left <= 0 or ends_at not in (None, slot.starts_at):
            return []
        found += [slot] * min(slot.left, count - len(found))
        if len(found) == count:
            return found
        ends_at = slot.ends_at
    return []


def beginnings[P: Place](slots: Sequence[P], count: int) -> Iterator[list[P]]:
    """The seats of ``count`` people for each of these slots from which they fit, in the order of the slots.

    ``slots``: open ones, in order of hour, whatever their agendas and pools.
    """
    rows: dict[tuple[int, str], list[P]] = {}
    for slot in slots:
        rows.setdefault((slot.agenda_id, slot.pool), []).append(slot)
    at = dict.fromkeys(rows, 0)
    for slot in slots:
        key = (slot.agenda_id, slot.pool)
        # As many slots as people at most.
        found = seats(rows[key][at[key] : at[key] + count], count)
        at[key] += 1
        if found:
            yield found
