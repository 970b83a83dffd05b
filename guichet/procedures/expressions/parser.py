"""From the text of an expression to a checked tree. Everything that is not on the list is refused, with its column."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NoReturn

from guichet.procedures.expressions import tree
from guichet.procedures.expressions.functions import FORMS, FUNCTIONS
from guichet.procedures.expressions.tree import Node
from guichet.procedures.expressions.types import (
    ADDRESS_PARTS,
    DATE,
    DURATION,
    INTEGER,
    MONEY,
    ORDERED,
    TEXT,
    YES_NO,
    Kind,
    Type,
)

MAX_LENGTH = 1000
MAX_DEPTH = 20
MAX_NODES = 200
MAX_INTEGER = 10**12


class ExpressionError(Exception):
    """An expression that the language refuses. ``message`` tells how to mend it; ``column`` is 1-based in its text."""

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@dataclass(frozen=True)
class SectionNames:
    fields: Mapping[str, Type]
    repeats: bool = False


@dataclass(frozen=True)
class Names:
    """What an expression may name. ``row_of`` is the section whose row ``row`` stands for, where there is one."""

    sections: Mapping[str, SectionNames] = field(default_factory=dict)
    facts: Mapping[str, Type] = field(default_factory=dict)
    thresholds: Mapping[str, Type] = field(default_factory=dict)
    row_of: str = ""


def parse(text: str, names: Names, expected: Kind | None = None) -> tuple[Node, Type]:
    """The tree and its type. Raises :class:`ExpressionError`, and nothing else."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"The expression is longer than {MAX_LENGTH} characters: name parts of it in «facts».")
    if "\\" in text:
        raise ExpressionError("A backslash has no meaning here: remove it.", text.index("\\") + 1)
    if found := re.search(r"(?<![\w.])\d+[A-Za-z_]", text):
        raise ExpressionError("A number runs into a letter: put a space, or quotes around a text.", found.start() + 1)
    flat = re.sub(r"[\r\n\t]", " ", text)
    lead = len(flat) - len(flat.lstrip())
    try:
        parsed = ast.parse(flat.strip(), mode="eval").body
    except SyntaxError as error:
        column = lead + min(error.offset or 1, len(flat) or 1)
        raise ExpressionError(f"This cannot be read: {error.msg}. Check quotes, brackets and operators.", column) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError("This cannot be read: remove odd characters and deep brackets.") from None
    _bound(parsed)
    node, type_ = _Parser(names, flat.strip(), lead).read(parsed)
    if type_.many:
        raise ExpressionError(f"This is {type_}: use any(), all(), sum() or count() to make one value of it.", node.column)
    if expected is not None and type_.kind is not expected:
        raise ExpressionError(f"This must be {expected} and is {type_}.", node.column)
    if type_.kind in (Kind.DURATION, Kind.ADDRESS):
        raise ExpressionError(f"This is {type_}, which stands for nothing alone.", node.column)
    return node, type_


def _bound(parsed: ast.AST) -> None:
    level, count = [parsed], 0
    for _ in range(MAX_DEPTH + 1):
        count += sum(1 for node in level if isinstance(node, ast.expr))
        if count > MAX_NODES:
            raise ExpressionError("The expression has too many parts: name some of them in «facts».")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise ExpressionError(f"The expression is nested more than {MAX_DEPTH} deep: name parts of it in «facts».")


_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


