"""What every part of the parser stands on: names, refusals with their column, and the reading of single values."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from guichet.procedures.expressions import tree
from guichet.procedures.expressions.functions import FORMS, FUNCTIONS
from guichet.procedures.expressions.tree import Node
from guichet.procedures.expressions.types import ADDRESS_PARTS, DATE, INTEGER, TEXT, YES_NO, Kind, Type

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


class Reader:
    """Reads the parts of one expression. ``lead`` is how many columns were cut at its beginning."""

    def __init__(self, names: Names, text: str, lead: int) -> None:
        self.names = names
        self.text = text
        self.lead = lead
        self.variables: dict[str, str] = {"row": names.row_of} if names.row_of else {}

    def read(self, node: ast.expr) -> tuple[Node, Type]:
        raise NotImplementedError

    # Saying no

    def column(self, node: ast.AST) -> int:
        offset: int = getattr(node, "col_offset", 0)
        return self.lead + len(self.text.encode()[:offset].decode(errors="ignore")) + 1

    def refusal(self, node: ast.AST, message: str) -> ExpressionError:
        return ExpressionError(message, self.column(node))

    def unknown(
        self, node: ast.AST, what: str, name: str, among: Mapping[str, object] | list[str], where: str = ""
    ) -> ExpressionError:
        near = get_close_matches(name, list(among), n=1)
        hint = f" Did you mean «{near[0]}»?" if near else f" There are: {', '.join(sorted(among)) or 'none'}."
        return self.refusal(node, f"There is no {what} «{name}»{where}.{hint}")

    def need(self, node: ast.expr, kind: Kind) -> Node:
        """Reads a part that must be of one kind."""
        tree_node, type_ = self.read(node)
        self.single(node, type_)
        if type_.kind is not kind:
            raise self.refusal(node, f"This must be {kind} and is {type_}.")
        return tree_node

    def single(self, node: ast.AST, type_: Type) -> None:
        if type_.many:
            raise self.refusal(node, f"This is {type_}: use any(), all(), sum() or count(), or «row.» for the same row.")

    # Values

    def constant(self, node: ast.Constant) -> tuple[Node, Type]:
        value, column = node.value, self.column(node)
        if isinstance(value, bool):
            return tree.Constant(column, value), YES_NO
        if isinstance(value, int):
            if abs(value) > MAX_INTEGER:
                raise self.refusal(node, "This number is too large.")
            return tree.Constant(column, value), INTEGER
        if isinstance(value, str):
            return tree.Constant(column, value), TEXT
        if isinstance(value, float):
            raise self.refusal(node, "Numbers are whole: write amounts with euros(…), or in cents in a threshold.")
        raise self.refusal(node, "Write a whole number, a text between quotes, True or False.")

    def name(self, node: ast.Name) -> tuple[Node, Type]:
        if node.id == "today":
            return tree.Today(self.column(node)), DATE
        if node.id in self.names.sections:
            raise self.refusal(node, f"«{node.id}» is a section: name one of its fields, as in «{node.id}.field».")
        if node.id in self.names.facts:
            raise self.refusal(node, f"Write «facts.{node.id}».")
        if node.id in ("yes", "no", "true", "false", "oui", "non"):
            raise self.refusal(node, "A yes/no is used as it is: write «section.field» or «not section.field».")
        if node.id in FUNCTIONS or node.id in FORMS:
            raise self.refusal(node, f"«{node.id}» is a function: write its arguments between brackets.")
        raise self.unknown(node, "value", node.id, ["today", "facts", *self.names.sections])

    def attribute(self, node: ast.Attribute) -> tuple[Node, Type]:
        if isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
            return self.part_of_address(node, node.value)
        if not isinstance(node.value, ast.Name):
            raise self.refusal(node, "Only «section.field», «facts.name» and «row.field» can be read.")
        owner = node.value.id
        if owner == "facts":
            if node.attr not in self.names.facts:
                raise self.unknown(node, "fact", node.attr, self.names.facts)
            return tree.FactRead(self.column(node), node.attr), self.names.facts[node.attr]
        if owner in self.variables:
            return self.field(node, self.variables[owner], owner)
        if owner == "row":
            raise self.refusal(node, "«row» has a meaning only in a section that repeats.")
        if owner not in self.names.sections:
            raise self.unknown(node, "section", owner, self.names.sections)
        return self.field(node, owner, "")

    def field(self, node: ast.Attribute, section: str, variable: str) -> tuple[Node, Type]:
        names = self.names.sections[section]
        if node.attr not in names.fields:
            raise self.unknown(node, "field", node.attr, names.fields, f" in «{section}»")
        type_ = names.fields[node.attr]
        many = names.repeats and not variable
        return tree.AnswerRead(self.column(node), section, node.attr, variable), Type(type_.kind, type_.options, many)

    def part_of_address(self, node: ast.Attribute, inner: ast.Attribute) -> tuple[Node, Type]:
        read, type_ = self.attribute(inner)
        if type_.kind is not Kind.ADDRESS or not isinstance(read, tree.AnswerRead):
            raise self.refusal(node, f"Only an address has parts, and this is {type_}.")
        if node.attr not in ADDRESS_PARTS:
            raise self.unknown(node, "part of an address", node.attr, list(ADDRESS_PARTS))
        return tree.AnswerRead(read.column, read.section, read.field, read.variable, node.attr), Type(
            Kind.TEXT, None, type_.many
        )
