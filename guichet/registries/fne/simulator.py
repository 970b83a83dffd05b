"""A stand-in for FNE, for tests and the demonstration: the permits of the people of the simulated AGDREF.

A permit number ending in ``09`` times out, in ``08`` answers an error, in ``07`` is unknown.
"""

from datetime import date

from guichet.registries.agdref.port import ForeignerRecord
from guichet.registries.agdref.simulator import read_people
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.numbers import plain


class SimulatedFne:
    def find_permit(self, number: str, valid_from: date, valid_until: date) -> ForeignerRecord | None:
        if number.endswith("09"):
            raise RegistryUnavailable("fne", "timeout")
        if number.endswith("08"):
            raise RegistryUnavailable("fne", "error")
        if number.endswith("07"):
            return None
        asked = (number, valid_from, valid_until)
        for person in read_people("fne").values():
            if any((plain(permit.number), permit.valid_from, permit.valid_until) == asked for permit in person.permits):
                return person
        return None

    def reachable(self) -> bool:
        return True
