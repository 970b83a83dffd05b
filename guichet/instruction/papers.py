"""The documents of an application as officers work on them: each thing asked, what was given round after round, the verdicts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guichet.applications import queries as applications
from guichet.applications.models import Application, SupportingDocument
from guichet.core import clock
from guichet.instruction.models import ComplementItem, ComplementRequest, Verdict

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

    @property
    def current_files(self) -> tuple[SupportingDocument, ...]:
        """The files that count now: the latest round that brought some (a document that is kept brings none)."""
        return next((given.files for given in reversed(self.rounds) if given.files), ())


def papers_of(application: Application, requests: Sequence[ComplementRequest] | None = None) -> list[Paper]:
    """Everything asked of this application, in the order of the procedure, extra documents last.

    Answers to a request that is not sent yet are the person's own business: they are left out. ``requests`` spares two
    queries when the caller has them with their items.
    """
    if requests is None:
        requests = list(application.complement_requests.prefetch_related("items"))
    answered = {request.round for request in requests if request.answered_at}
    files: dict[tuple[str, int, int], list[SupportingDocument]] = defaultdict(list)
    for document in application.documents.filter(removed_at__isnull=True).select_related("file"):
        if document.round == 0 or document.round in answered:
            files[document.requirement, document.row, document.round].append(document)
    verdicts = {
        (verdict.requirement, verdict.row, verdict.round): verdict
        for verdict in application.verdicts.select_related("officer")
    }
    items: dict[tuple[str, int], list[tuple[ComplementRequest, ComplementItem]]] = defaultdict(list)
    for request in requests:
        for item in request.items.all():
            items[item.requirement, item.row].append((request, item))

    def paper(requirement: str, row: int, section: str, label: str, help_text: str, required: bool) -> Paper:
        rounds = []
        waiting = None
        first = tuple(files.get((requirement, row, 0), ()))
        if first:
            rounds.append(GivenRound(0, first, None, verdicts.get((requirement, row, 0))))
        for request, item in items.get((requirement, row), ()):
            if request.answered_at:
                given = tuple(files.get((requirement, row, request.round), ()))
                rounds.append(GivenRound(request.round, given, item, verdicts.get((requirement, row, request.round))))
            elif not request.cancelled_at:
                waiting = item
        return Paper(requirement, row, section, label, help_text, required, tuple(rounds), waiting)

    found: list[Paper] = []
    for requirement in _requirements(application):
        row = requirement.row or 0
        found.append(
            paper(
                requirement.id,
                row,
                requirement.section or "",
                str(requirement.label),
                str(requirement.help or ""),
                bool(requirement.required),
            )
        )
    known = {one.key for one in found}
    # A file can outlive the question that asked for it (a case that was changed): officers still see it.
    for requirement_id, row in dict.fromkeys((key[0], key[1]) for key in (*files, *((r, w, 0) for r, w in items))):
        if (requirement_id, row) not in known:
            known.add((requirement_id, row))
            label = next((item.label for _, item in items.get((requirement_id, row), ()) if item.label), requirement_id)
            found.append(paper(requirement_id, row, "", label, "", requirement_id.startswith(EXTRA)))
    return found


def _requirements(application: Application) -> Iterable:  # type: ignore[type-arg]
    day = clock.paris_date(application.deposited_at) if application.deposited_at else None
    return applications.evaluation(application, today=day).requirements()


def find(papers: Iterable[Paper], requirement: str, row: int) -> Paper | None:
    return next((paper for paper in papers if paper.key == (requirement, row)), None)
