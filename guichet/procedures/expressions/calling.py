"""Calls: the declared functions, and the forms that look over the rows of a section."""

import ast
from collections.abc import Callable
from datetime import date

from guichet.procedures.expressions import tree
from guichet.procedures.expressions.functions import FORMS, FUNCTIONS
from guichet.procedures.expressions.reading import MAX_INTEGER, Reader
from guichet.procedures.expressions.tree import Node
from guichet.procedures.expressions.types import DATE, DURATION, INTEGER, YES_NO, Kind, Type


class Calls(Reader):
    def call(self, node: ast.Call) -> tuple[Node, Type]:
        if not isinstance(node.func, ast.Name):
            raise self.refusal(node, "Only the declared functions can be called.")
        name = node.func.id
        if name not in FUNCTIONS and name not in FORMS:
            raise self.unknown(node, "function", name, [*FUNCTIONS, *FORMS])
        if node.keywords:
            raise self.refusal(node, "Arguments have no names here.")
        if name in FORMS:
            if len(node.args) != 1:
                raise self.refusal(node, f"{name}() takes one argument: {FORMS[name]}.")
            form: Callable[[ast.Call, str, ast.expr], tuple[Node, Type]] = {
                "date": self.day, "threshold": self.threshold, "answered": self.answered,
            }.get(name, self.aggregate)  # fmt: skip
            return form(node, name, node.args[0])
        function = FUNCTIONS[name]
        if len(node.args) != len(function.parameters):
            raise self.refusal(node, f"{name}() takes {len(function.parameters)} argument(s): {function.says}.")
        arguments = tuple(
            self.need(argument, wanted.kind) for argument, wanted in zip(node.args, function.parameters, strict=True)
        )
        for argument, wanted in zip(arguments, function.parameters, strict=True):
            if (
                wanted is INTEGER
                and isinstance(argument, tree.Constant)
                and abs(int(str(argument.constant))) > MAX_INTEGER // 100
            ):
                raise self.refusal(node, "This number is too large.")
        if function.result is DURATION and not isinstance(arguments[0], tree.Constant | tree.Threshold):
            raise self.refusal(node.args[0], "days() takes a number written out, or a threshold.")
        return tree.Call(self.column(node), name, arguments), function.result

    def text_argument(self, argument: ast.expr, example: str) -> str:
        if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
            raise self.refusal(argument, f"Write it between quotes, as in {example}.")
        return argument.value

    def day(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        text = self.text_argument(argument, "date('2026-09-01')")
        try:
            return tree.Constant(self.column(node), date.fromisoformat(text)), DATE
        except ValueError:
            raise self.refusal(argument, f"«{text}» is not a day: write it as date('2026-09-01').") from None

    def threshold(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        text = self.text_argument(argument, "threshold('student_monthly')")
        if text not in self.names.thresholds:
            raise self.unknown(argument, "threshold", text, self.names.thresholds)
        return tree.Threshold(self.column(node), text), self.names.thresholds[text]

    def answered(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        read, type_ = self.read(argument)
        self.single(argument, type_)
        if not isinstance(read, tree.AnswerRead):
            raise self.refusal(argument, "answered() takes a field: answered(section.field).")
        return tree.Answered(self.column(node), read), YES_NO

    def aggregate(self, node: ast.Call, name: str, argument: ast.expr) -> tuple[Node, Type]:
        if set(self.variables) - {"row"}:
            raise self.refusal(node, f"{name}() cannot stand inside another any(), all(), sum() or count().")
        if isinstance(argument, ast.GeneratorExp):
            return self.generator(node, name, argument)
        column = self.column(node)
        if name == "count":
            if not isinstance(argument, ast.Name) or argument.id not in self.names.sections:
                raise self.refusal(argument, "count() takes a section that repeats: count(children).")
            self.repeats(argument, argument.id)
            return tree.Aggregate(column, name, argument.id, "each", tree.Constant(column, 1)), INTEGER
        read, type_ = self.read(argument)
        if not isinstance(read, tree.AnswerRead) or not type_.many:
            raise self.refusal(argument, f"{name}() takes a column of a section that repeats: {FORMS[name]}.")
        element = tree.AnswerRead(read.column, read.section, read.field, "each", read.part)
        return tree.Aggregate(column, name, read.section, "each", element), self.aggregated(argument, name, type_)

    def generator(self, node: ast.Call, name: str, argument: ast.GeneratorExp) -> tuple[Node, Type]:
        if len(argument.generators) != 1:
            raise self.refusal(argument, "One «for» only.")
        loop = argument.generators[0]
        if not isinstance(loop.target, ast.Name) or not isinstance(loop.iter, ast.Name) or loop.is_async:
            raise self.refusal(argument, f"Write it as {FORMS[name]}.")
        variable, section = loop.target.id, loop.iter.id
        self.repeats(loop.iter, section)
        if variable in self.names.sections or variable in ("row", "today", "facts", "each"):
            raise self.refusal(loop.target, f"«{variable}» already means something: choose another word, such as «each_row».")
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
            raise self.unknown(node, "section", section, self.names.sections)
        if not self.names.sections[section].repeats:
            raise self.refusal(node, f"The section «{section}» does not repeat: name its field directly.")

    def aggregated(self, node: ast.AST, name: str, type_: Type) -> Type:
        if name in ("any", "all"):
            if type_.kind is not Kind.YES_NO:
                raise self.refusal(node, f"{name}() needs a yes/no in each row, and this is {type_.kind}.")
            return YES_NO
        if type_.kind not in (Kind.INTEGER, Kind.MONEY):
            raise self.refusal(node, f"sum() needs a number or an amount in each row, and this is {type_.kind}.")
        return Type(type_.kind)
