"""VISABIO behind an HTTP door."""

from datetime import date

from guichet.registries.errors import RegistryUnavailable
from guichet.registries.numbers import plain
from guichet.registries.transport import Transport
from guichet.registries.visabio.port import VisaRecord
from guichet.registries.visabio.wire import VisaAnswer
from guichet.registries.wire import Health


class HttpVisabio:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find_visa(self, number: str, valid_from: date, valid_until: date) -> VisaRecord | None:
        # A POST that only reads, for the same reason as AGDREF's.
        asked = {"number": number, "valid_from": valid_from.isoformat(), "valid_until": valid_until.isoformat()}
        found = self._transport.ask(VisaAnswer, "POST", "visas/lookup", json=asked).visa
        if found is None:
            return None
        if (plain(found.number), found.valid_from, found.valid_until) != (number, valid_from, valid_until):
            raise RegistryUnavailable("visabio", "malformed")  # another visa: worse than none
        return found.record()

    def reachable(self) -> bool:
        try:
            self._transport.ask(Health, "GET", "health")
        except RegistryUnavailable:
            return False
        return True
