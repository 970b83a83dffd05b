"""Where problems gather, each with its place in the files."""

from collections.abc import Iterable

from guichet.procedures.expressions import ExpressionError
from guichet.procedures.program import Path
from guichet.procedures.source import Position, Problem, Scalar, Table, locate


class Findings:
    def __init__(self, tree: Table) -> None:
        self.tree = tree
        self.problems: list[Problem] = []

    def tell(self, path: Path, message: str) -> None:
        """A problem at a path of the definition."""
        self.problems.append(Problem(locate(self.tree, path).position, message))

    def tell_expression(self, path: Path, error: ExpressionError) -> None:
        """A problem inside an expression: its column is that of the part at fault."""
        found = locate(self.tree, path)
        place, message = found.position, error.message
        if isinstance(found, Scalar) and found.offset is not None:
            place = Position(place.file, place.line, place.column + found.offset + error.column - 1)
        else:
            message = f"{message} (character {error.column} of the expression)"
        self.problems.append(Problem(place, message))

    def unique(self, what: str, names: Iterable[tuple[str, Path]]) -> None:
        """Tells each name that comes again."""
        seen: set[str] = set()
        for name, path in names:
            if name in seen:
                self.tell(path, f"There are two {what} «{name}»: give each its own id.")
            seen.add(name)