class _Parser:
    def __init__(self, names: Names, text: str, lead: int) -> None:
        self.names = names
        self.text = text
        self.lead = lead
        self.variables: dict[str, str] = {"row": names.row_of} if names.row_of else {}
        self.readers: dict[type[ast.expr], Callable[..., tuple[Node, Type]]] = {
            ast.Constant: self.constant,
            ast.Name: self.name,
            ast.Attribute: self.attribute,
            ast.BoolOp: self.logic,
            ast.UnaryOp: self.unary,
            ast.BinOp: self.arithmetic,
            ast.Compare: self.comparison,
            ast.IfExp: self.if_else,
            ast.Call: self.call,
        }

    def read(self, node: ast.expr) -> tuple[Node, Type]:
        reader = self.readers.get(type(node))
        if reader is None:
            self.refuse(node, f"«{type(node).__name__}» is not part of the language.")
        return reader(node)

    # Saying no

    def column(self, node: ast.AST) -> int:
        offset: int = getattr(node, "col_offset", 0)
        return self.lead + len(self.text.encode()[:offset].decode(errors="ignore")) + 1

    def refuse(self, node: ast.AST, message: str) -> NoReturn:
        raise ExpressionError(message, self.column(node))

    def unknown(self, node: ast.AST, what: str, name: str, among: Mapping[str, object] | list[str]) -> NoReturn:
        near = get_close_matches(name, list(among), n=1)
        hint = f" Did you mean «{near[0]}»?" if near else f" There are: {', '.join(sorted(among)) or 'none'}."
        self.refuse(node, f"There is no {what} «{name}».{hint}")

    def need(self, node: ast.expr, kind: Kind) -> Node:
        """Reads a part that must be of one kind."""
        tree_node, type_ = self.read(node)
        self.single(node, type_)
        if type_.kind is not kind:
            self.refuse(node, f"This must be {kind} and is {type_}.")
        return tree_node

    def single(self, node: ast.AST, type_: Type) -> None:
        if type_.many:
            self.refuse(node, f"This is {type_}: use any(), all(), sum() or count(), or «row.» for the same row.")

    # Values

    def constant(self, node: ast.Constant) -> tuple[Node, Type]:
        value, column = node.value, self.column(node)
        if isinstance(value, bool):
            return tree.Constant(column, value), YES_NO
        if isinstance(value, int):
            if abs(value) > MAX_INTEGER:
                self.refuse(node, "This number is too large.")
            return tree.Constant(column, value), INTEGER
        if isinstance(value, str):
            return tree.Constant(column, value), TEXT
        if isinstance(value, float):
            self.refuse(node, "Numbers are whole: write amounts with euros(…), or in cents in a threshold.")
        self.refuse(node, "Write a whole number, a text between quotes, True or False.")

    def name(self, node: ast.Name) -> tuple[Node, Type]:
        if node.id == "today":
            return tree.Today(self.column(node)), DATE
        if node.id in self.names.sections:
            self.refuse(node, f"«{node.id}» is a section: name one of its fields, as in «{node.id}.field».")
        if node.id in self.names.facts:
            self.refuse(node, f"Write «facts.{node.id}».")
        if node.id in ("yes", "no", "true", "false", "oui", "non"):
            self.refuse(node, "A yes/no is used as it is: write «section.field» or «not section.field».")
        if node.id in FUNCTIONS or node.id in FORMS:
            self.refuse(node, f"«{node.id}» is a function: write its arguments between brackets.")
        self.unknown(node, "value", node.id, ["today", "facts", *self.names.sections])

    def attribute(self, node: ast.Attribute) -> tuple[Node, Type]:
        if isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
            return self.part_of_address(node, node.value)
        if not isinstance(node.value, ast.Name):
            self.refuse(node, "Only «section.field», «facts.name» and «row.field» can be read.")
        owner = node.value.id
        if owner == "facts":
            if node.attr not in self.names.facts:
                self.unknown(node, "fact", node.attr, self.names.facts)
            return tree.FactRead(self.column(node), node.attr), self.names.facts[node.attr]
        if owner in self.variables:
            return self.field(node, self.variables[owner], owner)
        if owner == "row":
            self.refuse(node, "«row» has a meaning only in a section that repeats.")
        if owner not in self.names.sections:
            self.unknown(node, "section", owner, self.names.sections)
        return self.field(node, owner, "")

    def field(self, node: ast.Attribute, section: str, variable: str) -> tuple[Node, Type]:
        names = self.names.sections[section]
        if node.attr not in names.fields:
            self.unknown(node, f"field in «{section}»", node.attr, names.fields)
        type_ = names.fields[node.attr]
        many = names.repeats and not variable
        return tree.AnswerRead(self.column(node), section, node.attr, variable), Type(type_.kind, type_.options, many)

    def part_of_address(self, node: ast.Attribute, inner: ast.Attribute) -> tuple[Node, Type]:
        read, type_ = self.attribute(inner)
        if type_.kind is not Kind.ADDRESS or not isinstance(read, tree.AnswerRead):
            self.refuse(node, f"Only an address has parts, and this is {type_}.")
        if node.attr not in ADDRESS_PARTS:
            self.unknown(node, "part of an address", node.attr, list(ADDRESS_PARTS))
        return tree.AnswerRead(read.column, read.section, read.field, read.variable, node.attr), Type(
            Kind.TEXT, None, type_.many
        )

    # Logic

    def logic(self, node: ast.BoolOp) -> tuple[Node, Type]:
        operands = tuple(self.need(value, Kind.YES_NO) for value in node.values)
        column = self.column(node)
        return (tree.And(column, operands) if isinstance(node.op, ast.And) else tree.Or(column, operands)), YES_NO

    def unary(self, node: ast.UnaryOp) -> tuple[Node, Type]:
        if isinstance(node.op, ast.Not):
            return tree.Not(self.column(node), self.need(node.operand, Kind.YES_NO)), YES_NO
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant) and type(node.operand.value) is int:
            return tree.Constant(self.column(node), -node.operand.value), INTEGER
        self.refuse(node, "Only «not», and a minus before a number, are understood here.")

    def if_else(self, node: ast.IfExp) -> tuple[Node, Type]:
        condition = self.need(node.test, Kind.YES_NO)
        (then, type_), (otherwise, other) = self.read(node.body), self.read(node.orelse)
        self.single(node.body, type_)
        self.single(node.orelse, other)
        if type_.kind is not other.kind:
            self.refuse(node.orelse, f"Both sides of «else» must be alike: {type_} and {other}.")
        return tree.IfElse(self.column(node), condition, then, otherwise), Type(type_.kind)

    # Comparisons

    def comparison(self, node: ast.Compare) -> tuple[Node, Type]:
        parts, left = [], node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            parts.append(self.compare(node, left, operator, right))
            left = right
        return (parts[0] if len(parts) == 1 else tree.And(self.column(node), tuple(parts))), YES_NO

    def compare(self, node: ast.Compare, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Node:
        if isinstance(operator, ast.In | ast.NotIn):
            found = self.membership(node, left, right)
            return tree.Not(self.column(node), found) if isinstance(operator, ast.NotIn) else found
        sign = _COMPARISONS.get(type(operator))
        if sign is None:
            self.refuse(node, "Compare with == != < <= > >= in, not in.")
        (one, one_type), (two, two_type) = self.read(left), self.read(right)
        self.single(left, one_type)
        self.single(right, two_type)
        self.comparable(node, (left, one, one_type), (right, two, two_type), sign)
        return tree.Compare(self.column(left), one, sign, two)

    def comparable(
        self, node: ast.Compare, left: tuple[ast.expr, Node, Type], right: tuple[ast.expr, Node, Type], sign: str
    ) -> None:
        for (_, _, mine), (there, other, theirs) in ((left, right), (right, left)):
            if mine.kind is Kind.CHOICE and theirs.kind is Kind.TEXT and isinstance(other, tree.Constant):
                self.option(there, str(other.constant), mine)
                self.only_equality(node, mine, sign)
                return
        one, two = left[2], right[2]
        if {one.kind, two.kind} == {Kind.MONEY, Kind.INTEGER}:
            self.refuse(right[0], "An amount is compared with an amount: write euros(615) rather than 615.")
        if one.kind is Kind.CHOICES or two.kind is Kind.CHOICES:
            self.refuse(node, "Write «'option' in section.field» for a list of choices.")
        if one.kind is not two.kind:
            hint = " Write a day as date('2026-09-01')." if Kind.DATE in (one.kind, two.kind) else ""
            self.refuse(right[0], f"{str(one).capitalize()} cannot be compared with {two}.{hint}")
        if one.kind is Kind.YES_NO and (isinstance(left[1], tree.Constant) or isinstance(right[1], tree.Constant)):
            self.refuse(node, "A yes/no is used as it is: write «section.field» or «not section.field».")
        if isinstance(left[1], tree.Constant) and isinstance(right[1], tree.Constant):
            self.refuse(node, "Both sides are constants: the result never changes.")
        if one.kind is Kind.CHOICE and one.options and two.options and not (one.options & two.options):
            self.refuse(node, "These two choices have no option in common.")
        self.only_equality(node, one, sign)

    def only_equality(self, node: ast.Compare, type_: Type, sign: str) -> None:
        if sign not in ("==", "!=") and type_.kind not in ORDERED:
            self.refuse(node, f"{str(type_).capitalize()} has no order: use == or !=.")

    def membership(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(right, ast.List | ast.Tuple | ast.Set):
            item, type_ = self.read(left)
            self.single(left, type_)
            if type_.kind not in (Kind.CHOICE, Kind.TEXT, Kind.INTEGER):
                self.refuse(left, f"{str(type_).capitalize()} cannot be looked for in a list.")
            return tree.OneOf(self.column(node), item, tuple(self.listed(element, type_) for element in right.elts))
        choices, type_ = self.read(right)
        self.single(right, type_)
        if type_.kind is not Kind.CHOICES:
            self.refuse(right, f"«in» looks in a list ['a', 'b'] or in a list of choices, and this is {type_}.")
        if not (isinstance(left, ast.Constant) and isinstance(left.value, str)):
            self.refuse(left, "Write the option between quotes.")
        self.option(left, left.value, type_)
        return tree.Contains(self.column(node), left.value, choices)

    def listed(self, element: ast.expr, type_: Type) -> str | int:
        wanted = int if type_.kind is Kind.INTEGER else str
        if not isinstance(element, ast.Constant) or type(element.value) is not wanted:
            self.refuse(element, f"The list must hold {'whole numbers' if wanted is int else 'texts between quotes'} only.")
        value = element.value
        assert isinstance(value, str | int)
        if type_.kind is Kind.CHOICE:
            self.option(element, str(value), type_)
        return value

    def option(self, node: ast.AST, option: str, type_: Type) -> None:
        if type_.options is not None and option not in type_.options:
            self.unknown(node, "option", option, sorted(type_.options)[:40])

    # Arithmetic and calls

    def arithmetic(self, node: ast.BinOp) -> tuple[Node, Type]:
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            self.refuse(node, "Only + - and * are understood.")
        (left, one), (right, two) = self.read(node.left), self.read(node.right)
        self.single(node.left, one)
        self.single(node.right, two)
        return tree.Arithmetic(self.column(node), left, sign, right), self.result(node, one.kind, sign, two.kind)

    def result(self, node: ast.BinOp, one: Kind, sign: str, two: Kind) -> Type:
        if one is two and one in (Kind.INTEGER, Kind.MONEY) and (sign != "*" or one is Kind.INTEGER):
            return INTEGER if one is Kind.INTEGER else MONEY
        if sign == "*" and {one, two} == {Kind.INTEGER, Kind.MONEY}:
            return MONEY
        if one is Kind.DATE and two is Kind.DURATION and sign != "*":
            return DATE
        if one is Kind.DATE and two is Kind.DATE:
            self.refuse(node, "Two dates: write days_between(earlier, later), months_between or years_between.")
        if one is Kind.DATE and two is Kind.INTEGER:
            self.refuse(node, "A number of what? Write days(30), add_months(date, 6) or add_years(date, 16).")
        if {one, two} == {Kind.INTEGER, Kind.MONEY}:
            self.refuse(node, "An amount and a number: write euros(615) rather than 615.")
        self.refuse(node, f"{str(one).capitalize()} and {two} cannot be put together by {sign}.")

    def call(self, node: ast.Call) -> tuple[Node, Type]:
        if not isinstance(node.func, ast.Name):
            self.refuse(node, "Only the declared functions can be called.")
        name = node.func.id
        if name not in FUNCTIONS and name not in FORMS:
            self.unknown(node, "function", name, [*FUNCTIONS, *FORMS])
        if node.keywords:
            self.refuse(node, "Arguments have no names here.")
        if name in FORMS:
            if len(node.args) != 1:
                self.refuse(node, f"{name}() takes one argument: {FORMS[name]}.")
            form: Callable[[ast.Call, str, ast.expr], tuple[Node, Type]] = {
                "date": self.day, "threshold": self.threshold, "answered": self.answered,
            }.get(name, self.aggregate)  # fmt: skip
            return form(node, name, node.args[0])
        function = FUNCTIONS[name]
        if len(node.args) != len(function.parameters):
            self.refuse(node, f"{name}() takes {len(function.parameters)} argument(s): {function.says}.")
        arguments = tuple(
            self.need(argument, wanted.kind) for argument, wanted in zip(node.args, function.parameters, strict=True)
        )
        for argument, wanted in zip(arguments, function.parameters, strict=True):
            if (
                wanted is INTEGER
                and isinstance(argument, tree.Constant)
                and abs(int(str(argument.constant))) > MAX_INTEGER // 100
            ):
                self.refuse(node, "This number is too large.")
        if function.result is DURATION and not isinstance(arguments[0], tree.Constant):
            self.refuse(node, "days() takes a number written out.")
        return tree.Call(self.column(node), name, arguments), function.result

    def text_argument(self, argument: ast.expr, example: str) -> str:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            self.refuse(argument, f"Write it between quotes, as in {example}.")
        return argument.value

    def day(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        text = self.text_argument(argument, "date('2026-09-01')")
        try:
            return tree.Constant(self.column(node), date.fromisoformat(text)), DATE
        except ValueError:
            self.refuse(argument, f"«{text}» is not a day: write it as date('2026-09-01').")

    def threshold(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        text = self.text_argument(argument, "threshold('student_monthly')")
        if text not in self.names.thresholds:
            self.unknown(argument, "threshold", text, self.names.thresholds)
        return tree.Threshold(self.column(node), text), self.names.thresholds[text]

    def answered(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        read, type_ = self.read(argument)
        self.single(argument, type_)
        if not isinstance(read, tree.AnswerRead):
            self.refuse(argument, "answered() takes a field: answered(section.field).")
        return tree.Answered(self.column(node), read), YES_NO

    def aggregate(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        if set(self.variables) - {"row"}:
            self.refuse(node, f"{name}() cannot stand inside another any(), all(), sum() or count().")
        if isinstance(argument, ast.GeneratorExp):
            return self.generator(node, name, argument)
        column = self.column(node)
        if name == "count":
            if not isinstance(argument, ast.Name) or argument.id not in self.names.sections:
                self.refuse(argument, "count() takes a section that repeats: count(children).")
            self.repeats(argument, argument.id)
            return tree.Aggregate(column, name, argument.id, "each", tree.Constant(column, 1)), INTEGER
        read, type_ = self.read(argument)
        if not isinstance(read, tree.AnswerRead) or not type_.many:
            self.refuse(argument, f"{name}() takes a column of a section that repeats: {FORMS[name]}.")
        element = tree.AnswerRead(read.column, read.section, read.field, "each", read.part)
        return tree.Aggregate(column, name, read.section, "each", element), self.aggregated(argument, name, type_)

    def generator(self, node: ast.Call, name: str, argument: ast.GeneratorExp) -> tuple[Node, Type]:
        if len(argument.generators) != 1:
            self.refuse(argument, "One «for» only.")
        loop = argument.generators[0]
        if not isinstance(loop.target, ast.Name) or not isinstance(loop.iter, ast.Name) or loop.is_async:
            self.refuse(argument, f"Write it as {FORMS[name]}.")
        variable, section = loop.target.id, loop.iter.id
        self.repeats(loop.iter, section)
        if variable in self.names.sections or variable in ("row", "today", "facts", "each"):
            self.refuse(loop.target, f"«{variable}» already means something: choose another word, such as «{section[:-1]}».")
        self.variables[variable] = section
        try:
            conditions = tuple(self.need(condition, Kind.YES_NO) for condition in loop.ifs)
            if name == "count":
                element, type_ = tree.Constant(self.column(node), 1), INTEGER
            else:
                element, type_ = self.read(argument.elt)  # type: ignore[assignment]
                self.single(argument.elt, type_)
                type_ = self.aggregated(argument.elt, name, type_)
        finally:
            del self.variables[variable]
        return tree.Aggregate(self.column(node), name, section, variable, element, conditions), type_

    def repeats(self, node: ast.AST, section: str) -> None:
        if section not in self.names.sections:
            self.unknown(node, "section", section, self.names.sections)
        if not self.names.sections[section].repeats:
            self.refuse(node, f"The section «{section}» does not repeat: name its field directly.")

    def aggregated(self, node: ast.AST, name: str, type_: Type) -> Type:
        if name in ("any", "all"):
            if type_.kind is not Kind.YES_NO:
                self.refuse(node, f"{name}() needs a yes/no in each row, and this is {type_.kind}.")
            return YES_NO
        if type_.kind not in (Kind.INTEGER, Kind.MONEY):
            self.refuse(node, f"sum() needs a number or an amount in each row, and this is {type_.kind}.")
        return Type(type_.kind)
