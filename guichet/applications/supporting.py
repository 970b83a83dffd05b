"""The files given for the documents that a procedure asks for, in a draft or in answer to a complement request."""

from django.db import transaction
from django.db.models import Max

from guichet.accounts.models import Account
from guichet.accounts.queries import can_act_for
from guichet.applications import drafting, evaluating, seen
from guichet.applications.errors import FileGone, NotADraft, NotYours, TooManyFiles, UnknownPlace
from guichet.applications.models import Application, State, SupportingDocument
from guichet.core.errors import ActionRefused
from guichet.files.models import StoredFile

MOST_FILES = 3  # per document of a complement request (requirement C4)


def add_document(
    application: Application, requirement: str, row: int, stored_file: StoredFile, by: Account, kind: str = "", round: int = 0
) -> SupportingDocument:
    """Gives a file for a document that is asked for. Giving the same file twice keeps one.

    ``round`` 0 fills in a draft; ``n`` answers the nth complement request. A refusal (``TooManyFiles``, ``UnknownPlace``,
    ``NotADraft``, ``NotYours``, ``FileGone``) leaves everything else as it was, and the file that was not taken is discarded.
    """
    try:
        with transaction.atomic():
            held = _held(application, by, round)
            most = _most_files(held, requirement, row) if round == 0 else MOST_FILES
            given = held.documents.filter(requirement=requirement, row=row, round=round, removed_at__isnull=True)
            # Held until the commit (the foreign key is checked only then): no sweep takes the bytes meanwhile.
            if not StoredFile.objects.select_for_update().filter(pk=stored_file.pk).first():
                raise FileGone
            already = given.filter(file=stored_file).first()
            if already:
                return already
            if given.count() >= most:
                raise TooManyFiles(most)
            last = given.aggregate(last=Max("position"))["last"]
            document = SupportingDocument.objects.create(
                application=held,
                requirement=requirement,
                row=row,
                kind=kind,
                file=stored_file,
                position=0 if last is None else last + 1,
                round=round,
            )
            if round == 0:
                drafting.touch(held, drafting.asked_of(held), seen.DOCUMENTS)
    except FileGone:
        raise
    except ActionRefused:
        if not SupportingDocument.objects.filter(file=stored_file).exists():
            drafting.discard([stored_file])
        raise
    return document


def remove_document(application: Application, document_id: int, by: Account) -> None:
    """Takes back a file that nobody has received yet. Removing twice is no error."""
    with transaction.atomic():
        document = SupportingDocument.objects.filter(application=application, pk=document_id).select_related("file").first()
        held = _held(application, by, document.round if document else 0)
        if document is None:
            return
        document.delete()
        drafting.discard([document.file])
        if document.round == 0:
            drafting.touch(held, drafting.asked_of(held), seen.DOCUMENTS)


def _held(application: Application, by: Account, round: int) -> Application:
    """The application, locked, in the state in which this round's files can be given or taken back."""
    row = Application.objects.select_for_update(of=("self",)).select_related("person", "procedure").get(pk=application.pk)
    if not can_act_for(by, row.person):
        raise NotYours
    # While a closing is only proposed, the answer to the request is still welcome (see the lifecycle).
    if row.state not in ({State.DRAFT} if round == 0 else {State.AWAITING_COMPLEMENT, State.PROPOSED}):
        raise NotADraft
    return row


def _most_files(row: Application, requirement: str, number: int) -> int:
    for asked in evaluating.evaluate(row).requirements():
        if asked.id == requirement and asked.row == number:
            return asked.max_files
    raise UnknownPlace
