"""What the recap shows: every answer, document and statement, each leading back to where it is changed, some to be ticked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guichet.applications import queries
from guichet.applications.models import Answer, Application, EPhotoCopy, SupportingDocument
from guichet.procedures import values
from guichet.procedures.definition import CASES_SECTION, CHECKED_SECTION, STATEMENTS_SECTION, Definition, Section, Step
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.missing import Missing
from guichet.web.applicant import conflicts, pieces
from guichet.web.applicant.pages import anchor_of, step_url, total_of

EPHOTO = "ephoto"
Ticks = Mapping[str, tuple[str, bool]]  # as ``queries.to_check`` gives them


@dataclass(frozen=True)
class Tick:
    """The box beside an entry. Its value says which entry, and the digest of what was read."""

    id: str
    value: str
    is_ticked: bool


@dataclass(frozen=True)
class Link:
    """Where something is changed: a step and a place in its page."""

    url: str
    step: str
    anchor: str

    @property
    def target(self) -> str:
        return f"{self.step}:{self.anchor}"


@dataclass(frozen=True)
class Line:
    """One answer, or one document, as it is read; ``link`` leads to where it is changed, None for what a registry answered."""

    label: str
    value: str
    link: Link | None
    is_unfinished: bool = False
    tick: Tick | None = None
    piece: pieces.Piece | None = None  # of a document


@dataclass
class Part:
    """A section of the recap (a row of it, where it repeats), or the documents of a section."""

    id: str
    title: str
    lines: list[Line] = field(default_factory=list)
    total: tuple[str, str] | None = None  # its label, and the sum in words
    photo: EPhotoCopy | None = None
    step_title: str = ""  # of documents, told apart from the answers of the same section

    @property
    def full_title(self) -> str:
        return f"{self.step_title} – {self.title}" if self.step_title else self.title

    @property
    def ticks(self) -> list[Tick]:
        return [line.tick for line in self.lines if line.tick]

    @property
    def ticked(self) -> int:
        return sum(tick.is_ticked for tick in self.ticks)

    @property
    def is_done(self) -> bool:
        return bool(self.ticks) and self.ticked == len(self.ticks)


@dataclass
class StepRecap:
    step: Step
    number: int
    link: Link
    parts: list[Part] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


def tick_id(entry: str) -> str:
    return f"check-{entry.replace('.', '-')}"


class Recap:
    """The recap of a draft: built once from what was read, with no query of its own."""

    def __init__(
        self,
        application: Application,
        evaluation: Evaluation,
        answers: list[Answer],
        documents: list[SupportingDocument],
        photo: EPhotoCopy | None,
    ) -> None:
        self.application, self.evaluation, self.photo = application, evaluation, photo
        self.definition = evaluation.definition
        self.typed = {(answer.section, answer.row): answer.typed for answer in answers}
        self.chapters = pieces.chapters(application, self.definition, evaluation, documents, {})
        self.ticks: Ticks = queries.to_check(evaluation, documents)

    def steps(self) -> list[StepRecap]:
        found = []
        for number, step in enumerate(self.definition.steps, start=1):
            if step.kind not in {"form", "documents"}:
                continue
            recap = StepRecap(step, number, self._link(step.id, ""))
            for section in self.evaluation.visible_sections(step.id):
                recap.parts += self._parts(section, step)
            if step.kind == "documents":
                recap.parts += [self._documents(chapter, step) for chapter in self.chapters]
            if step.sworn_statements:
                recap.statements = [str(text) for _item, text, ticked in self.evaluation.statements() if ticked]
            recap.parts = [part for part in recap.parts if part.lines]
            found.append(recap)
        return found

    def _link(self, step: str, anchor: str) -> Link:
        base = step_url(self.application, step)
        return Link(f"{base}#{anchor}" if anchor else base, step, anchor)

    def _tick(self, entry: str) -> Tick | None:
        if entry not in self.ticks:
            return None
        digest, is_ticked = self.ticks[entry]
        return Tick(tick_id(entry), f"{entry}|{digest}", is_ticked)

    def _parts(self, section: Section, step: Step) -> list[Part]:
        rows: list[int | None] = list(range(len(self.evaluation.rows(section.id)))) if section.repeat else [None]
        parts = [self._part(section, row, step) for row in rows]
        if parts and section.total:
            parts[-1].total = total_of(section, self.evaluation)
        return parts

    def _part(self, section: Section, row: int | None, step: Step) -> Part:
        title = f"{section.repeat.row_title or section.title} {(row or 0) + 1}" if section.repeat else str(section.title)
        part = Part(f"{section.id}-{row or 0}", title)
        for asked in self.evaluation.visible_fields(section.id, row):
            value = self.evaluation.raw(section.id, asked.id, row)
            unfinished = asked.id in self.typed.get((section.id, row or 0), {})
            words = values.display(asked, value)
            if unfinished:
                words = conflicts.in_boxes(self.typed[section.id, row or 0][asked.id])
            anchor = anchor_of(self.definition, section.id, row, asked.id)
            if asked.type == "ephoto":
                anchor, part.photo = EPHOTO, self.photo
            link = None if self.evaluation.is_read_only(section.id, asked.id) else self._link(step.id, anchor)
            tick = self._tick(queries.answer_entry(section.id, row or 0, asked.id))
            part.lines.append(Line(str(asked.label), words, link, unfinished, tick))
        return part

    def _documents(self, chapter: pieces.Chapter, step: Step) -> Part:
        part = Part(f"documents-{chapter.id}", chapter.title, step_title=str(step.title))
        for group in chapter.groups:
            for piece in group.pieces:
                link = self._link(step.id, f"piece-{piece.key}")
                tick = self._tick(queries.document_entry(piece.requirement, piece.row))
                part.lines.append(Line(piece.label, "", link, tick=tick, piece=piece))
        return part


def missing_link(application: Application, definition: Definition, each: Missing) -> str:
    """Where what is missing is given."""
    requirement = each.requirement
    row = each.row or 0
    if requirement:
        anchor = f"piece-{pieces.key_of(requirement, row)}"
    elif each.section == CASES_SECTION:
        anchor = f"group-{pieces.key_of(each.field, row)}"
    elif each.section == STATEMENTS_SECTION:
        anchor = f"statement-{each.field}" if each.field else "attestations"
    elif each.section == CHECKED_SECTION:
        anchor = tick_id(each.field)
    else:
        asked = definition.field(each.section, each.field)
        anchor = EPHOTO if asked and asked.type == "ephoto" else anchor_of(definition, each.section, each.row, each.field)
    return f"{step_url(application, each.step)}#{anchor}"


def ticks_in(shown: list[str], ticked: list[str], everything_in: str = "") -> dict[str, str | None]:
    """What the boxes of a page say: ``{entry: digest that was read, None for a box left empty}``.

    ``shown`` tells every box of the page as «part entry|digest»; all those of the part ``everything_in`` are ticked at once.
    """
    on = set(ticked)
    found: dict[str, str | None] = {}
    for told in shown:
        part, _space, value = told.partition(" ")
        entry, _bar, digest = value.partition("|")
        found[entry] = digest if value in on or part == everything_in else None
    return found
