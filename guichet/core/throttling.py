"""Limits on tries, shared by every process through Django's cache.

A limit of *n* tries per period is *n* places in the cache, each taken by an atomic ``add`` and freed by its own expiry: two
processes never take the same place, and one never waits longer than the oldest try's period. Limits are by address together
with what is tried, and loosely by address alone: never by identity alone, which would lock the rightful person out.

Call outside of transactions: a refusal that rolls back would also forget the try.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from guichet.core import clock
from guichet.core.errors import TooManyTries


@dataclass(frozen=True)
class Limit:
    """So many tries in so many seconds."""

    name: str
    tries: int
    seconds: int


@dataclass(frozen=True)
class Place:
    """A try that was counted; ``give_back`` uncounts it."""

    key: str

    def give_back(self) -> None:
        cache.delete(self.key)


def spend(limit: Limit, *parts: str) -> Place:
    """Counts one try. Raises ``TooManyTries`` (with the seconds to wait) when none is left."""
    keys = _keys(limit, parts)
    now = clock.now().timestamp()
    taken = {key: until for key, until in cache.get_many(keys).items() if until > now}
    for key in keys:
        if key in taken:
            continue
        if cache.add(key, now + limit.seconds, limit.seconds):
            return Place(key)
        until = cache.get(key)
        if (
            until is not None and until <= now
        ):  # only where the clock was moved: the place is free for us before it is for the cache
            cache.set(key, now + limit.seconds, limit.seconds)
            return Place(key)
        taken[key] = until or now + limit.seconds
    raise TooManyTries(int(min(taken.values()) - now) + 1)


def forget(limit: Limit, *parts: str) -> None:
    """Frees every place of a limit."""
    cache.delete_many(_keys(limit, parts))


def _keys(limit: Limit, parts: tuple[str, ...]) -> list[str]:
    # Hashed: keys of the cache hold no number, no address of a person.
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
    return [f"limit:{limit.name}:{digest}:{place}" for place in range(limit.tries)]
