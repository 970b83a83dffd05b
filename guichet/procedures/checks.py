"""What a definition must hold beyond its shape. Each problem has its place and tells how to mend it."""

from guichet.procedures.definition import Definition
from guichet.procedures.source import Problem, Table


def problems_of(definition: Definition, tree: Table) -> list[Problem]:
    return []
