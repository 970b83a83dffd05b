"""Communes found as one types, in milliseconds: an index in memory, built at the first search of a process.

Names are compared without case, accents, hyphens nor spaces, «st» being «saint». A name is found by its beginning or by
the beginning of any of its words, and so are municipal districts and communes since merged, which lead to the commune of
today. What is typed may also be a postal code or its beginning, or a name and a code: «Lille (59)», «59800 Lille».
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest

from guichet.offices import geography
from guichet.offices.geography import Commune

ARTICLES = frozenset({"le", "la", "les", "l"})
ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s/": "sur"}
# How much a name weighs, against the population it leads to, by the way it was found.
OF_AN_INNER_WORD = 0.1
OF_A_FORMER_NAME = 0.02
LAST_CHARACTER = "\uffff"

NAME_THEN_CODE = re.compile(r"^(?P<name>.*\D)[\s(,]+(?P<code>\d{2,5}|2[ab])\)?$", re.IGNORECASE)
CODE_THEN_NAME = re.compile(r"^(?P<code>\d{2,5})[\s,-]+(?P<name>\D.*)$")


def words(text: str) -> list[str]:
    """Lower-case words without accents; «st» and «ste» written out.

    >>> words("St-Étienne-l'Œuvre")
    ['saint', 'etienne', 'l', 'oeuvre']
    """
    opened = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("s/", "sur ")
    plain = "".join(char for char in unicodedata.normalize("NFKD", opened) if not unicodedata.combining(char))
    return [ABBREVIATIONS.get(word, word) for word in re.split(r"[^a-z0-9]+", plain) if word]


@dataclass(frozen=True)
class Index:
    """``keys`` are sorted; ``ranks`` beside them say in what order to show what they lead to: ``shown[rank]``.

    ``whole`` holds the ranks of today's whole names (leading article apart): typed exactly, they come first.
    """

    keys: list[str]
    ranks: list[int]
    shown: list[Commune]
    whole: frozenset[int]
    by_postal_code: dict[str, list[Commune]]
    postal_codes: list[str]


@lru_cache(maxsize=1)
def index() -> Index:
    communes = geography.communes()
    entries: list[tuple[float, str, str, bool]] = []  # (-weight, key, INSEE code, whole name of today)

    def add(name: str, commune: Commune, weight: float) -> None:
        parts = words(name)
        for start in range(len(parts)):
            leading = all(part in ARTICLES for part in parts[:start])
            importance = (commune.population + 1) * weight * (1 if leading else OF_AN_INNER_WORD)
            entries.append((-importance, "".join(parts[start:]), commune.insee_code, leading and weight == 1))

    for commune in communes.values():
        add(commune.name, commune, 1)
    for former in geography.former_names():
        if former.name:
            add(former.name, communes[former.commune], OF_A_FORMER_NAME)

    entries.sort()
    order = sorted(range(len(entries)), key=lambda rank: entries[rank][1])
    by_postal_code: dict[str, list[Commune]] = defaultdict(list)
    for commune in sorted(communes.values(), key=lambda commune: (-commune.population, commune.insee_code)):
        for postal_code in commune.postal_codes:
            by_postal_code[postal_code].append(commune)
    return Index(
        keys=[entries[rank][1] for rank in order],
        ranks=order,
        shown=[communes[insee_code] for _, _, insee_code, _ in entries],
        whole=frozenset(rank for rank, entry in enumerate(entries) if entry[3]),
        by_postal_code=dict(by_postal_code),
        postal_codes=sorted(by_postal_code),
    )


def search(text: str, limit: int) -> list[Commune]:
    """The communes that what was typed may mean: exact names first, then the most populated."""
    text = text.strip()[:100]
    compact = re.sub(r"\s", "", text)
    if compact.isascii() and compact.isdigit():
        return _of_postal_prefix(compact, limit)
    found = _by_name("".join(words(text)), limit)
    if found:
        return found
    match = NAME_THEN_CODE.match(text) or CODE_THEN_NAME.match(text)
    if not match:
        return []
    everything = _by_name("".join(words(match["name"])), limit=len(index().keys))
    return [commune for commune in everything if _is_in(commune, match["code"].upper())][:limit]


def of_postal_code(postal_code: str) -> list[Commune]:
    """The communes of a postal code, the most populated first."""
    return list(index().by_postal_code.get(postal_code.strip(), []))


def _by_name(key: str, limit: int) -> list[Commune]:
    if not key:
        return []
    known = index()
    first = bisect_left(known.keys, key)
    after_exact = bisect_left(known.keys, key + "\0", lo=first)
    after_prefix = bisect_left(known.keys, key + LAST_CHARACTER, lo=first)
    exact = sorted(rank for rank in known.ranks[first:after_exact] if rank in known.whole)
    # Several names may lead to one commune: some more than asked are taken, and each commune is shown once.
    others = nsmallest(limit * 3, known.ranks[first:after_prefix])
    communes = dict.fromkeys(known.shown[rank] for rank in [*exact, *others])
    return list(communes)[:limit]


def _of_postal_prefix(prefix: str, limit: int) -> list[Commune]:
    known = index()
    first = bisect_left(known.postal_codes, prefix)
    last = bisect_left(known.postal_codes, prefix + LAST_CHARACTER)
    found = {commune for code in known.postal_codes[first:last] for commune in known.by_postal_code[code]}
    return nsmallest(limit, found, key=lambda commune: (-commune.population, commune.insee_code))


def _is_in(commune: Commune, code: str) -> bool:
    """Whether a code is the commune's department, or the beginning of one of its postal codes."""
    return commune.department == code or any(postal_code.startswith(code) for postal_code in commune.postal_codes)
