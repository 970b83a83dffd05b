"""A stand-in for AGDREF, for tests and the demonstration: invented people, and numbers that make it fail.

A foreigner number ending in ``09`` times out, in ``08`` answers an error, in ``07`` is unknown. A time-out is told at once:
nobody learns anything from waiting for an invented one.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from guichet.core import clock
from guichet.registries.agdref.port import ForeignerRecord
from guichet.registries.agdref.sample import people_as_of
from guichet.registries.agdref.wire import People, PersonWire
from guichet.registries.errors import RegistryName, RegistryUnavailable
from guichet.registries.world_file import WorldFile

# Fixed when the process starts, so that the clock a test moves makes people older instead of moving their birth.
BUILT_IN: Mapping[str, ForeignerRecord] = {record.foreigner_number: record for record in people_as_of(clock.today())}


def _by_number(people: People) -> Mapping[str, ForeignerRecord]:
    return {person.foreigner_number: person.record() for person in people.people}


_file = WorldFile("simulated-agdref.json", People, _by_number, BUILT_IN)


def people_file() -> Path:
    return _file.path


def write_people(records: Iterable[ForeignerRecord]) -> None:
    """Replaces the simulated people, for every process."""
    _file.write(People(people=tuple(PersonWire.of(record) for record in records)))


def read_people(registry: RegistryName = "agdref") -> Mapping[str, ForeignerRecord]:
    """The people by foreigner number; ``registry`` is the one that answers nonsense when their file is broken."""
    try:
        return _file.read()
    except ValidationError:
        raise RegistryUnavailable(registry, "malformed") from None


class SimulatedAgdref:
    """``people``: by foreigner number; the file or the built-in ones when not given."""

    def __init__(self, people: Mapping[str, ForeignerRecord] | None = None) -> None:
        self._people = people

    def find_person(self, foreigner_number: str) -> ForeignerRecord | None:
        if foreigner_number.endswith("09"):
            raise RegistryUnavailable("agdref", "timeout")
        if foreigner_number.endswith("08"):
            raise RegistryUnavailable("agdref", "error")
        if foreigner_number.endswith("07"):
            return None
        people = read_people() if self._people is None else self._people
        return people.get(foreigner_number)

    def reachable(self) -> bool:
        return True
