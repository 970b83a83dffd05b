"""A definition made ready to compute: every expression parsed and type-checked once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from guichet.procedures import tables
from guichet.procedures.definition import Definition, Field, Section
from guichet.procedures.expressions import ExpressionError, Kind, Names, Node, SectionNames, Type, parse
from guichet.procedures.expressions.types import INTEGER, MONEY

Path = tuple[str | int, ...]
Key = tuple[str, ...]

_KINDS: dict[str, Kind] = {
    "yes_no": Kind.YES_NO, "choice": Kind.CHOICE, "choices": Kind.CHOICES, "date": Kind.DATE, "integer": Kind.INTEGER,
    "money": Kind.MONEY, "address": Kind.ADDRESS,
}  # fmt: skip
_FACT = re.compile(r"\bfacts\.([a-z][a-z0-9_]*)")
BOUNDED: dict[str, Kind] = {"date": Kind.DATE, "integer": Kind.INTEGER, "money": Kind.MONEY}


@dataclass(frozen=True)
class Slot:
    """One expression of a definition: where it is written, what it must be, and in which row it is computed."""

    key: Key
    path: Path
    text: str
    expected: Kind | None
    row_of: str = ""


@dataclass
class Program:
    """The parsed expressions by key: ("show", section), ("show", section, field), ("required", section, field),
    ("min"|"max", section, field), ("fact", name), ("rule", id), ("when"|"required", document …), ("variant", id),
    ("grants"|"no_later_than"|"silence", place in the list)."""

    nodes: dict[Key, Node] = field(default_factory=dict)
    fact_types: dict[str, Type] = field(default_factory=dict)

    def node(self, *key: str) -> Node | None:
        return self.nodes.get(key)


def type_of(question: Field) -> Type:
    """The type that expressions see of a field."""
    kind = _KINDS.get(question.type, Kind.TEXT)
    options = frozenset(option.id for option in question.options) if kind in (Kind.CHOICE, Kind.CHOICES) else None
    return Type(kind, options)


def slots(definition: Definition) -> Iterator[Slot]:
    """Every expression of a definition, facts aside."""
    for at_step, step in enumerate(definition.steps):
        for at_section, section in enumerate(step.sections):
            path: Path = ("steps", at_step, "sections", at_section)
            if section.show is not None:
                yield Slot(("show", section.id), (*path, "show"), section.show, Kind.YES_NO)
            for at_field, question in enumerate(section.fields):
                yield from _slots_of_field(section, question, (*path, "fields", at_field))
    for index, rule in enumerate(definition.eligibility):
        yield Slot(("rule", rule.id), ("eligibility", index, "when"), rule.when, Kind.YES_NO)
    yield from _slots_of_documents(definition)
    for index, variant in enumerate(definition.sworn_statements):
        yield Slot(("variant", variant.id), ("sworn_statements", index, "when"), variant.when, Kind.YES_NO)
    for index, grants in enumerate(definition.grants):
        yield Slot(("grants", str(index)), ("grants", index, "when"), grants.when, Kind.YES_NO)
        if grants.no_later_than is not None:
            yield Slot(("no_later_than", str(index)), ("grants", index, "no_later_than"), grants.no_later_than, Kind.DATE)
    for index, term in enumerate(definition.silence_refuses):
        yield Slot(("silence", str(index)), ("silence_refuses", index, "when"), term.when, Kind.YES_NO)


def _slots_of_field(section: Section, question: Field, path: Path) -> Iterator[Slot]:
    row_of = section.id if section.repeat else ""
    if question.show is not None:
        yield Slot(("show", section.id, question.id), (*path, "show"), question.show, Kind.YES_NO, row_of)
    if isinstance(question.required, str):
        yield Slot(("required", section.id, question.id), (*path, "required"), question.required, Kind.YES_NO, row_of)
    for name, bound in (("min", question.min), ("max", question.max)):
        if isinstance(bound, str):
            yield Slot((name, section.id, question.id), (*path, name), bound, BOUNDED.get(question.type), row_of)


def _slots_of_documents(definition: Definition) -> Iterator[Slot]:
    for index, document in enumerate(definition.documents):
        section = definition.section(document.section)
        row_of = document.section if section and section.repeat else ""
        path: Path = ("documents", index)
        if document.when is not None:
            yield Slot(("when", document.id), (*path, "when"), document.when, Kind.YES_NO, row_of)
        if isinstance(document.required, str):
            yield Slot(("document_required", document.id), (*path, "required"), document.required, Kind.YES_NO, row_of)
        for at_case, case in enumerate(document.cases):
            for at_item, item in enumerate(case.documents):
                if isinstance(item.required, str):
                    key = ("document_required", document.id, item.id)
                    place = (*path, "cases", at_case, "documents", at_item, "required")
                    yield Slot(key, place, item.required, Kind.YES_NO, row_of)


def names_of(definition: Definition, program: Program, row_of: str = "") -> Names:
    """What an expression of this definition may name."""
    sections = {
        section.id: SectionNames({question.id: type_of(question) for question in section.fields}, section.repeat is not None)
        for section in definition.sections
    }
    thresholds = {name: (MONEY if table.unit == "money" else INTEGER) for name, table in tables.tables().items()}
    return Names(sections, program.fact_types, thresholds, row_of)


def compile_definition(definition: Definition, report: Callable[[Path, ExpressionError], None] | None = None) -> Program:
    """Parses every expression. Without ``report``, the first mistake is raised: a published definition has none."""

    def fail(path: Path, error: ExpressionError) -> None:
        raise error

    tell = report or fail
    program = Program()
    broken = _facts(definition, program, names_of(definition, program), tell)
    for slot in slots(definition):
        if broken.intersection(_FACT.findall(slot.text)):
            continue  # told once, where the fact is written
        try:
            names = names_of(definition, program, slot.row_of)
            program.nodes[slot.key], _ = parse(slot.text, names, slot.expected)
        except ExpressionError as error:
            tell(slot.path, error)
    return program


def _facts(definition: Definition, program: Program, names: Names, tell: Callable[[Path, ExpressionError], None]) -> set[str]:
    """Parses facts in an order where each finds the type of those it reads. Gives the names of those that failed."""
    reads = {
        name: {read for read in _FACT.findall(fact.expression) if read in definition.facts}
        for name, fact in definition.facts.items()
    }
    broken: set[str] = set()
    while True:
        try:
            order = list(TopologicalSorter(reads).static_order())
            break
        except CycleError as error:
            cycle = [*reversed(error.args[1])]
            name = min(cycle)
            around = " → ".join(cycle)
            tell(
                ("facts", name, "expression"), ExpressionError(f"These facts depend on each other: {around}. Break the circle.")
            )
            broken.update(cycle)
            for each in cycle:
                reads[each] = set()
    for name in order:
        if name in broken or reads[name] & broken:
            broken.add(name)
            continue
        try:
            program.nodes["fact", name], program.fact_types[name] = parse(definition.facts[name].expression, names)
        except ExpressionError as error:
            broken.add(name)
            tell(("facts", name, "expression"), error)
    return broken
