"""What the person reads: a complement request item by item, a decision. Reading opens nothing: opening is an action."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from guichet.accounts.models import Account
from guichet.applications.models import Application, SupportingDocument
from guichet.core import clock
from guichet.instruction import terms
from guichet.instruction.answers import MOST_FILES
from guichet.instruction.models import ComplementItem, ComplementRequest, Decision
from guichet.instruction.reasons import in_words
from guichet.procedures.queries import definition_of


@dataclass(frozen=True)
class ItemSheet:
    """One document of a request: its words, what was given before, the answer so far."""

    item: ComplementItem
    label: str
    reason: str  # a sentence; empty for a document never asked before
    given: Sequence[SupportingDocument]  # what the officer looked at
    files: Sequence[SupportingDocument]  # what the answer brings

    @property
    def is_extra(self) -> bool:
        """Never asked before: there is nothing to keep, one explains why it cannot be given."""
        return not self.given

    @property
    def is_complete(self) -> bool:
        if self.item.choice == ComplementItem.Choice.KEEP:
            return bool(self.item.keep_reason)
        return self.item.choice == ComplementItem.Choice.UPDATE and bool(self.files)

    @property
    def may_add_file(self) -> bool:
        return len(self.files) < MOST_FILES


@dataclass(frozen=True)
class RequestSheet:
    """A complement request for its owner. Until ``request.opened_at`` a page shows its date and what opening means, no more."""

    request: ComplementRequest
    application: Application
    items: Sequence[ItemSheet]

    @property
    def is_opened(self) -> bool:
        return self.request.opened_at is not None

    @property
    def can_answer(self) -> bool:
        return self.is_opened and self.request.answered_at is None and self.request.cancelled_at is None

    @property
    def days_left(self) -> int | None:
        """Days until the last day to answer, negative past it; None before opening."""
        return (self.request.due_on - clock.today()).days if self.request.due_on else None

    @property
    def left_to_answer(self) -> int:
        return sum(1 for item in self.items if not item.is_complete)

    @property
    def delay_days(self) -> int:
        """How many days opening starts."""
        return terms.COMPLEMENT_DAYS


def request_for(account: Account, request_id: int) -> RequestSheet | None:
    """The request, when the account acts for its person. A constant number of queries; opens nothing."""
    request = (
        ComplementRequest.objects.filter(pk=request_id, application__person__representations__account=account)
        .select_related("application__person", "application__procedure", "application__office", "application__filed_by")
        .prefetch_related("items")
        .first()
    )
    if request is None:
        return None
    application = request.application
    files = application.documents.filter(removed_at__isnull=True, round__lte=request.round).select_related("file")
    by_round: dict[tuple[str, int, int], list[SupportingDocument]] = {}
    for document in files:
        by_round.setdefault((document.requirement, document.row, document.round), []).append(document)
    definition = definition_of(application.procedure)
    sheets = []
    for item in request.items.all():
        before = next(
            (
                by_round[item.requirement, item.row, number]
                for number in range(request.round - 1, -1, -1)
                if (item.requirement, item.row, number) in by_round
            ),
            [],
        )
        label = item.label or str(definition.requirement_label(item.requirement) or item.requirement)
        answer = by_round.get((item.requirement, item.row, request.round), [])
        sheets.append(ItemSheet(item, label, in_words(item.reason), before, answer))
    return RequestSheet(request, application, sheets)


def open_request_of(application: Application) -> ComplementRequest | None:
    """The request that waits for its opening or its answer."""
    return application.complement_requests.filter(answered_at__isnull=True, cancelled_at__isnull=True).first()


def open_requests_of(applications: Iterable[Application]) -> dict[UUID, ComplementRequest]:
    """The requests that wait for their opening or their answer, by application. One query."""
    keys = [application.pk for application in applications]
    rows = ComplementRequest.objects.filter(application__in=keys, answered_at__isnull=True, cancelled_at__isnull=True)
    return {row.application_id: row for row in rows}


def sealed_decisions_of(applications: Iterable[Application]) -> dict[UUID, Decision]:
    """The decisions in force whose letter nobody opened yet, by application: what they say is not told before. One query."""
    keys = [application.pk for application in applications]
    rows = Decision.objects.filter(
        application__in=keys, signed_at__isnull=False, opened_at__isnull=True, reopened_at__isnull=True
    )
    return {row.application_id: row for row in rows.order_by("signed_at", "id")}


def requests_of(application: Application) -> list[ComplementRequest]:
    """Every request sent, oldest first."""
    return list(application.complement_requests.order_by("round"))


def decision_for(account: Account, decision_id: int) -> Decision | None:
    """A signed decision, when the account acts for its person. Reading it here dates nothing: see ``open_decision``."""
    return (
        Decision.objects.filter(pk=decision_id, signed_at__isnull=False, application__person__representations__account=account)
        .select_related("application__person", "application__procedure", "application__office")
        .first()
    )


def decisions_of(application: Application) -> list[Decision]:
    """The signed decisions, oldest first."""
    return list(application.decisions.filter(signed_at__isnull=False).order_by("signed_at", "id"))
