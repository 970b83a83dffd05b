"""Private storage: bytes under random names, outside the web root, served only by pages that check who asks."""

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def keep(content: bytes, *, folder: str, suffix: str) -> str:
    """Stores bytes and returns their key (``folder/ab/<random><suffix>``). The name tells nothing."""
    name = secrets.token_hex(20)
    return str(default_storage.save(f"{folder}/{name[:2]}/{name}{suffix}", ContentFile(content)))


def read(key: str) -> bytes:
    """The bytes kept under a key; ``FileNotFoundError`` when there are none."""
    with default_storage.open(key, "rb") as stored:
        return bytes(stored.read())


def remove(key: str) -> None:
    """Removes the bytes; removing twice is no error."""
    default_storage.delete(key)
