"""AGDREF behind an HTTP door."""

from guichet.registries.agdref.port import ForeignerRecord
from guichet.registries.agdref.wire import PersonAnswer
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.transport import Transport
from guichet.registries.wire import Health


class HttpAgdref:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find_person(self, foreigner_number: str) -> ForeignerRecord | None:
        # A POST that only reads: a number in a URL would end in the access logs of every machine on the way.
        answer = self._transport.ask(PersonAnswer, "POST", "persons/lookup", json={"foreigner_number": foreigner_number})
        if answer.person is None:
            return None
        if answer.person.foreigner_number != foreigner_number:
            raise RegistryUnavailable("agdref", "malformed")  # someone else's record: worse than none
        return answer.person.record()

    def reachable(self) -> bool:
        try:
            self._transport.ask(Health, "GET", "health")
        except RegistryUnavailable:
            return False
        return True
