"""A stand-in for AGDREF, for tests and the demonstration: invented people, and numbers that make it fail.

A foreigner number ending in ``09`` times out, in ``08`` answers an error, in ``07`` is unknown. A time-out is told at once:
nobody learns anything from waiting for an invented one.
"""

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.conf import settings
from pydantic import ValidationError

from guichet.core import clock
from guichet.registries.agdref.port import ForeignerRecord
from guichet.registries.agdref.sample import people_as_of
from guichet.registries.agdref.wire import People, PersonWire
from guichet.registries.errors import RegistryUnavailable

FILE_NAME = "simulated-agdref.json"

# Fixed when the process starts, so that the clock a test moves makes people older instead of moving their birth.
BUILT_IN = {record.foreigner_number: record for record in people_as_of(clock.today())}

_read_files: dict[Path, tuple[tuple[int, int, int], Mapping[str, ForeignerRecord]]] = {}


def people_file() -> Path:
    return Path(settings.PRIVATE_DIR) / FILE_NAME


def write_people(records: Iterable[ForeignerRecord]) -> None:
    """Replaces the simulated people, for every process, in one go: a reader sees the old file or the new one, whole."""
    people = People(people=tuple(PersonWire.of(record) for record in records))
    target = people_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{FILE_NAME}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(people.model_dump(mode="json"), stream, ensure_ascii=False, indent=1)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_people() -> Mapping[str, ForeignerRecord]:
    """The people of the file, read again when it changed; the built-in ones when there is no file."""
    path = people_file()
    try:
        stamp = path.stat()
    except FileNotFoundError:
        return BUILT_IN
    state = (stamp.st_mtime_ns, stamp.st_size, stamp.st_ino)
    known = _read_files.get(path)
    if known and known[0] == state:
        return known[1]
    try:
        people = People.model_validate_json(path.read_bytes())
    except ValidationError:
        raise RegistryUnavailable("agdref", "malformed") from None
    records = {person.foreigner_number: person.record() for person in people.people}
    _read_files[path] = (state, records)
    return records


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
