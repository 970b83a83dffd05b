"""The person's side of a complement request: opening it, answering document by document, sending once."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guichet.accounts import queries as accounts
from guichet.accounts.models import Account
from guichet.applications import actions as applications
from guichet.applications.models import Application, SupportingDocument
from guichet.applications.moves import locked, subject_of, transition
from guichet.applications.queries import evaluation
from guichet.core import clock, events
from guichet.core.events import Actor
from guichet.files.models import StoredFile
from guichet.instruction.complements import SUBJECT
from guichet.instruction.errors import AnswersIncomplete, Invalid, NotYours
from guichet.instruction.models import ComplementItem, ComplementRequest, Decision
from guichet.instruction.reviewing import LONGEST_TEXT
from guichet.instruction.telling import DECISION
from guichet.instruction.terms import complement_due_on
from guichet.messaging import actions as messaging
from guichet.permits import actions as permits

MOST_FILES = 3  # per document of a request
ANSWERED_MEANWHILE = "answered_meanwhile"  # why a proposal to close fell: a code, said by the pages


def open_complement_request(request: ComplementRequest, account: Account) -> ComplementRequest:
    """The owner opens the request on purpose: it is acknowledged, and 30 days run from this Paris day.

    Opening again changes nothing. Call it from a POST only: no prefetch, preview or officer's view opens anything.
    """
    with transaction.atomic():
        application, current = _own(request, account)
        if current.opened_at is None and current.cancelled_at is None:
            current.opened_at = clock.now()
            current.due_on = complement_due_on(clock.paris_date(current.opened_at))
            current.save(update_fields=["opened_at", "due_on"])
            events.record(
                "complement_opened",
                subject_of(application),
                _person(account),
                visible=True,
                round=current.round,
                due_on=current.due_on.isoformat(),
            )
            messaging.mark_read_about((SUBJECT, str(current.pk)))
    request.opened_at, request.due_on = current.opened_at, current.due_on
    return current


def answer_item(
    request: ComplementRequest,
    item: ComplementItem,
    choice: str,
    keep_reason: str,
    reply: str,
    account: Account,
) -> ComplementItem:
    """Saves the answer to one document: keep it, with the reason, or update it. It can change until all are sent."""
    keep_reason, reply = keep_reason.strip(), reply.strip()
    if choice not in ComplementItem.Choice.values:
        raise Invalid(_("Dites si vous maintenez le document ou si vous le mettez à jour."), "choice")
    if choice == ComplementItem.Choice.KEEP and not keep_reason:
        raise Invalid(_("Expliquez pourquoi vous maintenez le document : l'agent lira cette raison."), "keep_reason")
    if max(len(keep_reason), len(reply)) > LONGEST_TEXT:
        field = "keep_reason" if len(keep_reason) > LONGEST_TEXT else "reply"
        raise Invalid(_("Ce texte est trop long : 5 000 caractères au plus."), field, "too_long")
    with transaction.atomic():
        _application, _current, row = _open_item(request, item, account)
        row.choice = choice
        row.keep_reason = keep_reason if choice == ComplementItem.Choice.KEEP else ""
        row.reply = reply
        row.save(update_fields=["choice", "keep_reason", "reply"])
    return row


def add_answer_file(
    request: ComplementRequest, item: ComplementItem, stored_file: StoredFile, account: Account, kind: str = ""
) -> SupportingDocument:
    """Joins a new file to an answer (three at most). Joining one chooses «update»."""
    with transaction.atomic():
        application, current, row = _open_item(request, item, account)
        if len(_files(application, current, row)) >= MOST_FILES:
            raise Invalid(
                _("Ce document compte déjà trois fichiers. Retirez-en un, ou réunissez les pages en un seul fichier."),
                "files",
                "too_many_files",
            )
        document = applications.add_document(
            application, row.requirement, row.row, stored_file, account, kind=kind, round=current.round
        )
        if row.choice != ComplementItem.Choice.UPDATE:
            row.choice, row.keep_reason = ComplementItem.Choice.UPDATE, ""
            row.save(update_fields=["choice", "keep_reason"])
    return document


def remove_answer_file(request: ComplementRequest, item: ComplementItem, document_id: int, account: Account) -> None:
    """Takes a file out of an answer that is not sent. Removing twice is no error."""
    with transaction.atomic():
        application, current, row = _open_item(request, item, account)
        if document_id in {document.pk for document in _files(application, current, row)}:
            applications.remove_document(application, document_id, account)


def send_answers(request: ComplementRequest, account: Account) -> ComplementRequest:
    """Sends every answer at once, once. Sending again (double click, second tab) changes nothing.

    ``AnswersIncomplete`` names the documents without a complete answer. An answer after the term is taken as long as nothing
    was decided; a proposal to close that waits for its signature falls.
    """
    with transaction.atomic():
        row, current = _own(request, account)
        if current.answered_at is None:
            _must_be_open(current)
            items = list(current.items.all())
            files = {item.pk: _files(row, current, item) for item in items}
            incomplete = [item.pk for item in items if not _is_complete(item, len(files[item.pk]))]
            if incomplete:
                raise AnswersIncomplete(incomplete)
            for item in items:
                if item.choice == ComplementItem.Choice.KEEP:
                    for document in files[item.pk]:
                        applications.remove_document(row, document.pk, account)
            Decision.objects.filter(application=row, signed_at=None, sent_back_at=None).update(
                sent_back_at=clock.now(), sent_back_reason=ANSWERED_MEANWHILE
            )
            kept = sum(1 for item in items if item.choice == ComplementItem.Choice.KEEP)
            with transition(
                row,
                "answer_complement",
                by=_person(account),
                role="applicant",
                round=current.round,
                kept=kept,
                updated=len(items) - kept,
            ) as moved:
                current.answered_at = clock.now()
                current.save(update_fields=["answered_at"])
                before, moved.silence_refuses_on = moved.silence_refuses_on, _silence_refuses_on(moved, current)
                messaging.mark_answered((SUBJECT, str(current.pk)))
            _tell_new_term(row, before, account, current.round)
    request.answered_at = current.answered_at
    return current


def _silence_refuses_on(row: Application, answered: ComplementRequest) -> date | None:
    """The clock of silence runs from the complete file (CESEDA R432-1, R432-2): from the day of the answer.

    A refusal that silence had already made when the documents were asked for stands, and so do its delays to appeal.
    """
    before = row.silence_refuses_on
    if before is None or answered.answered_at is None or before < clock.paris_date(answered.sent_at):
        return before
    deposited_on = clock.paris_date(row.deposited_at) if row.deposited_at else None
    return evaluation(row, today=deposited_on).silence_refuses_on(clock.paris_date(answered.answered_at))


def _tell_new_term(row: Application, before: date | None, account: Account, round_: int) -> None:
    after = row.silence_refuses_on
    if before and after and before != after:
        permits.restate(subject_of(row), silence_refuses_on=after)
        events.record(
            "silence_date_moved",
            subject_of(row),
            _person(account),
            visible=True,
            round=round_,
            **{"from": before.isoformat(), "to": after.isoformat()},
        )


def open_decision(decision: Decision, account: Account) -> Decision:
    """The owner reads a decision on purpose: the reading is dated and shown, once. Call it from a POST only."""
    with transaction.atomic():
        application = locked(decision.application)
        if not accounts.can_act_for(account, application.person):
            raise NotYours
        current = Decision.objects.get(pk=decision.pk)
        if current.signed_at is None:
            raise NotYours
        if current.opened_at is None:
            current.opened_at = clock.now()
            current.save(update_fields=["opened_at"])
            events.record("decision_opened", subject_of(application), _person(account), visible=True, decision=current.pk)
            messaging.mark_read_about((DECISION, str(current.pk)))
    decision.opened_at = current.opened_at
    return current


def _person(account: Account) -> Actor:
    return Actor("person", str(account.pk))


def _own(request: ComplementRequest, account: Account) -> tuple[Application, ComplementRequest]:
    """The application, locked, and the request as it is now, when the account acts for its person."""
    application = locked(request.application)
    if not accounts.can_act_for(account, application.person):
        raise NotYours
    return application, ComplementRequest.objects.get(pk=request.pk)


def _must_be_open(current: ComplementRequest) -> None:
    if current.cancelled_at is not None:
        raise Invalid(_("La demande a été close : il n'est plus possible de répondre."), "", "cancelled")
    if current.answered_at is not None:
        raise Invalid(_("Vos réponses sont déjà envoyées : elles ne peuvent plus changer."), "", "already_sent")
    if current.opened_at is None:
        raise Invalid(_("Ouvrez d'abord la demande de complément : ce geste en accuse réception."), "", "not_opened")


def _open_item(
    request: ComplementRequest, item: ComplementItem, account: Account
) -> tuple[Application, ComplementRequest, ComplementItem]:
    application, current = _own(request, account)
    _must_be_open(current)
    row = ComplementItem.objects.filter(pk=item.pk, request=current).first()
    if row is None:
        raise NotYours
    return application, current, row


def _files(application: Application, request: ComplementRequest, item: ComplementItem) -> list[SupportingDocument]:
    return list(
        application.documents.filter(
            requirement=item.requirement, row=item.row, round=request.round, removed_at__isnull=True
        ).select_related("file")
    )


def _is_complete(item: ComplementItem, files: int) -> bool:
    if item.choice == ComplementItem.Choice.KEEP:
        return bool(item.keep_reason)
    return item.choice == ComplementItem.Choice.UPDATE and files > 0
