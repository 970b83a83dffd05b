"""Amounts, thresholds and taxes, dated, with their article: ``tables/*.yaml``."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from guichet.procedures import source
from guichet.procedures.source import DefinitionError, Items, Position, Problem, Scalar, Table

FOLDER = Path(__file__).parent / "tables"
UNITS = ("money", "integer")


@dataclass(frozen=True)
class DatedValue:
    """A value in force from one day to another, both included. ``verify`` says what remains to be verified."""

    value: int  # cents, or a whole number
    since: date
    until: date | None
    legal_basis: str
    verify: str
    position: Position

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class DatedTable:
    name: str
    unit: Literal["money", "integer"]
    label_fr: str
    label_en: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> int | None:
        """The value in force on a day, or None where none is known."""
        return next((value.value for value in self.values if value.in_force(day)), None)


@cache
def tables(folder: Path = FOLDER) -> dict[str, DatedTable]:
    """Every table by name. Raises :class:`DefinitionError` with everything to mend."""
    problems: list[Problem] = []
    found: dict[str, DatedTable] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = source.read(path, f"tables/{path.name}", problems)
        for name, entry in (content.entries if content else {}).items():
            if name in found:
                problems.append(Problem(entry.position, f"The table «{name}» is already written in another file."))
            elif isinstance(entry, Table) and (table := _table(name, entry, problems)):
                found[name] = table
            elif not isinstance(entry, Table):
                problems.append(Problem(entry.position, "A table has «unit», «label» and «values»."))
    if problems:
        raise DefinitionError(problems)
    return found


def _table(name: str, entry: Table, problems: list[Problem]) -> DatedTable | None:
    _only(entry, ("unit", "label", "values"), problems)
    unit, label = entry.text("unit"), entry.get("label")
    if unit not in UNITS:
        problems.append(Problem(entry.position, f"«unit» of «{name}» must be one of: {', '.join(UNITS)}."))
        return None
    if not isinstance(label, Table) or not label.text("fr") or not label.text("en"):
        problems.append(Problem(entry.position, f"«label» of «{name}» must have «fr» and «en»."))
        return None
    listed = entry.get("values")
    if not isinstance(listed, Items) or not listed.items:
        problems.append(Problem(entry.position, f"«values» of «{name}» must list at least one dated value."))
        return None
    values = [value for row in entry.tables("values") if (value := _value(row, problems))]
    values.sort(key=lambda value: value.since)
    for earlier, later in pairwise(values):
        if earlier.until is None or earlier.until >= later.since:
            message = f"«{name}» has two values on {later.since}: end the earlier one with «until»."
            problems.append(Problem(later.position, message))
        elif later.since - earlier.until > timedelta(days=1):
            message = f"«{name}» has no value on {earlier.until + timedelta(days=1)}: values follow each other day by day."
            problems.append(Problem(later.position, message))
    if values and values[-1].until is not None:
        message = (
            f"«{name}» runs out on {values[-1].until}: what depends on it could then no longer be decided. Add what follows."
        )
        problems.append(Problem(values[-1].position, message))
    return DatedTable(
        name, "money" if unit == "money" else "integer", label.text("fr") or "", label.text("en") or "", tuple(values)
    )


def _value(row: Table, problems: list[Problem]) -> DatedValue | None:
    _only(row, ("from", "until", "value", "legal_basis", "verify"), problems)
    since, until = source.day(row.get("from"), problems), source.day(row.get("until"), problems)
    amount, basis = row.get("value"), row.text("legal_basis")
    if not isinstance(amount, Scalar) or type(amount.value) is not int:
        problems.append(Problem(row.position, "«value» must be a whole number (cents for money)."))
        return None
    if since is None or not basis:
        problems.append(Problem(row.position, "A dated value has «from» and «legal_basis»."))
        return None
    if until and until < since:
        problems.append(Problem(row.position, "«until» comes before «from»."))
    return DatedValue(amount.value, since, until, basis, row.text("verify") or "", row.position)


def _only(table: Table, keys: tuple[str, ...], problems: list[Problem]) -> None:
    for key, position in table.keys.items():
        if key not in keys:
            problems.append(Problem(position, f"There is no «{key}» here. There are: {', '.join(keys)}."))
