"""A stand-in for the photo registry, for tests and the demonstration.

A number ending in ``7`` is unknown, in ``8`` already used; ``…0009`` times out and ``…0006`` answers an error. Any other
number of 21 or 22 letters and digits is known, with a picture drawn from the number.
"""

from guichet.registries.ephoto import drawing
from guichet.registries.ephoto.port import EPhoto
from guichet.registries.errors import RegistryUnavailable


class SimulatedEPhotos:
    def look_up(self, number: str) -> EPhoto | None:
        if number.endswith("0009"):
            raise RegistryUnavailable("ephoto", "timeout")
        if number.endswith("0006"):
            raise RegistryUnavailable("ephoto", "error")
        if len(number) not in (21, 22) or not (number.isascii() and number.isalnum()) or number.endswith("7"):
            return None
        if number.endswith("8"):
            return EPhoto(number, b"", b"", "used")
        return EPhoto(number, drawing.portrait(number), drawing.signature(number), "available")

    def reachable(self) -> bool:
        return True
