"""Who comes first: a model of a sale where a few send a thousand times more requests than everybody else.

Everybody wants any of the places. Each request arrives at a moment drawn evenly over the opening; whoever reloads a thousand
times has a thousand such moments. One identity has one place at most, under both rules: what is compared is the rule, not
whether identities are checked. Nothing here is faster for a robot than for a person but the number of its requests.
"""

import random
from collections.abc import Iterator

from guichet.appointments.draws import drawing

SHARE, MORE = 0.01, 1000  # one identity in a hundred sends a thousand times more requests


def identities(count: int) -> tuple[list[str], set[str]]:
    """Everybody, and those of them who insist."""
    everybody = [f"P{number:06}" for number in range(count)]
    return everybody, set(everybody[: round(count * SHARE)])


def arrivals(count: int, seed: int) -> Iterator[str]:
    """Whose each request is, in order of arrival."""
    chance = random.Random(seed)  # noqa: S311 - a simulation, the same each time
    everybody, insisting = identities(count)
    requests = [(chance.random(), who) for who in everybody for _ in range(MORE if who in insisting else 1)]
    return (who for _moment, who in sorted(requests))


def first_come(count: int, places: int, seed: int) -> set[str]:
    """Who has a place when they go to whoever asks first."""
    served: set[str] = set()
    for who in arrivals(count, seed):
        if len(served) < places:
            served.add(who)
    return served


def drawn(count: int, places: int, seed: int) -> set[str]:
    """Who has a place when they are drawn: requests after the first one of an identity add nothing to the list."""
    registered = dict.fromkeys(arrivals(count, seed), (1,))
    text = drawing.write_list({}, [(1, "", places)], registered.items())
    results = drawing.draw(drawing.read_list(text), drawing.sha256(f"simulation {seed}"))
    return {each.id for each in results if each.slot is not None}


def share_of_the_insisting(winners: set[str], count: int) -> float:
    """Which part of the places went to those who insist."""
    return len(winners & identities(count)[1]) / len(winners)
