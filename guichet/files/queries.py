"""Reads of files. The caller has already checked that who asks may see the file."""

import hashlib

from guichet.core import storage
from guichet.files import workshop
from guichet.files.limits import Unacceptable
from guichet.files.models import StoredFile


class FileAltered(RuntimeError):
    """The stored bytes are no longer those that were received."""


def content(stored: StoredFile) -> bytes:
    """The bytes as stored. ``FileNotFoundError`` when the storage lost them, ``FileAltered`` when they changed."""
    found = storage.read(stored.key)
    if hashlib.sha256(found).hexdigest() != stored.sha256:
        raise FileAltered(str(stored))
    return found


def preview(stored: StoredFile, page: int = 1) -> bytes | None:
    """A page as a PNG or JPEG for the viewer; ``None`` when there is no such page or it cannot be drawn."""
    if not 1 <= page <= stored.pages:
        return None
    if stored.content_type != "application/pdf":
        return content(stored)
    try:
        return workshop.preview(content(stored), page)
    except Unacceptable:
        return None
