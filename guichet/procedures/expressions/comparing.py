"""Comparisons and arithmetic: what may stand beside what."""

import ast

from guichet.procedures.expressions import tree
from guichet.procedures.expressions.reading import Reader
from guichet.procedures.expressions.tree import Node
from guichet.procedures.expressions.types import DATE, INTEGER, MONEY, ORDERED, YES_NO, Kind, Type

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


class Comparisons(Reader):
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
            raise self.refusal(node, "Compare with == != < <= > >= in, not in.")
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
            raise self.refusal(right[0], "An amount is compared with an amount: write euros(615) rather than 615.")
        if one.kind is Kind.CHOICES or two.kind is Kind.CHOICES:
            raise self.refusal(node, "Write «'option' in section.field» for a list of choices.")
        if one.kind is not two.kind:
            hint = " Write a day as date('2026-09-01')." if Kind.DATE in (one.kind, two.kind) else ""
            raise self.refusal(right[0], f"{str(one).capitalize()} cannot be compared with {two}.{hint}")
        if one.kind is Kind.YES_NO and (isinstance(left[1], tree.Constant) or isinstance(right[1], tree.Constant)):
            raise self.refusal(node, "A yes/no is used as it is: write «section.field» or «not section.field».")
        if isinstance(left[1], tree.Constant) and isinstance(right[1], tree.Constant):
            raise self.refusal(node, "Both sides are constants: the result never changes.")
        if one.kind is Kind.CHOICE and one.options and two.options and not (one.options & two.options):
            raise self.refusal(node, "These two choices have no option in common.")
        self.only_equality(node, one, sign)

    def only_equality(self, node: ast.Compare, type_: Type, sign: str) -> None:
        if sign not in ("==", "!=") and type_.kind not in ORDERED:
            raise self.refusal(node, f"{str(type_).capitalize()} has no order: use == or !=.")

    def membership(self, node: ast.Compare, left: ast.expr, right: ast.expr) -> Node:
        if isinstance(right, ast.List | ast.Tuple | ast.Set):
            item, type_ = self.read(left)
            self.single(left, type_)
            if type_.kind not in (Kind.CHOICE, Kind.TEXT, Kind.INTEGER):
                raise self.refusal(left, f"{str(type_).capitalize()} cannot be looked for in a list.")
            return tree.OneOf(self.column(node), item, tuple(self.listed(element, type_) for element in right.elts))
        choices, type_ = self.read(right)
        self.single(right, type_)
        if type_.kind is not Kind.CHOICES:
            raise self.refusal(right, f"«in» looks in a list ['a', 'b'] or in a list of choices, and this is {type_}.")
        if not (isinstance(left, ast.Constant) and isinstance(left.value, str)):
            raise self.refusal(left, "Write the option between quotes.")
        self.option(left, left.value, type_)
        return tree.Contains(self.column(node), left.value, choices)

    def listed(self, element: ast.expr, type_: Type) -> str | int:
        wanted = int if type_.kind is Kind.INTEGER else str
        if not isinstance(element, ast.Constant) or type(element.value) is not wanted:
            raise self.refusal(
                element, f"The list must hold {'whole numbers' if wanted is int else 'texts between quotes'} only."
            )
        value = element.value
        assert isinstance(value, str | int)
        if type_.kind is Kind.CHOICE:
            self.option(element, str(value), type_)
        return value

    def option(self, node: ast.AST, option: str, type_: Type) -> None:
        if type_.options is not None and option not in type_.options:
            raise self.unknown(node, "option", option, sorted(type_.options)[:40])

    # Arithmetic and calls

    def arithmetic(self, node: ast.BinOp) -> tuple[Node, Type]:
        sign = _ARITHMETIC.get(type(node.op))
        if sign is None:
            raise self.refusal(node, "Only + - and * are understood.")
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
            raise self.refusal(node, "Two dates: write days_between(earlier, later), months_between or years_between.")
        if one is Kind.DATE and two is Kind.INTEGER:
            raise self.refusal(node, "A number of what? Write days(30), add_months(date, 6) or add_years(date, 16).")
        if {one, two} == {Kind.INTEGER, Kind.MONEY}:
            raise self.refusal(node, "An amount and a number: write euros(615) rather than 615.")
        raise self.refusal(node, f"{str(one).capitalize()} and {two} cannot be put together by {sign}.")
