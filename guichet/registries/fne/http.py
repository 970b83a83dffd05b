"""FNE behind an HTTP door."""

from datetime import date

from guichet.registries.agdref.port import ForeignerRecord
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.fne.wire import HolderAnswer
from guichet.registries.numbers import plain
from guichet.registries.transport import Transport
from guichet.registries.wire import Health


class HttpFne:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find_permit(self, number: str, valid_from: date, valid_until: date) -> ForeignerRecord | None:
        # A POST that only reads, for the same reason as AGDREF's.
        asked = {"number": number, "valid_from": valid_from.isoformat(), "valid_until": valid_until.isoformat()}
        answer = self._transport.ask(HolderAnswer, "POST", "permits/lookup", json=asked)
        if answer.person is None:
            return None
        record = answer.person.record()
        held = {(plain(permit.number), permit.valid_from, permit.valid_until) for permit in record.permits}
        if (number, valid_from, valid_until) not in held:
            raise RegistryUnavailable("fne", "malformed")  # the holder of another permit: worse than none
        return record

    def reachable(self) -> bool:
        try:
            self._transport.ask(Health, "GET", "health")
        except RegistryUnavailable:
            return False
        return True
