"""Reads of applications. Everyone sees only those of the persons that their account acts for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from guichet.accounts.models import Account, Person
from guichet.applications import checking, evaluating, seen, words
from guichet.applications.checking import answer_entry, document_entry
from guichet.applications.depositing import unfinished
from guichet.applications.errors import Change
from guichet.applications.evaluating import evaluate as evaluation
from guichet.applications.evaluating import live_documents
from guichet.applications.lifecycle import DECIDED, NEVER_DEPOSITED, OPEN
from guichet.applications.models import Answer, Application, DepositSnapshot, EPhotoCopy, State, SupportingDocument
from guichet.applications.moves import subject_of
from guichet.applications.versions import VersionMove, newer_version, newer_versions, what_changes
from guichet.applications.words import NextStep
from guichet.core import clock, events, storage
from guichet.offices.models import Office
from guichet.permits.queries import challenge_until
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.queries import definition_of

__all__ = [
    "VersionMove",
    "answer_entry",
    "document_entry",
    "evaluation",
    "newer_version",
    "newer_versions",
    "unfinished",
    "what_changes",
]

Key = tuple[datetime, UUID]


def _of(account: Account) -> "QuerySet[Application]":
    """The applications of the persons that this account acts for."""
    return Application.objects.filter(person__representations__account=account).select_related(
        "person", "procedure", "filed_by", "office"
    )


def drafts_of(account: Account, *, person: Person | None = None, procedure: str = "") -> list[Application]:
    """The live drafts, the one saved last first; of one person, of one procedure (a slug) where it is asked."""
    rows = _of(account).filter(state=State.DRAFT)
    if person is not None:
        rows = rows.filter(person=person)
    if procedure:
        rows = rows.filter(procedure__slug=procedure)
    return list(rows.order_by("-updated_at", "-id"))


def applications_of(
    account: Account,
    *,
    after: Key | None = None,
    size: int = 20,
    states: Collection[str] | None = None,
    person: Person | None = None,
) -> tuple[list[Application], bool]:
    """One page of deposited applications, newest first, after a key ``(deposited_at, id)``; and whether there are more."""
    rows = _of(account).exclude(state__in=NEVER_DEPOSITED).order_by("-deposited_at", "-id")
    if states is not None:
        rows = rows.filter(state__in=states)
    if person is not None:
        rows = rows.filter(person=person)
    if after:
        rows = rows.filter(Q(deposited_at__lt=after[0]) | Q(deposited_at=after[0], id__lt=after[1]))
    found = list(rows[: size + 1])
    return found[:size], len(found) > size


def waiting_of(account: Account, *, person: Person | None = None, most: int = 50) -> list[Application]:
    """The applications where something may await their person: a request, or a decision whose letter may not be opened."""
    rows = _of(account).filter(state__in=[State.AWAITING_COMPLEMENT, State.PROPOSED, *DECIDED])
    if person is not None:
        rows = rows.filter(person=person)
    return list(rows.order_by("-state_since", "-id")[:most])


def counts_of(account: Account, *, person: Person | None = None) -> dict[str, int]:
    """How many applications are in each state, drafts among them. One query."""
    rows = Application.objects.filter(person__representations__account=account)
    if person is not None:
        rows = rows.filter(person=person)
    return dict(rows.values_list("state").annotate(number=Count("pk")).order_by("state"))


def persons_with_open(account: Account) -> set[UUID]:
    """The people, among those that this account acts for, for whom an application is being examined. One query."""
    rows = Application.objects.filter(person__representations__account=account, state__in=OPEN)
    return set(rows.order_by("person_id").values_list("person_id", flat=True).distinct())


def keys_of(account: Account, *, person: Person | None = None) -> list[str]:
    """The keys of the deposited applications: what official documents are about."""
    rows = Application.objects.filter(person__representations__account=account).exclude(state__in=NEVER_DEPOSITED)
    if person is not None:
        rows = rows.filter(person=person)
    return [str(pk) for pk in rows.order_by("id").values_list("pk", flat=True)]


def by_keys(account: Account, keys: Collection[str]) -> dict[str, Application]:
    """Applications of this account, by their keys. One query."""
    return {str(row.pk): row for row in _of(account).filter(pk__in=keys)}


def office_of(account: Account) -> Office | None:
    """The office of the application that this account deposited last; None when it deposited none. One query."""
    last, _more = applications_of(account, size=1)
    return last[0].office if last else None


def draft_of(account: Account, pk: UUID) -> Application | None:
    """A live draft of this account. Once it is deposited, see :func:`deposited_from`."""
    return _of(account).filter(pk=pk, state=State.DRAFT).first()


def deposited_from(account: Account, pk: UUID) -> Application | None:
    """The application that a draft became: where a reload or a second click on «deposit» leads."""
    return _of(account).filter(pk=pk).exclude(state__in=NEVER_DEPOSITED).first()


def application_of(account: Account, number: str) -> Application | None:
    """A deposited application of this account, by its number."""
    return _of(account).filter(number=number).first()


def called_for_by(kind: str, id: str) -> Application | None:
    """The deposited application that called for something, by the opaque kind and id that another room keeps of it. The
    caller checks whether who asks may see it. One query at most."""
    if kind != "application":
        return None
    return Application.objects.filter(pk=id, number__isnull=False).first()


def answers(application: Application) -> dict[tuple[str, int], Answer]:
    """The stored rows of a draft by (section, row): payload, what is typed and not yet valid, revision. One query."""
    return {(answer.section, answer.row): answer for answer in application.answers.order_by("section", "row")}


def locked_fields(application: Application, section: str) -> frozenset[str]:
    """The fields of a section that the registry answered: shown, read-only."""
    asked = definition_of(application.procedure).section(section)
    return evaluating.locked_fields(application, asked) if asked else frozenset()


def documents(application: Application, round: int = 0) -> list[SupportingDocument]:
    """The files given in a round (0: the draft, the deposit), with their files, in order. One query."""
    return live_documents(application, round)


def document_of(account: Account, application: Application, document_id: int) -> SupportingDocument | None:
    """One file of an application, if the account acts for its person."""
    return (
        SupportingDocument.objects.filter(
            application=application, pk=document_id, application__person__representations__account=account
        )
        .select_related("file")
        .first()
    )


def to_check(evaluation: Evaluation, documents: list[SupportingDocument]) -> dict[str, tuple[str, bool]]:
    """Where each thing of the recap is to be ticked: ``{entry: (digest of what it says, whether it is ticked)}``. No query."""
    entries = checking.to_check(evaluation, documents)
    done = checking.checked(evaluation, entries)
    return {entry: (digest, entry in done) for entry, digest in entries.items()}


def observations(application: Application) -> str:
    """What the person wrote to the administration, in a draft."""
    row = application.answers.filter(section=evaluating.OBSERVATIONS_SECTION).first()
    return str(row.payload.get("text", "")) if row else ""


def ephoto(application: Application) -> EPhotoCopy | None:
    """The copy of the e-photo that the registry confirmed."""
    return EPhotoCopy.objects.filter(application=application).first()


def ephoto_picture(copy: EPhotoCopy, which: str = "photo") -> bytes:
    """The bytes (PNG or JPEG) of the ``photo`` or of the ``signature``; empty when there is none."""
    key = copy.photo_key if which == "photo" else copy.signature_key
    return storage.read(key) if key else b""


def snapshot(application: Application) -> DepositSnapshot | None:
    """What was deposited, frozen; ``None`` for a draft."""
    return DepositSnapshot.objects.filter(application=application).first()


@dataclass(frozen=True)
class Entry:
    """One line of the timeline that a person reads."""

    at: datetime
    kind: str
    text: Promise | str
    actor: str  # person, officer, system


def timeline(application: Application) -> list[Entry]:
    """What happened, oldest first, as far as it concerns the person. One query."""
    found = events.timeline(subject_of(application), visible_only=True)
    return [
        Entry(event.at, event.kind, words.told(event.kind, event.data), event.actor_kind)
        for event in found
        if event.kind in words.EVENTS
    ]


def changes(application: Application, evaluation: Evaluation) -> list[Change]:
    """What is asked today and was not when the draft was last saved (or the reverse): a birthday passed, a delay ended."""
    return seen.changes(application.seen, evaluation)


def state_in_words(application: Application) -> Promise:
    """Where the application stands, as its person reads it."""
    return words.STATES[application.state]


def next_step(application: Application) -> NextStep:
    """What happens next, and until when where a date is known. No query."""
    if application.state == State.DRAFT:
        return NextStep(words.NEXT[State.DRAFT], application.kept_until)
    if application.state == State.APPROVED and (outcome := definition_of(application.procedure).outcome):
        return NextStep(str(words.OUTCOME) % {"outcome": outcome})
    on = application.silence_refuses_on if application.state in OPEN - {State.AWAITING_COMPLEMENT} else None
    if on is not None and on < clock.today():
        until = challenge_until(on)
        return NextStep(words.SILENCE_PASSED, until) if until >= clock.today() else NextStep(words.CHALLENGE_OVER)
    return NextStep(words.NEXT[application.state], on)
