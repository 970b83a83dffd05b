"""Every situation that the answers can make, as far as some conditions can tell them apart.

Conditions are cut into what they look at: a yes/no, an option chosen, where an age or a date stands between the constants it is
compared with, how two dates compare. Going through the combinations is a proof, not a sampling: each real set of answers
is in one of them. Some combinations may be impossible in life; a proof then asks more than needed, never less.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from guichet.procedures.definition import Definition
from guichet.procedures.expressions import UNKNOWN, Node, Unknown, tree
from guichet.procedures.program import Program

MOST = 20_000  # combinations gone through
OTHER = "…"  # a text that no condition names

Truth = bool | Unknown
Key = tuple[str, ...]


class TooMany(Exception):
    """The conditions look at too many things to go through them all."""


@dataclass
class Variable:
    """Something that conditions look at, and the values that tell situations apart."""

    label: str
    values: list[object]
    cuts: list[int | date] = field(default_factory=list)  # of a number or a date

    def say(self, value: object) -> str:
        if not self.cuts or not isinstance(value, int):
            words = ("no", "yes")[value] if isinstance(value, bool) else str(value)
            return f"{self.label} is {words}"
        if value % 2:
            return f"{self.label} is {self.cuts[value // 2]}"
        if value == 0:
            return f"{self.label} is below {self.cuts[0]}"
        if value == 2 * len(self.cuts):
            return f"{self.label} is above {self.cuts[-1]}"
        return f"{self.label} is between {self.cuts[value // 2 - 1]} and {self.cuts[value // 2]}"


class Situations:
    """The situations told apart by some conditions, the questions they read and when these are shown."""

    def __init__(self, definition: Definition, program: Program, conditions: list[Node]) -> None:
        self.definition = definition
        self.program = program
        self.variables: dict[Key, Variable] = {}
        self.questions: set[tuple[str, str, str, str]] = set()
        for condition in conditions:
            self._look(condition)
        for variable in self.variables.values():
            if variable.cuts:
                variable.cuts.sort()
                variable.values = _regions(variable.cuts)

    def all(self) -> Iterator["Situation"]:
        """Each situation. Raises :class:`TooMany` before the first."""
        size = 1
        for variable in self.variables.values():
            size *= len(variable.values)
        if size > MOST:
            raise TooMany
        keys = list(self.variables)
        for values in product(*(self.variables[key].values for key in keys)):
            yield Situation(self, dict(zip(keys, values, strict=True)))

    # What conditions look at

    def resolve(self, node: Node) -> Node:
        """A fact gives way to what it says, and «(a if c else b) < d» to «a < d if c else b < d»."""
        while isinstance(node, tree.FactRead):
            node = self.program.nodes["fact", node.name]
        if isinstance(node, tree.Compare):
            left, right = self.resolve(node.left), self.resolve(node.right)
            if isinstance(left, tree.IfElse):
                return self._lifted(left, [replace(node, left=side) for side in (left.then, left.otherwise)])
            if isinstance(right, tree.IfElse):
                return self._lifted(right, [replace(node, right=side) for side in (right.then, right.otherwise)])
        if isinstance(node, tree.OneOf):
            item = self.resolve(node.item)
            if isinstance(item, tree.IfElse):
                return self._lifted(item, [replace(node, item=side) for side in (item.then, item.otherwise)])
        return node

    def _lifted(self, choice: tree.IfElse, sides: list[Node]) -> Node:
        return tree.IfElse(choice.column, choice.condition, sides[0], sides[1])

    def _look(self, node: Node) -> None:
        node = self.resolve(node)
        if isinstance(node, tree.And | tree.Or | tree.Not | tree.IfElse):
            for child in node.children():
                self._look(child)
        elif isinstance(node, tree.Compare):
            self._comparison(node)
        elif isinstance(node, tree.OneOf):
            item = self.resolve(node.item)
            self._value(item, node.item, [each for each in node.options])
        elif isinstance(node, tree.AnswerRead):
            self._add(_key(self, node), text(node), [True, False])
        elif isinstance(node, tree.Answered):
            pass
        elif not isinstance(node, tree.Constant):
            self._add(_key(self, node), text(node), self._opaque(node))
        self._questions(node)

    def _comparison(self, node: tree.Compare) -> None:
        left, right = self.resolve(node.left), self.resolve(node.right)
        for mine, written, other in ((left, node.left, right), (right, node.right, left)):
            if isinstance(other, tree.Constant):
                self._value(mine, written, [other.constant])
                return
        self._add(("pair", *sorted((_key(self, left)[0], _key(self, right)[0]))), _pair_text(node), [-1, 0, 1])

    def _value(self, node: Node, written: Node, constants: list[object]) -> None:
        """A value compared with constants."""
        key = _key(self, node)
        if isinstance(constants[0], str):
            options = self._options(node)
            variable = self._add(key, text(written), list(options) if options else [OTHER])
            variable.values = [*dict.fromkeys([*constants, *variable.values])] if not options else variable.values
            return
        variable = self._add(key, text(written), [])
        variable.cuts.extend(each for each in constants if isinstance(each, int | date) and each not in variable.cuts)

    def _options(self, node: Node) -> tuple[str, ...]:
        if not isinstance(node, tree.AnswerRead) or node.part:
            return ()
        question = self.definition.field(node.section, node.field)
        return tuple(option.id for option in question.options) if question else ()

    def _opaque(self, node: Node) -> list[object]:
        """A yes/no that is not looked into: any() over rows, an option among several."""
        optional = any(
            isinstance(part, tree.AnswerRead) and part.variable and not self._always_answered(part) for part in node.walk()
        )
        return [True, False, UNKNOWN] if optional else [True, False]

    def _always_answered(self, read: tree.AnswerRead) -> bool:
        question = self.definition.field(read.section, read.field)
        return question is not None and question.required is True and question.show is None

    def _add(self, key: Key, label: str, values: list[object]) -> Variable:
        return self.variables.setdefault(key, Variable(label, values))

    def _questions(self, node: Node) -> None:
        """The questions that a condition reads: whether they are shown, and answered, is part of the situation."""
        for part in node.walk():
            if isinstance(part, tree.FactRead):
                self._questions(self.resolve(part))
            if not isinstance(part, tree.AnswerRead) or part.variable not in ("", "row"):
                continue
            seen = ("question", part.section, part.field, part.part)
            if seen in self.questions:
                continue
            self.questions.add(seen)
            question = self.definition.field(part.section, part.field)
            if part.part or (question is not None and question.required is not True):
                self._add(("answered", *seen[1:]), text(part), [True, False])
            for key in (("show", part.section), ("show", part.section, part.field), ("required", part.section, part.field)):
                if key in self.program.nodes:
                    self._look(self.program.nodes[key])


class Situation:
    """One combination: what is true in it."""

    def __init__(self, situations: Situations, values: Mapping[Key, object]) -> None:
        self.all = situations
        self.values = values
        self._shown: dict[tuple[str, str], bool] = {}

    def truth(self, node: Node) -> Truth:
        """Whether a condition holds here; UNKNOWN when an answer that it needs is hidden or missing."""
        node = self.all.resolve(node)
        if isinstance(node, tree.Constant):
            return node.constant is True
        if isinstance(node, tree.Not):
            held = self.truth(node.operand)
            return UNKNOWN if held is UNKNOWN else not held
        if isinstance(node, tree.And | tree.Or):
            truths = [self.truth(operand) for operand in node.operands]
            decisive = isinstance(node, tree.Or)
            if any(held is decisive for held in truths):
                return decisive
            return UNKNOWN if any(held is UNKNOWN for held in truths) else not decisive
        if isinstance(node, tree.IfElse):
            held = self.truth(node.condition)
            return UNKNOWN if held is UNKNOWN else self.truth(node.then if held else node.otherwise)
        if isinstance(node, tree.Answered):
            return self.answered(node.read)
        if not all(self.answered(read) for read in self._reads(node)):
            return UNKNOWN
        return self._atom(node)

    def _atom(self, node: Node) -> Truth:
        if isinstance(node, tree.Compare):
            return self._compare(node)
        if isinstance(node, tree.OneOf):
            item = self.all.resolve(node.item)
            return any(self._sign(item, option) == 0 for option in node.options)
        value = self.values[_key(self.all, node)]
        return UNKNOWN if value is UNKNOWN else value is True

    def _compare(self, node: tree.Compare) -> bool:
        left, right = self.all.resolve(node.left), self.all.resolve(node.right)
        if isinstance(right, tree.Constant):
            sign = self._sign(left, right.constant)
        elif isinstance(left, tree.Constant):
            sign = -self._sign(right, left.constant)
        else:
            one, two = _key(self.all, left)[0], _key(self.all, right)[0]
            found = self.values["pair", *sorted((one, two))]
            sign = found if isinstance(found, int) else 0
            sign = sign if one <= two else -sign
        return bool(node.OPERATORS[node.operator](sign, 0))

    def _sign(self, node: Node, constant: object) -> int:
        """How a value stands to a constant: below, equal, above (or just different, for a text)."""
        key = _key(self.all, node)
        variable, value = self.all.variables[key], self.values[key]
        if not variable.cuts:
            return 0 if value == constant else 1
        assert isinstance(value, int)
        place = 2 * variable.cuts.index(constant) + 1  # type: ignore[arg-type]
        return (value > place) - (value < place)

    def _reads(self, node: Node) -> Iterator[tree.AnswerRead]:
        for part in node.walk():
            if isinstance(part, tree.FactRead):
                yield from self._reads(self.all.resolve(part))
            elif isinstance(part, tree.AnswerRead) and part.variable in ("", "row"):
                yield part

    def answered(self, read: tree.AnswerRead) -> bool:
        if not self.shown(read.section, read.field):
            return False
        question = self.all.definition.field(read.section, read.field)
        if question is not None and question.required is True and not read.part:
            return True
        needed = self.all.program.node("required", read.section, read.field)
        if needed is not None and not read.part and self.truth(needed) is True:
            return True
        return self.values["answered", read.section, read.field, read.part] is True

    def shown(self, section: str, field: str = "") -> bool:
        """Whether a section, or one of its questions, is shown here."""
        key = (section, field)
        if key not in self._shown:
            names = [("show", section), ("show", section, field)] if field else [("show", section)]
            nodes = [self.all.program.nodes[name] for name in names if name in self.all.program.nodes]
            self._shown[key] = all(self.truth(node) is True for node in nodes)
        return self._shown[key]

    def in_words(self) -> str:
        """The situation as the author of a definition reads it."""
        silent = {}
        for _, section, name, part in sorted(self.all.questions):
            read = tree.AnswerRead(0, section, name, "", part)
            if not self.answered(read):
                silent[text(read)] = "left empty" if self.shown(section, name) else "hidden"
        told = [
            self.all.variables[key].say(value)
            for key, value in self.values.items()
            if key[0] != "answered" and self.all.variables[key].label not in silent
        ]
        return ", ".join([*told, *(f"{name} is {why}" for name, why in silent.items())]) or "any answers"


def _regions(cuts: list[int | date]) -> list[object]:
    """Places around sorted constants: 0 below the first, 1 on it, 2 between it and the second… Empty ones left out."""
    places: list[object] = []
    for place in range(2 * len(cuts) + 1):
        if place % 2 == 0 and 0 < place < 2 * len(cuts):
            low, high = cuts[place // 2 - 1], cuts[place // 2]
            gap = (high - low).days if isinstance(high, date) and isinstance(low, date) else int(str(high)) - int(str(low))
            if gap == 1:
                continue
        places.append(place)
    return places


def _key(situations: Situations, node: Node) -> Key:
    """The same for all that is sure to have the same value."""
    return (text(situations.resolve(node), situations),)


def _pair_text(node: tree.Compare) -> str:
    return f"the order of {text(node.left)} and {text(node.right)}"


def text(node: Node, situations: Situations | None = None) -> str:
    """A condition written again; with ``situations``, facts give way to what they say."""
    if situations is not None:
        node = situations.resolve(node)
    if isinstance(node, tree.Constant):
        return repr(node.constant)
    if isinstance(node, tree.Today):
        return "today"
    if isinstance(node, tree.FactRead):
        return f"facts.{node.name}"
    if isinstance(node, tree.Threshold):
        return f"threshold({node.name!r})"
    if isinstance(node, tree.AnswerRead):
        return ".".join(part for part in (node.variable or node.section, node.field, node.part) if part)
    parts = [text(child, situations) for child in node.children()]
    if isinstance(node, tree.Call):
        return f"{node.function}({', '.join(parts)})"
    if isinstance(node, tree.Arithmetic | tree.Compare):
        return f"({parts[0]} {node.operator} {parts[1]})"
    if isinstance(node, tree.Contains):
        return f"{node.option!r} in {parts[0]}"
    if isinstance(node, tree.OneOf):
        return f"{parts[0]} in {list(node.options)}"
    if isinstance(node, tree.Aggregate):
        return f"{node.function}({', '.join(parts)} for {node.variable} in {node.section})"
    return f"{type(node).__name__.lower()}({', '.join(parts)})"
