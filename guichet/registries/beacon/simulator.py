"""A stand-in for the public source, for tests and the demonstration: anybody can reckon its values, so it draws nothing real.

A round whose number ends in ``09`` times out, in ``08`` answers an error.
"""

import hashlib

from guichet.core import clock
from guichet.registries.beacon.port import moment_of
from guichet.registries.errors import RegistryUnavailable


def signature_of(round_number: int) -> bytes:
    """What stands for the signature of a round."""
    return hashlib.sha512(f"simulated beacon, round {round_number}".encode()).digest()


class SimulatedBeacon:
    def value_of(self, round_number: int) -> str:
        if round_number % 100 == 9:
            raise RegistryUnavailable("beacon", "timeout")
        if round_number % 100 == 8 or moment_of(round_number) > clock.now():
            raise RegistryUnavailable("beacon", "error")
        return hashlib.sha256(signature_of(round_number)).hexdigest()

    def reachable(self) -> bool:
        return True
