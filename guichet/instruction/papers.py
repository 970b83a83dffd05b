"""The documents of an application as officers work on them: each thing asked, what was given in each round, the verdicts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guichet.applications import queries as applications
from guichet.applications.models import Application, SupportingDocument
from guichet.core import clock
from guichet.instruction.models import ComplementItem, ComplementRequest, Verdict
from guichet.procedures.evaluation import Requirement

EXTRA = "extra-"

ACCEPTED = "accepted"
REJECTED = "rejected"
TO_REVIEW = "to_review"
ASKED_AGAIN = "asked_again"  # a complement request waits for its answer
MISSING = "missing"  # required, and nothing was given
NOT_GIVEN = "not_given"  # optional, and nothing was given


@dataclass(frozen=True)
class GivenRound:
    """What was given in one round: files with the deposit (round 0), or the answer to the nth complement request."""

    round: int
    files: tuple[SupportingDocument, ...]
    item: ComplementItem | None
    verdict: Verdict | None

    @property
    def kept(self) -> bool:
        """The person maintained what was given before."""
        return self.item is not None and self.item.choice == ComplementItem.Choice.KEEP


@dataclass(frozen=True)
class Paper:
    """One thing asked, for one row: its words, its rounds oldest first, and the item that waits for an answer."""

    requirement: str
    row: int
    section: str
    label: str
    help: str
    required: bool
    rounds: tuple[GivenRound, ...]
    waiting: ComplementItem | None = None

    @property
    def key(self) -> tuple[str, int]:
        return self.requirement, self.row

    @property
    def anchor(self) -> str:
        return f"{self.requirement}-{self.row}"

    @property
    def is_extra(self) -> bool:
        return self.requirement.startswith(EXTRA)

    @property
    def latest(self) -> GivenRound | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def status(self) -> str:
        if self.waiting is not None:
            return ASKED_AGAIN
        if self.latest is None:
            return MISSING if self.required else NOT_GIVEN
        if self.latest.verdict is None:
            return TO_REVIEW
        return ACCEPTED if self.latest.verdict.word == Verdict.Word.ACCEPTED else REJECTED


class _Given:
    """What was given for one application, by (requirement, row): files by round, items of its requests, verdicts."""

    def __init__(self, application: Application, requests: Sequence[ComplementRequest]) -> None:
        answered = {request.round for request in requests if request.answered_at}
        self.files: dict[tuple[str, int, int], list[SupportingDocument]] = defaultdict(list)
        for document in application.documents.filter(removed_at__isnull=True).select_related("file"):
            if document.round == 0 or document.round in answered:
                self.files[document.requirement, document.row, document.round].append(document)
        self.verdicts = {
            (verdict.requirement, verdict.row, verdict.round): verdict
            for verdict in application.verdicts.select_related("officer")
        }
        self.items: dict[tuple[str, int], list[tuple[ComplementRequest, ComplementItem]]] = defaultdict(list)
        for request in requests:
            for item in request.items.all():
                self.items[item.requirement, item.row].append((request, item))

    def keys(self) -> list[tuple[str, int]]:
        """Everything that has a file or was asked by a request, in order, once each."""
        return list(dict.fromkeys([*((requirement, row) for requirement, row, _ in self.files), *self.items]))

    def rounds(self, requirement: str, row: int) -> tuple[GivenRound, ...]:
        found = [self._round(requirement, row, 0, None)] if self.files.get((requirement, row, 0)) else []
        found += [
            self._round(requirement, row, request.round, item)
            for request, item in self.items.get((requirement, row), ())
            if request.answered_at
        ]
        return tuple(found)

    def _round(self, requirement: str, row: int, number: int, item: ComplementItem | None) -> GivenRound:
        key = (requirement, row, number)
        return GivenRound(number, tuple(self.files.get(key, ())), item, self.verdicts.get(key))

    def waiting(self, requirement: str, row: int) -> ComplementItem | None:
        return next(
            (
                item
                for request, item in self.items.get((requirement, row), ())
                if not request.answered_at and not request.cancelled_at
            ),
            None,
        )

    def own_label(self, requirement: str, row: int) -> str:
        return next((item.label for _, item in self.items.get((requirement, row), ()) if item.label), requirement)


def papers_of(application: Application, requests: Sequence[ComplementRequest] | None = None) -> list[Paper]:
    """Everything asked of this application, in the order of the procedure, extra documents last.

    Answers to a request that is not sent yet are the person's own business: they are left out. ``requests`` spares two
    queries when the caller has them with their items.
    """
    if requests is None:
        requests = list(application.complement_requests.prefetch_related("items"))
    given = _Given(application, requests)

    def paper(requirement: str, row: int, section: str, label: str, help_text: str, required: bool) -> Paper:
        rounds, waiting = given.rounds(requirement, row), given.waiting(requirement, row)
        return Paper(requirement, row, section, label, help_text, required, rounds, waiting)

    found = [
        paper(asked.id, asked.row or 0, asked.section, str(asked.label), str(asked.help or ""), bool(asked.required))
        for asked in _requirements(application)
    ]
    known = {one.key for one in found}
    for requirement, row in given.keys():  # noqa: SIM118 - not a dictionary
        if (requirement, row) not in known:
            label = given.own_label(requirement, row)
            found.append(paper(requirement, row, "", label, "", requirement.startswith(EXTRA)))
    return found


def _requirements(application: Application) -> Sequence[Requirement]:
    day = clock.paris_date(application.deposited_at) if application.deposited_at else None
    return applications.evaluation(application, today=day).requirements()


def find(papers: Iterable[Paper], requirement: str, row: int) -> Paper | None:
    return next((paper for paper in papers if paper.key == (requirement, row)), None)
