"""What depends on what: no circle, nothing that waits for a later step, no fact for nobody."""

from graphlib import CycleError, TopologicalSorter

from guichet.procedures.checks.findings import Findings
from guichet.procedures.definition import NAMED_FACT, Definition
from guichet.procedures.expressions import Node
from guichet.procedures.expressions.tree import Aggregate, AnswerRead, FactRead
from guichet.procedures.program import Key, Program, Slot, slots


def check(definition: Definition, program: Program, findings: Findings) -> None:
    where = {slot.key: slot for slot in slots(definition)}
    _circles(program, where, findings)
    _later_steps(definition, program, where, findings)
    _unread_facts(definition, program, findings)


def answers_read(node: Node, program: Program) -> set[tuple[str, str]]:
    """The (section, field) that a condition reads, through facts too; ("children", "") for the rows of a section."""
    found: set[tuple[str, str]] = set()
    for part in node.walk():
        if isinstance(part, AnswerRead):
            found.add((part.section, part.field))
        elif isinstance(part, Aggregate):
            found.add((part.section, ""))
        elif isinstance(part, FactRead) and ("fact", part.name) in program.nodes:
            found |= answers_read(program.nodes["fact", part.name], program)
    return found


def _circles(program: Program, where: dict[Key, Slot], findings: Findings) -> None:
    """A question shown by an answer that is itself shown by the question: neither would ever be."""
    graph: dict[Key, set[Key]] = {}
    for key, node in program.nodes.items():
        if key[0] != "show":
            continue
        needs = graph.setdefault(key, set())
        for section, field in answers_read(node, program):
            needs |= {each for each in (("show", section), ("show", section, field)) if each in program.nodes}
        if len(key) == 3 and ("show", key[1]) in program.nodes:
            needs.add(("show", key[1]))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = [each for each in reversed(error.args[1])]
        around = " → ".join(".".join(key[1:]) for key in circle)
        slot = where[min(circle[:-1])]
        findings.tell(slot.path, f"These questions show each other: {around}. Break the circle.")


def _later_steps(definition: Definition, program: Program, where: dict[Key, Slot], findings: Findings) -> None:
    order = {section.id: index for index, step in enumerate(definition.steps) for section in step.sections}
    for key, node in program.nodes.items():
        if key[0] not in ("show", "required", "min", "max"):
            continue
        for section, field in sorted(answers_read(node, program)):
            if order[section] > order[key[1]]:
                name = f"{section}.{field}".rstrip(".")
                findings.tell(where[key].path, f"«{name}» is asked in a later step: move one of the two.")


def _unread_facts(definition: Definition, program: Program, findings: Findings) -> None:
    read = {part.name for node in program.nodes.values() for part in node.walk() if isinstance(part, FactRead)}
    for rule in definition.eligibility:
        read.update(name for text in (rule.message, rule.way_forward) if text for name in NAMED_FACT.findall(text.fr))
    for name, fact in definition.facts.items():
        if name not in read and fact.label is None:
            findings.tell(
                ("facts", name), f"Nobody reads the fact «{name}»: use it, give it a «label» for the officer, or remove it."
            )
