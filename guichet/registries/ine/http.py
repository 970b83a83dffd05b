"""The register of students behind an HTTP door."""

from guichet.registries.errors import RegistryUnavailable
from guichet.registries.ine.port import StudentRecord
from guichet.registries.ine.wire import StudentAnswer
from guichet.registries.numbers import plain
from guichet.registries.transport import Transport
from guichet.registries.wire import Health


class HttpIne:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def find_student(self, ine: str) -> StudentRecord | None:
        # A POST that only reads, for the same reason as AGDREF's.
        found = self._transport.ask(StudentAnswer, "POST", "students/lookup", json={"ine": ine}).student
        if found is None:
            return None
        if plain(found.ine) != ine:
            raise RegistryUnavailable("ine", "malformed")  # another student: worse than none
        return found.record()

    def reachable(self) -> bool:
        try:
            self._transport.ask(Health, "GET", "health")
        except RegistryUnavailable:
            return False
        return True
