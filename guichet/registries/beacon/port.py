"""What Guichet asks of the public source of randomness, whoever answers.

The source is drand, kept by the League of Entropy: its default chain gives one value every thirty seconds, which nobody knows
before its moment and everybody reads after it.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol

SOURCE = "drand"
CHAIN = "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce"  # the default chain, by its hash
GENESIS = datetime.fromtimestamp(1_595_431_050, UTC)  # of round 1
PERIOD = timedelta(seconds=30)
PUBLIC_DOOR = "https://api.drand.sh"  # where anybody reads it


def round_at(moment: datetime) -> int:
    """The first round that is given at ``moment`` or after it."""
    return max(-((GENESIS - moment) // PERIOD), 0) + 1


def moment_of(round_number: int) -> datetime:
    """When a round is given."""
    return GENESIS + (round_number - 1) * PERIOD


def public_address(round_number: int) -> str:
    """Where anybody reads a round of the real source."""
    return f"{PUBLIC_DOOR}/{CHAIN}/public/{round_number}"


class Beacon(Protocol):
    def value_of(self, round_number: int) -> str:
        """The value of a round that was given already: 64 hexadecimal digits in small letters.

        ``RegistryUnavailable`` when it cannot be read, or is not given yet.
        """

    def reachable(self) -> bool:
        """Whether the source answers now. Never raises."""
