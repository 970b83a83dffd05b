"""The photo registry in JSON. Images travel in base64."""

from typing import Annotated, Self

from pydantic import Base64Bytes, Field, StringConstraints, model_validator

from guichet.registries.ephoto.port import EPhotoStatus
from guichet.registries.wire import Wire

SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # PNG, JPEG
LARGEST_IMAGE_BYTES = 1024 * 1024
Image = Annotated[Base64Bytes, Field(max_length=LARGEST_IMAGE_BYTES)]


class EPhotoWire(Wire):
    number: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    status: EPhotoStatus
    photo: Image
    signature: Image

    @model_validator(mode="after")
    def _images_are_images(self) -> Self:
        if self.status == "available" and not (self.photo.startswith(SIGNATURES) and self.signature.startswith(SIGNATURES)):
            raise ValueError("an available photo comes with its picture and its signature, in PNG or JPEG")
        return self


class EPhotoAnswer(Wire):
    """``photo`` is null when the number is not known."""

    photo: EPhotoWire | None
