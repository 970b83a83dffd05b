"""The types of the language."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a value is; the value reads in messages."""

    YES_NO = "a yes/no"
    TEXT = "a text"
    CHOICE = "a choice"
    CHOICES = "a list of choices"
    DATE = "a date"
    INTEGER = "a whole number"
    MONEY = "an amount"  # integer cents
    DURATION = "a duration"
    ADDRESS = "an address"


@dataclass(frozen=True, slots=True)
class Type:
    """``options`` of a choice; ``many`` for a column of a section that repeats."""

    kind: Kind
    options: frozenset[str] | None = None
    many: bool = False

    def __str__(self) -> str:
        return f"a column ({self.kind} in each row)" if self.many else str(self.kind)


YES_NO = Type(Kind.YES_NO)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
INTEGER = Type(Kind.INTEGER)
MONEY = Type(Kind.MONEY)
DURATION = Type(Kind.DURATION)

ORDERED = frozenset({Kind.DATE, Kind.INTEGER, Kind.MONEY})
ADDRESS_PARTS = ("country", "postal_code", "city", "insee_code")
