"""What a definition must hold beyond its shape. Each problem has its place and tells how to mend it.

``structure`` looks at identifiers, types and steps; ``documents`` at documents, statements and rules; ``reach`` at what
depends on what; ``proofs`` goes through every situation that the answers can make.
"""

from guichet.procedures.checks import documents, proofs, reach, structure
from guichet.procedures.checks.findings import Findings
from guichet.procedures.definition import Definition
from guichet.procedures.program import compile_definition
from guichet.procedures.source import Problem, Table


def problems_of(definition: Definition, tree: Table) -> list[Problem]:
    """Every problem of a definition; ``tree`` is what it was made from, with places."""
    findings = Findings(tree)
    structure.check(definition, findings)
    documents.check(definition, findings)
    if findings.problems:
        return findings.problems  # conditions are read once names are sure
    program = compile_definition(definition, findings.tell_expression)
    if not findings.problems:
        reach.check(definition, program, findings)
    if not findings.problems:
        proofs.check(definition, program, findings)
    return findings.problems
