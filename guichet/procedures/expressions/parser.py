"""From the text of an expression to a checked tree. Everything that is not on the list is refused, with its column."""

import ast
import re
from collections.abc import Callable

from guichet.procedures.expressions import tree
from guichet.procedures.expressions.calling import Calls
from guichet.procedures.expressions.comparing import Comparisons
from guichet.procedures.expressions.reading import ExpressionError, Names, SectionNames
from guichet.procedures.expressions.tree import Node
from guichet.procedures.expressions.types import INTEGER, YES_NO, Kind, Type

__all__ = ["ExpressionError", "Names", "SectionNames", "parse"]

MAX_LENGTH = 1000
MAX_DEPTH = 20
MAX_NODES = 200


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


class _Parser(Comparisons, Calls):
    def __init__(self, names: Names, text: str, lead: int) -> None:
        super().__init__(names, text, lead)
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
            raise self.refusal(node, f"«{type(node).__name__}» is not part of the language.")
        return reader(node)

    def logic(self, node: ast.BoolOp) -> tuple[Node, Type]:
        operands = tuple(self.need(value, Kind.YES_NO) for value in node.values)
        column = self.column(node)
        return (tree.And(column, operands) if isinstance(node.op, ast.And) else tree.Or(column, operands)), YES_NO

    def unary(self, node: ast.UnaryOp) -> tuple[Node, Type]:
        if isinstance(node.op, ast.Not):
            return tree.Not(self.column(node), self.need(node.operand, Kind.YES_NO)), YES_NO
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant) and type(node.operand.value) is int:
            return tree.Constant(self.column(node), -node.operand.value), INTEGER
        raise self.refusal(node, "Only «not», and a minus before a number, are understood here.")

    def if_else(self, node: ast.IfExp) -> tuple[Node, Type]:
        condition = self.need(node.test, Kind.YES_NO)
        (then, type_), (otherwise, other) = self.read(node.body), self.read(node.orelse)
        self.single(node.body, type_)
        self.single(node.orelse, other)
        if type_.kind is not other.kind:
            raise self.refusal(node.orelse, f"Both sides of «else» must be alike: {type_} and {other}.")
        return tree.IfElse(self.column(node), condition, then, otherwise), Type(type_.kind)
