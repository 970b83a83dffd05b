"""The tree of an expression. Each node knows its value in an environment; ``UNKNOWN`` runs through by Kleene's logic."""

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import Enum
from typing import Any, ClassVar, Final, Literal, NoReturn, Protocol

from guichet.procedures.expressions.functions import FUNCTIONS


class _Unknown(Enum):
    UNKNOWN = "unknown"

    def __bool__(self) -> NoReturn:
        raise TypeError("An unknown value is neither true nor false: compare it with «is True» or «is False».")

    def __repr__(self) -> str:
        return "UNKNOWN"


Unknown = Literal[_Unknown.UNKNOWN]
UNKNOWN: Final = _Unknown.UNKNOWN
Value = bool | int | str | date | timedelta | frozenset[str] | Mapping[str, Any] | Unknown
Rows = Mapping[str, int]  # the row that each variable stands for
NO_ROWS: Rows = {}


class Environment(Protocol):
    """Where an expression reads its values."""

    @property
    def today(self) -> date: ...

    def answer(self, section: str, field: str, row: int | None) -> Value: ...

    def fact(self, name: str) -> Value: ...

    def row_count(self, section: str) -> int | Unknown: ...

    def threshold(self, name: str) -> int | Unknown: ...


@dataclass(frozen=True, slots=True)
class Node:
    column: int  # 1-based, in the text of the expression

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        raise NotImplementedError

    def children(self) -> Iterator["Node"]:
        for field in fields(self):
            part = getattr(self, field.name)
            if isinstance(part, Node):
                yield part
            elif isinstance(part, tuple):
                yield from (item for item in part if isinstance(item, Node))

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Constant(Node):
    constant: bool | int | str | date

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        return self.constant


@dataclass(frozen=True, slots=True)
class Today(Node):
    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        return env.today


@dataclass(frozen=True, slots=True)
class FactRead(Node):
    name: str

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        return env.fact(self.name)


@dataclass(frozen=True, slots=True)
class AnswerRead(Node):
    """``variable`` names the row of a section that repeats; ``part`` a part of an address."""

    section: str
    field: str
    variable: str = ""
    part: str = ""

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        found = env.answer(self.section, self.field, rows.get(self.variable) if self.variable else None)
        if not self.part or found is UNKNOWN:
            return found
        part = found.get(self.part) if isinstance(found, Mapping) else None
        return part if part else UNKNOWN


@dataclass(frozen=True, slots=True)
class Answered(Node):
    """Whether there is an answer: never unknown itself."""

    read: AnswerRead

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        return self.read.value(env, rows) is not UNKNOWN


@dataclass(frozen=True, slots=True)
class Threshold(Node):
    name: str

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        return env.threshold(self.name)


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Node

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        found = self.operand.value(env, rows)
        return UNKNOWN if found is UNKNOWN else not found


@dataclass(frozen=True, slots=True)
class And(Node):
    operands: tuple[Node, ...]

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        result: Value = True
        for operand in self.operands:
            found = operand.value(env, rows)
            if found is False:
                return False
            if found is UNKNOWN:
                result = UNKNOWN
        return result


@dataclass(frozen=True, slots=True)
class Or(Node):
    operands: tuple[Node, ...]

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        result: Value = False
        for operand in self.operands:
            found = operand.value(env, rows)
            if found is True:
                return True
            if found is UNKNOWN:
                result = UNKNOWN
        return result


@dataclass(frozen=True, slots=True)
class Compare(Node):
    OPERATORS: ClassVar[dict[str, Any]] = {
        "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    }  # fmt: skip
    left: Node
    operator: str
    right: Node

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        left, right = self.left.value(env, rows), self.right.value(env, rows)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        return bool(self.OPERATORS[self.operator](left, right))


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """``field in ['a', 'b']``."""

    item: Node
    options: tuple[str | int, ...]

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        found = self.item.value(env, rows)
        return UNKNOWN if found is UNKNOWN else found in self.options


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """``'a' in field`` where the field holds several choices."""

    option: str
    choices: Node

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        found = self.choices.value(env, rows)
        return self.option in found if isinstance(found, frozenset) else UNKNOWN


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    OPERATORS: ClassVar[dict[str, Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
    left: Node
    operator: str
    right: Node

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        left, right = self.left.value(env, rows), self.right.value(env, rows)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        try:
            result: Value = self.OPERATORS[self.operator](left, right)
        except OverflowError:  # outside the calendar
            return UNKNOWN
        return result


@dataclass(frozen=True, slots=True)
class IfElse(Node):
    condition: Node
    then: Node
    otherwise: Node

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        found = self.condition.value(env, rows)
        if found is UNKNOWN:
            return UNKNOWN
        return self.then.value(env, rows) if found else self.otherwise.value(env, rows)


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: str
    arguments: tuple[Node, ...]

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        values = [argument.value(env, rows) for argument in self.arguments]
        if any(value is UNKNOWN for value in values):
            return UNKNOWN
        try:
            result: Value = FUNCTIONS[self.function].compute(*values)
        except (ValueError, OverflowError):  # outside the calendar
            return UNKNOWN
        return result


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """``any``, ``all``, ``sum`` or ``count`` of an element computed in each row that every condition keeps."""

    function: str
    section: str
    variable: str
    element: Node
    conditions: tuple[Node, ...] = ()

    def value(self, env: Environment, rows: Rows = NO_ROWS) -> Value:
        size = env.row_count(self.section)
        if size is UNKNOWN:
            return UNKNOWN
        kept: list[tuple[Value, Value]] = []
        for index in range(size):
            here = {**rows, self.variable: index}
            holds = And(self.column, self.conditions).value(env, here)
            if holds is not False:
                kept.append((holds, self.element.value(env, here)))
        if self.function == "any":
            return self._any(kept)
        if self.function == "all":
            negated = self._any([(holds, UNKNOWN if found is UNKNOWN else not found) for holds, found in kept])
            return UNKNOWN if negated is UNKNOWN else not negated
        if any(holds is UNKNOWN or found is UNKNOWN for holds, found in kept):
            return UNKNOWN
        return sum(int(found) for _, found in kept if isinstance(found, int))

    @staticmethod
    def _any(kept: list[tuple[Value, Value]]) -> Value:
        if any(holds is True and found is True for holds, found in kept):
            return True
        if any(found is not False for _, found in kept):
            return UNKNOWN
        return False
