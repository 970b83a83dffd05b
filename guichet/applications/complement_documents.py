"""Files that answer a complement request: added after the deposit, round by round, without touching what was deposited.

The rules (whose request, until when, how many) are those of the room that asks; this room owns the rows.
"""

from guichet.applications.models import Application, SupportingDocument
from guichet.core import clock
from guichet.files.models import StoredFile


def add(
    application: Application, requirement: str, row: int, round_number: int, stored_file: StoredFile, *, kind: str = ""
) -> SupportingDocument:
    """Adds a file for the ``round_number``-th complement request (1, 2, …). Call it with the application's row held."""
    if round_number < 1:
        raise ValueError("Round 0 is the deposit, which is final.")
    position = application.documents.filter(requirement=requirement, row=row, round=round_number).count()
    return SupportingDocument.objects.create(
        application=application,
        requirement=requirement,
        row=row,
        kind=kind,
        file=stored_file,
        position=position,
        round=round_number,
        added_at=clock.now(),
    )


def remove(document: SupportingDocument) -> None:
    """Dates the removal; the row and its file stay. A document of the deposit is never removed."""
    if document.round < 1:
        raise ValueError("Round 0 is the deposit, which is final.")
    SupportingDocument.objects.filter(pk=document.pk, removed_at__isnull=True).update(removed_at=clock.now())
