"""Does what a person typed describe whom the registry knows? Pure: no database, no clock.

Forgiven: case, accents, hyphens, spaces, the order of several first names, giving only the first of them, a name typed in the
other box by people who have one name, a day or month of birth that the registry does not know either.
Not forgiven: another name, another year.
"""

import re
from dataclasses import dataclass
from typing import Protocol

from guichet.core.dates import PartialDate
from guichet.core.identifiers import comparable

# What administrations write for «no such name»: worth an empty box, on either side.
NO_NAME = frozenset({"", "x", "xx", "xxx", "fnu", "lnu", "neant", "sansnom", "sansprenom", "sansprenoms", "sp"})
BETWEEN_NAMES = re.compile(r"[\s,;/]+")
BETWEEN_WORDS = re.compile(r"[\s,;/\-‐-―'’.]+")


class KnownIdentity(Protocol):
    """What the registry holds (``registries``' ForeignerRecord has this shape)."""

    @property
    def birth_name(self) -> str: ...
    @property
    def usage_name(self) -> str: ...
    @property
    def first_names(self) -> str: ...
    @property
    def birth_date(self) -> PartialDate: ...


@dataclass(frozen=True)
class Claim:
    """Who somebody says to be. ``first_names`` is empty for people with a single name."""

    last_name: str
    first_names: str
    birth_date: PartialDate


def matches(known: KnownIdentity, claim: Claim) -> bool:
    """Whether the claim describes the person of the registry."""
    return same_names(known, claim) and same_birth_date(known.birth_date, claim.birth_date)


def same_names(known: KnownIdentity, claim: Claim) -> bool:
    """Last and first names agree; for people with a single name, that name agrees wherever it stands."""
    last_names = {name for name in (_compared(known.birth_name), _compared(known.usage_name)) if name}
    has_first_names = bool(_compared(known.first_names))
    if last_names and has_first_names:
        return _compared(claim.last_name) in last_names and same_first_names(known.first_names, claim.first_names)
    single = last_names or {_compared(known.first_names)}
    typed = {name for name in (_compared(claim.last_name), _compared(claim.first_names)) if name}
    return len(typed) == 1 and typed <= single


def same_first_names(known: str, typed: str) -> bool:
    """All of them in any order, or the first ones: «Minh», «Minh Anh» and «Anh Minh» for «Minh Anh»; not «Anh» alone."""
    written = _compared(typed)
    if not written:
        return False
    beginnings: list[str] = []
    for name in _parts(BETWEEN_NAMES, known):
        beginnings.append((beginnings[-1] if beginnings else "") + name)
    return written in beginnings or sorted(_parts(BETWEEN_WORDS, typed)) == sorted(_parts(BETWEEN_WORDS, known))


def same_birth_date(known: PartialDate, typed: PartialDate) -> bool:
    """The parts that both know agree. What only the registry knows must be the first of the month or of the year.

    Administrations write 1 January for «year only»: someone who says «I do not know» then describes the same date. Someone who
    does not know a date that the registry knows fully has not described it.
    """
    if known.year != typed.year:
        return False
    for in_registry, by_person in ((known.month, typed.month), (known.day, typed.day)):
        if in_registry == 0:
            return True  # the registry knows no more: papers show 1 January, 31 December or nothing
        if by_person not in (in_registry, 0) or (by_person == 0 and in_registry != 1):
            return False
    return True


def _compared(name: str) -> str:
    compared = comparable(name)
    return "" if compared in NO_NAME else compared


def _parts(separator: re.Pattern[str], names: str) -> list[str]:
    return [part for part in (comparable(name) for name in separator.split(names)) if part]
