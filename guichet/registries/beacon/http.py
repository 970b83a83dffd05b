"""The public source over HTTP, as drand's nodes and their relays speak it: ``BEACON_URL`` is such as ``https://api.drand.sh``."""

import hashlib
from typing import Annotated

from pydantic import StringConstraints

from guichet.registries.beacon.port import CHAIN
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.transport import Transport
from guichet.registries.wire import Wire


class Round(Wire):
    round: int
    randomness: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$", max_length=400)]


class Info(Wire):
    hash: str


class HttpBeacon:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def value_of(self, round_number: int) -> str:
        # The chain is in the address: a round of the same number in another chain may have been known for months.
        found = self._transport.ask(Round, "GET", f"{CHAIN}/public/{round_number}")
        # The value is the hash of the signature. The signature itself is for whoever has the curves at hand: anyone can.
        signed = hashlib.sha256(bytes.fromhex(found.signature)).hexdigest()
        if found.round != round_number or signed != found.randomness:
            raise RegistryUnavailable("beacon", "malformed")
        return found.randomness

    def reachable(self) -> bool:
        try:
            return self._transport.ask(Info, "GET", f"{CHAIN}/info").hash == CHAIN
        except RegistryUnavailable:
            return False
