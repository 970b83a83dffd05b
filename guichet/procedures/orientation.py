"""The questions that lead to a procedure, as a tree of data: ``catalogue/orientation.yaml``.

A question has answers; an answer leads to another question, to a procedure, or nowhere yet. The questions and their order are
read from the file: nothing here knows a reason to stay or a paper.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import StringConstraints, ValidationError, model_validator

from guichet.procedures import source
from guichet.procedures.definition import Definition, Identifier, Model, OptionIdentifier, ProcedureName, Text, Words
from guichet.procedures.loader import CATALOGUE
from guichet.procedures.source import DefinitionError, Problem, Table, locate
from guichet.procedures.wording import sentence

NAME = "orientation.yaml"
ASKING = "demander"  # names, in the address, the question that is asked again although its answer is known
CHOICE = "choix"  # carries, in the address, the answer from which a procedure was reached
RESERVED_NAMES = frozenset({ASKING, CHOICE, "lang", "procedure", "person", "next"})

Place = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]  # «section.field» of a procedure


class Group(Model):
    """A heading above some answers."""

    id: Identifier
    title: Text
    icon: Words | None = None


class Answer(Model):
    """One answer: where it leads (``then`` another question, or a procedure), or why it leads nowhere yet."""

    id: Identifier
    title: Text
    description: Text | None = None
    icon: Words | None = None
    group: Identifier | None = None
    for_whom: Literal["self", "minor"] | None = None  # what it tells of the audience of a procedure
    holding: Literal["permit", "visa", "foreigner_number", "nothing"] | None = None
    known_by: tuple[OptionIdentifier, ...] = ()  # what is known of a person that gives this answer (see Question.knows)
    then: Identifier | None = None
    procedure: ProcedureName | None = None
    carry: dict[Place, OptionIdentifier] = {}  # answers of the procedure that this one already gives
    closed: Text | None = None  # why it leads nowhere, where the common sentence does not say it

    @model_validator(mode="after")
    def _leads_one_way(self) -> Self:
        if (self.then is not None) + (self.procedure is not None) + (self.closed is not None) > 1:
            raise ValueError("An answer leads to a question («then»), to a procedure, or nowhere («closed»): keep one of them.")
        if self.carry and self.procedure is None:
            raise ValueError(
                "Only an answer that leads to a procedure carries answers to it: add «procedure», or remove «carry»."
            )
        return self


class Question(Model):
    """One question. ``name`` is its name in the address; ``look``: tiles, a list under headings, or a menu to unfold."""

    id: Identifier
    name: Identifier
    title: Text
    short: Text  # what the answer is called once given
    help: Text | None = None
    look: Literal["tiles", "list", "menu"] = "tiles"
    knows: Literal["for_whom", "kind", "reason"] | None = None  # what is known of a person answers it: see Answer.known_by
    groups: tuple[Group, ...] = ()
    answers: tuple[Answer, ...]

    def answer(self, answer_id: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.id == answer_id), None)

    def choice_of(self, answer: Answer) -> str:
        """How an address carries one of its answers: see :meth:`Orientation.chosen`."""
        return f"{self.id}.{answer.id}"

    def known_answer(self, known: Mapping[str, str]) -> Answer | None:
        """The answer that what is known of a person gives, if any."""
        fact = known.get(self.knows or "", "")
        return next((answer for answer in self.answers if fact and fact in answer.known_by), None)


@dataclass(frozen=True)
class Taken:
    """A question and the answer it got; ``known`` when nobody had to give it."""

    question: Question
    answer: Answer
    known: bool


@dataclass(frozen=True)
class Walk:
    """How far the answers lead: those taken, and the question to ask now, or the last answer where there is none left."""

    taken: tuple[Taken, ...]
    question: Question | None
    outcome: Answer | None = None

    @property
    def for_whom(self) -> str | None:
        return next((one.answer.for_whom for one in reversed(self.taken) if one.answer.for_whom), None)

    @property
    def holding(self) -> str | None:
        return next((one.answer.holding for one in reversed(self.taken) if one.answer.holding), None)


class Orientation(Model):
    """The questions, the first one, and the sentences that say why an answer is closed."""

    not_yet: Text
    not_for_you: Text
    first: Identifier
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)

    def walk(self, answers: Mapping[str, str], known: Mapping[str, str] | None = None, asking: str = "") -> Walk:
        """Follows the answers (by name of question) as far as they lead.

        ``known`` answers the questions that nobody answered: ``for_whom``, ``kind``, ``reason``. ``asking`` names a question
        to ask whatever is known.
        """
        taken: list[Taken] = []
        question = self.question(self.first)
        while question is not None:
            answer = None if question.name == asking else question.answer(answers.get(question.name, ""))
            is_known = answer is None and question.name != asking
            if is_known:
                answer = question.known_answer(known or {})
            if answer is None:
                return Walk(tuple(taken), question)
            taken.append(Taken(question, answer, is_known))
            question = self.question(answer.then) if answer.then else None
        return Walk(tuple(taken), None, taken[-1].answer if taken else None)

    def closed_because(
        self, answer: Answer, definitions: Mapping[str, Definition], for_whom: str | None, holding: str | None
    ) -> Text | None:
        """Why an answer is closed to who answered thus so far, None when it leads somewhere.

        ``definitions``: of the procedures open now, by name. An answer that leads to a question is closed when all that it
        leads to is.
        """
        for_whom, holding = answer.for_whom or for_whom, answer.holding or holding
        if answer.then:
            following = self.question(answer.then)
            reasons = [
                self.closed_because(each, definitions, for_whom, holding) for each in (following.answers if following else ())
            ]
            if any(reason is None for reason in reasons):
                return None
            return self.not_for_you if self.not_for_you in reasons else self.not_yet
        definition = definitions.get(answer.procedure or "")
        if definition is None:
            return answer.closed or self.not_yet
        if (for_whom and for_whom not in definition.audience.for_whom) or (
            holding and holding not in definition.audience.holding
        ):
            return self.not_for_you
        return None

    def chosen(self, choice: str) -> Answer | None:
        """The answer that an address carries, written ``question.answer``; None when there is none, or it leads nowhere."""
        question_id, _, answer_id = choice.partition(".")
        question = self.question(question_id)
        found = question.answer(answer_id) if question else None
        return found if found and found.procedure else None

    def carrying(self, procedure: str) -> Question | None:
        """The question whose answers lead to a procedure and already answer something of it, if there is one."""
        return next(
            (
                question
                for question in self.questions
                if any(answer.procedure == procedure and answer.carry for answer in question.answers)
            ),
            None,
        )

    def ways(self) -> Iterator[tuple[Taken, ...]]:
        """Every way through the questions, from the first to an answer that asks nothing more."""

        def onward(question: Question, taken: tuple[Taken, ...]) -> Iterator[tuple[Taken, ...]]:
            for answer in question.answers:
                way = (*taken, Taken(question, answer, False))
                following = self.question(answer.then) if answer.then else None
                if following is None:
                    yield way
                else:
                    yield from onward(following, way)

        first = self.question(self.first)
        if first is not None:
            yield from onward(first, ())


@cache
def _read(folder: Path) -> tuple[Orientation, Table]:
    problems: list[Problem] = []
    written = source.read(folder / NAME, NAME, problems)
    if written is not None and not problems:
        try:
            found = Orientation.model_validate_json(json.dumps(written.plain_data()))
        except ValidationError as error:
            problems.extend(sentence(each, written) for each in error.errors(include_url=False))
        else:
            problems.extend(_problems_of_the_tree(found, written))
            if not problems:
                return found, written
    raise DefinitionError(problems)


def orientation(folder: Path = CATALOGUE) -> Orientation:
    """What the catalogue says, read once. Raises :class:`DefinitionError`."""
    return _read(folder)[0]


def _problems_of_the_tree(found: Orientation, written: Table) -> list[Problem]:
    """What would lose a person on the way: a question that does not exist, that comes back, or that nobody meets."""

    def problem(message: str, *path: str | int) -> Problem:
        return Problem(locate(written, path).position, message)

    ids = [question.id for question in found.questions]
    problems = [
        problem(f"Two questions are called «{one}»: give one of them another name.", "questions", index, "id")
        for index, one in enumerate(ids)
        if one in ids[:index]
    ]
    if found.first not in ids:
        problems.append(problem(f"The first question is «{found.first}», and there is no such question.", "first"))
    for index, question in enumerate(found.questions):
        at = ("questions", index)
        if question.name in RESERVED_NAMES:
            problems.append(problem(f"«{question.name}» means something else in an address: choose another.", *at, "name"))
        if not question.answers:
            problems.append(problem("A question needs answers.", *at, "answers"))
        answers = [answer.id for answer in question.answers]
        groups = {group.id for group in question.groups}
        for rank, answer in enumerate(question.answers):
            here = (*at, "answers", rank)
            if answer.id in answers[:rank]:
                problems.append(problem(f"Two answers are called «{answer.id}»: give one of them another name.", *here, "id"))
            if answer.group and answer.group not in groups:
                problems.append(problem(f"There is no group «{answer.group}» in this question.", *here, "group"))
            if question.groups and not answer.group:
                problems.append(problem("Say under which group this answer stands: add «group: …».", *here))
            if answer.then and answer.then not in ids:
                problems.append(problem(f"An answer leads to «{answer.then}», and there is no such question.", *here, "then"))
    return problems or _problems_of_the_ways(found, problem)


def _problems_of_the_ways(found: Orientation, problem: Callable[..., Problem]) -> list[Problem]:
    index = {question.id: rank for rank, question in enumerate(found.questions)}
    problems: list[Problem] = []
    met: set[str] = set()

    def visit(question: Question, above: tuple[Question, ...]) -> None:
        at = ("questions", index[question.id])
        if question in above:
            problems.append(problem(f"One comes back to «{question.id}» for ever: an answer below leads to it again.", *at))
            return
        if any(question.name == other.name for other in above):
            problems.append(problem(f"Two questions on the same way are named «{question.name}»: rename one.", *at, "name"))
        met.add(question.id)
        for answer in question.answers:
            following = found.question(answer.then) if answer.then else None
            if following is not None:
                visit(following, (*above, question))

    first = found.question(found.first)
    if first is not None:
        visit(first, ())
    problems += [
        problem(f"No answer leads to the question «{one}»: lead there, or remove it.", "questions", rank)
        for one, rank in index.items()
        if one not in met and not problems
    ]
    return problems


def problems_of(definitions: Mapping[str, Definition], folder: Path = CATALOGUE) -> list[Problem]:
    """What does not hold between the questions and the procedures of the catalogue, by name.

    An answer that leads to a procedure or carries an answer that does not exist; a procedure that nobody it is written for
    can reach.
    """
    found, written = _read(folder)
    problems: list[Problem] = []
    for index, question in enumerate(found.questions):
        for rank, answer in enumerate(question.answers):
            at = ("questions", index, "answers", rank)
            definition = definitions.get(answer.procedure or "")
            if answer.procedure and definition is None:
                message = f"An answer leads to «{answer.procedure}», and there is no such procedure in the catalogue."
                problems.append(Problem(locate(written, (*at, "procedure")).position, message))
            for place, option in answer.carry.items():
                wrong = _cannot_carry(definition, place, option) if definition else ""
                if wrong:
                    problems.append(Problem(locate(written, (*at, "carry", place)).position, wrong))
        problems += [
            Problem(locate(written, ("questions", index, "answers")).position, message)
            for message in _left_out(question, definitions)
        ]
    reached = {
        answer.procedure
        for way in found.ways()
        for answer in [way[-1].answer]
        if found.closed_because(answer, definitions, Walk(way, None).for_whom, Walk(way, None).holding) is None
    }
    problems += [
        Problem(written.position, f"Nobody is led to the procedure «{name}»: give it an answer, for those it is written for.")
        for name in sorted(set(definitions) - reached)
    ]
    return problems


def _left_out(question: Question, definitions: Mapping[str, Definition]) -> list[str]:
    """Options that no answer of a question carries though others of the same choice are: whom they suit would stop there."""
    carried: dict[tuple[str, str], set[str]] = {}
    for answer in question.answers:
        for place, option in answer.carry.items():
            carried.setdefault((answer.procedure or "", place), set()).add(option)
    messages = []
    for (procedure, place), options in sorted(carried.items()):
        section, _, name = place.partition(".")
        definition = definitions.get(procedure)
        field = definition.field(section, name) if definition else None
        missing = [option.id for option in (field.options if field else ()) if option.id not in options]
        messages += [f"No answer here carries «{option}» of «{place}»: add one." for option in missing]
    return messages


def _cannot_carry(definition: Definition, place: str, option: str) -> str:
    section, _, name = place.partition(".")
    field = definition.field(section, name)
    if field is None:
        return f"«{definition.procedure}» has no question «{place}»."
    if field.type != "choice":
        return f"«{place}» is not a choice: only choices are carried."
    return "" if field.option(option) else f"«{place}» has no option «{option}»."
