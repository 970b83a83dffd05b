"""Verbs of files: taking one, joining several. Whose a file is and who may see it is the business of the room that asks."""

import hashlib
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guichet.accounts.models import Account
from guichet.core import storage
from guichet.files import limits, scanner, workshop
from guichet.files.limits import Unacceptable
from guichet.files.models import StoredFile
from guichet.files.names import ENDINGS, shown_name
from guichet.files.refusals import FileRefused

__all__ = ["FileRefused", "join", "receive", "remove"]


def receive(uploaded: "UploadedFile[bytes]", *, account: Account | None) -> StoredFile:
    """Takes a file: scanned, recognised by its content, cleaned, stored. ``FileRefused`` says why not and what to do.

    Takes a few tenths of a second of another process; call it before opening a transaction, not within.
    """
    content = _read(uploaded)
    scan = scanner.scan(content)
    try:
        made = workshop.clean(content)
    except Unacceptable as refusal:
        raise FileRefused(refusal.code) from refusal
    return _keep(made, uploaded.name or "", scan, account)


def join(uploaded: "Sequence[UploadedFile[bytes]]", name: str, *, account: Account | None) -> StoredFile:
    """Takes several photos or PDFs as one PDF, in the order given. ``FileRefused`` concerns the whole."""
    if not uploaded:
        raise FileRefused("none")
    if len(uploaded) > limits.MAX_JOINED:
        raise FileRefused("too_many_files")
    contents = [_read(one) for one in uploaded]
    scans = {scanner.scan(content) for content in contents}
    try:
        made = workshop.join(contents)
    except Unacceptable as refusal:
        raise FileRefused(refusal.code) from refusal
    return _keep(made, name, "not_scanned" if "not_scanned" in scans else "clean", account)


def remove(stored: StoredFile) -> None:
    """Forgets a file that nothing refers to any more: its bytes, then its row. Removing twice is no error."""
    storage.remove(stored.key)
    StoredFile.objects.filter(pk=stored.pk).delete()


def _read(uploaded: "UploadedFile[bytes]") -> bytes:
    """The bytes, never more than the limit plus one, whatever size was announced."""
    uploaded.seek(0)
    content = bytes(uploaded.read(limits.MAX_BYTES + 1))
    if len(content) > limits.MAX_BYTES:
        raise FileRefused("too_big")
    if not content:
        raise FileRefused("empty")
    return content


def _keep(made: workshop.Made, name: str, scan: str, account: Account | None) -> StoredFile:
    if len(made.content) > limits.MAX_BYTES:
        raise FileRefused("too_big")
    key = storage.keep(made.content, folder="files", suffix=ENDINGS[made.content_type])
    try:
        with transaction.atomic():
            return StoredFile.objects.create(
                name=shown_name(name, made.content_type),
                content_type=made.content_type,
                size=len(made.content),
                pages=made.pages,
                sha256=hashlib.sha256(made.content).hexdigest(),
                key=key,
                scan=scan,
                uploaded_by=account,
            )
    except BaseException:
        storage.remove(key)
        raise
