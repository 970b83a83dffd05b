"""A stand-in for VISABIO, for tests and the demonstration: invented visas, and numbers that make it fail.

A visa number ending in ``09`` times out, in ``08`` answers an error, in ``07`` is unknown.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from guichet.core import clock
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.numbers import plain
from guichet.registries.visabio.port import VisaRecord
from guichet.registries.visabio.sample import visas_as_of
from guichet.registries.visabio.wire import Visas, VisaWire
from guichet.registries.world_file import WorldFile

BUILT_IN: Mapping[str, VisaRecord] = {plain(record.number): record for record in visas_as_of(clock.today())}


def _by_number(visas: Visas) -> Mapping[str, VisaRecord]:
    return {plain(visa.number): visa.record() for visa in visas.visas}


_file = WorldFile("simulated-visabio.json", Visas, _by_number, BUILT_IN)


def visas_file() -> Path:
    return _file.path


def write_visas(records: Iterable[VisaRecord]) -> None:
    """Replaces the simulated visas, for every process."""
    _file.write(Visas(visas=tuple(VisaWire.of(record) for record in records)))


def read_visas() -> Mapping[str, VisaRecord]:
    """The visas by number, as numbers are compared."""
    try:
        return _file.read()
    except ValidationError:
        raise RegistryUnavailable("visabio", "malformed") from None


class SimulatedVisabio:
    def find_visa(self, number: str, valid_from: date, valid_until: date) -> VisaRecord | None:
        if number.endswith("09"):
            raise RegistryUnavailable("visabio", "timeout")
        if number.endswith("08"):
            raise RegistryUnavailable("visabio", "error")
        if number.endswith("07"):
            return None
        visa = read_visas().get(number)
        return visa if visa and (visa.valid_from, visa.valid_until) == (valid_from, valid_until) else None

    def reachable(self) -> bool:
        return True
