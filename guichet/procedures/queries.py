"""Reads: which procedures are open, and what their definitions say."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from guichet.core import clock
from guichet.procedures import catalogues, tables
from guichet.procedures.definition import Definition, definition_from
from guichet.procedures.models import PublishedProcedure
from guichet.procedures.orientation import Orientation
from guichet.procedures.orientation import orientation as _orientation

_KEPT = 64
_definitions: dict[str, Definition] = {}


def current(slug: str, on: date | None = None) -> PublishedProcedure | None:
    """The version that one may start on a Paris day (today), or None."""
    return _open(on).filter(slug=slug).first()


def all_current(on: date | None = None) -> list[PublishedProcedure]:
    """Every procedure that one may start on a Paris day (today), by slug. One query."""
    return list(_open(on))


def _open(on: date | None) -> QuerySet[PublishedProcedure]:
    day = on or clock.today()
    return PublishedProcedure.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gte=day), effective_from__lte=day
    ).order_by("slug", "-effective_from")


@dataclass(frozen=True)
class RenewalWindow:
    """When to ask for the renewal of a permit: first and last day (CESEDA R431-5). Later is late, never refused."""

    opens_on: date
    closes_on: date


def renewal_window(valid_until: date, on: date | None = None) -> RenewalWindow | None:
    """The window before the last day of a permit, as the tables of that day say; ``None`` where they say nothing."""
    day = on or clock.today()
    known = tables.tables()
    opens, closes = known["filing_opens_days"].on(day), known["filing_closes_days"].on(day)
    if opens is None or closes is None:
        return None
    return RenewalWindow(valid_until - timedelta(days=opens), valid_until - timedelta(days=closes))


def orientation() -> Orientation:
    """The motives by family, with the procedure that each leads to; read once."""
    return _orientation(catalogues.with_questions())


def definition_of(published: PublishedProcedure) -> Definition:
    """The definition as published: read once per digest, then kept in memory."""
    found = _definitions.get(published.digest)
    if found is None:
        found = definition_from(published.content)
        while len(_definitions) >= _KEPT:
            _definitions.pop(next(iter(_definitions)))
        _definitions[published.digest] = found
    return found
