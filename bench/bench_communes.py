"""Communes searched as one types: how long each key press takes, against reading every name each time."""

import statistics
import time
from collections.abc import Callable

from guichet.offices import geography, search

TYPED = ("Saint-Étienne", "Lille (59)", "97400", "villeneuve d’ascq", "st denis", "Le Mans", "aix", "Fort-de-France")
ROUNDS = 20


def key_presses() -> list[str]:
    """What the field holds after each key."""
    return [text[:length] for text in TYPED for length in range(1, len(text) + 1)]


def read_everything(text: str) -> list[geography.Commune]:
    """The same question without the index: every name compared with what was typed."""
    key = "".join(search.words(text))
    found = [commune for commune in geography.communes().values() if "".join(search.words(commune.name)).startswith(key)]
    return sorted(found, key=lambda commune: -commune.population)[:10]


def milliseconds(ask: Callable[[str], object], texts: list[str]) -> list[float]:
    taken = []
    for text in texts:
        began = time.perf_counter()
        ask(text)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def main() -> None:
    began = time.perf_counter()
    search.index()
    built = (time.perf_counter() - began) * 1000
    presses = key_presses()
    indexed = milliseconds(lambda text: search.search(text, 10), presses * ROUNDS)
    scanned = milliseconds(read_everything, presses[:: len(presses) // 8])
    slowest = statistics.quantiles(indexed, n=100)[98]
    print(f"communes: {len(geography.communes())} indexed in {built:.0f} ms, once per process")
    print(f"communes: a key press takes {statistics.median(indexed):.3f} ms (99 % under {slowest:.3f} ms)")
    print(f"communes: {statistics.median(scanned) / statistics.median(indexed):.0f} times less than reading every name")


if __name__ == "__main__":
    main()
