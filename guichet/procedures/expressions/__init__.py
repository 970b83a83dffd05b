"""The small language of conditions: parsed with ``ast``, type-checked against a definition, interpreted with three values.

Never ``eval``. ``parse`` gives a tree of our own (``tree.py``), whose every node computes its value in an ``Environment``;
an unanswered value is ``UNKNOWN`` and makes unknown what depends on it.
"""

from guichet.procedures.expressions.parser import ExpressionError, Names, SectionNames, parse
from guichet.procedures.expressions.tree import UNKNOWN, Environment, Node, Unknown, Value
from guichet.procedures.expressions.types import Kind, Type

__all__ = [
    "UNKNOWN",
    "Environment",
    "ExpressionError",
    "Kind",
    "Names",
    "Node",
    "SectionNames",
    "Type",
    "Unknown",
    "Value",
    "parse",
]
