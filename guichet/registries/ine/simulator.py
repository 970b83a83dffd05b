"""A stand-in for the register of students, for tests and the demonstration: invented students, and numbers that make it fail.

An INE whose last two digits are ``09`` times out, ``08`` answers an error, ``07`` is unknown.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from guichet.core import clock
from guichet.core.identifiers import digits
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.ine.port import StudentRecord
from guichet.registries.ine.sample import students_as_of
from guichet.registries.ine.wire import Students, StudentWire
from guichet.registries.numbers import plain
from guichet.registries.world_file import WorldFile

BUILT_IN: Mapping[str, StudentRecord] = {record.ine: record for record in students_as_of(clock.today())}


def _by_number(students: Students) -> Mapping[str, StudentRecord]:
    return {plain(student.ine): student.record() for student in students.students}


_file = WorldFile("simulated-ine.json", Students, _by_number, BUILT_IN)


def students_file() -> Path:
    return _file.path


def write_students(records: Iterable[StudentRecord]) -> None:
    """Replaces the simulated students, for every process."""
    _file.write(Students(students=tuple(StudentWire.of(record) for record in records)))


def read_students() -> Mapping[str, StudentRecord]:
    """The students by number, as numbers are compared."""
    try:
        return _file.read()
    except ValidationError:
        raise RegistryUnavailable("ine", "malformed") from None


class SimulatedIne:
    def find_student(self, ine: str) -> StudentRecord | None:
        magic = digits(ine)[-2:]
        if magic == "09":
            raise RegistryUnavailable("ine", "timeout")
        if magic == "08":
            raise RegistryUnavailable("ine", "error")
        if magic == "07":
            return None
        return read_students().get(ine)

    def reachable(self) -> bool:
        return True
