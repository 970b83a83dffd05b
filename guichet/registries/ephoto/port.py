"""What Guichet asks of the photo registry, whoever answers."""

from dataclasses import dataclass
from typing import Literal, Protocol

EPhotoStatus = Literal["available", "used"]


@dataclass(frozen=True)
class EPhoto:
    """A photo and a signature (PNG or JPEG bytes). Both are empty when the number was already used for another request."""

    number: str
    photo: bytes
    signature: bytes
    status: EPhotoStatus


class EPhotos(Protocol):
    def look_up(self, number: str) -> EPhoto | None:
        """The photo of a number (capital letters and digits); ``None`` when it is not known.

        The shape of a number is not ours to judge: sources differ (21 or 22 characters), the registry decides.
        ``RegistryUnavailable`` when it cannot tell.
        """

    def reachable(self) -> bool:
        """Whether the registry answers now. Never raises."""
