"""The photo registry behind an HTTP door."""

from guichet.registries.ephoto.port import EPhoto
from guichet.registries.ephoto.wire import EPhotoAnswer
from guichet.registries.errors import RegistryUnavailable
from guichet.registries.transport import Transport
from guichet.registries.wire import Health


class HttpEPhotos:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def look_up(self, number: str) -> EPhoto | None:
        # A POST that only reads, for the same reason as AGDREF's: the number opens a face.
        found = self._transport.ask(EPhotoAnswer, "POST", "photos/lookup", json={"number": number}).photo
        if found is None:
            return None
        if found.number != number:
            raise RegistryUnavailable("ephoto", "malformed")  # someone else's face: worse than none
        if found.status == "used":
            return EPhoto(found.number, b"", b"", "used")
        return EPhoto(found.number, found.photo, found.signature, "available")

    def reachable(self) -> bool:
        try:
            self._transport.ask(Health, "GET", "health")
        except RegistryUnavailable:
            return False
        return True
