"""A stand-in for the public source, for tests and the demonstration: anybody can reckon its values, it draws nothing real."""

import hashlib

from guichet.core import clock
from guichet.registries.beacon.port import moment_of
from guichet.registries.errors import RegistryUnavailable


def signature_of(round_number: int) -> bytes:
    """What stands for the signature of a round."""
    return hashlib.sha512(f"simulated beacon, round {round_number}".encode()).digest()


class SimulatedBeacon:
    def value_of(self, round_number: int) -> str:
        if moment_of(round_number) > clock.now():
            raise RegistryUnavailable("beacon", "error")
        return hashlib.sha256(signature_of(round_number)).hexdigest()

    def reachable(self) -> bool:
        return True
