"""Reading the catalogue's YAML: every value keeps its place, and what plain loaders let pass is refused.

Refused: duplicate keys (they keep the last), anchors and tags, several documents, floats, and the words that some tools
read as true or false (yes, no, on, off, oui, non).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

MAX_BYTES = 500_000
MAX_DEPTH = 30
TRAPS = frozenset({"yes", "no", "on", "off", "y", "n", "oui", "non"})
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file; line and column are 1-based."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Problem:
    """Something to mend in a definition: where, and a sentence that tells how."""

    position: Position
    message: str

    def __str__(self) -> str:
        return f"{self.position}: {self.message}"


class DefinitionError(Exception):
    """The problems of one or several files, all of them, in order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Scalar:
    position: Position
    value: str | int | bool | None
    offset: int | None = 0  # where the text begins after the position: 1 after a quote, None when it runs over lines

    def plain_data(self) -> Any:
        return self.value


@dataclass
class Items:
    position: Position
    items: list["Located"]

    def plain_data(self) -> Any:
        return [item.plain_data() for item in self.items]


@dataclass
class Table:
    position: Position
    entries: dict[str, "Located"] = field(default_factory=dict)
    keys: dict[str, Position] = field(default_factory=dict)

    def plain_data(self) -> Any:
        return {key: value.plain_data() for key, value in self.entries.items()}

    def get(self, key: str) -> "Located | None":
        return self.entries.get(key)

    def put(self, key: str, value: "Located", position: Position | None = None) -> None:
        self.entries[key] = value
        self.keys.setdefault(key, position or value.position)

    def text(self, key: str) -> str | None:
        """The text under a key, where there is one."""
        found = self.entries.get(key)
        return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables in the list under a key."""
        found = self.entries.get(key)
        if isinstance(found, Items):
            yield from (item for item in found.items if isinstance(item, Table))

    def copy(self) -> "Table":
        return Table(self.position, dict(self.entries), dict(self.keys))


Located = Scalar | Items | Table


def locate(tree: Located, path: tuple[str | int, ...]) -> Located:
    """The part at a path, or the nearest one above it."""
    here: Located = tree
    for step in path:
        found: Located | None = None
        if isinstance(here, Table) and isinstance(step, str):
            found = here.entries.get(step)
        elif isinstance(here, Items) and isinstance(step, int) and step < len(here.items):
            found = here.items[step]
        if found is None:
            return here
        here = found
    return here


def read(path: Path, name: str, problems: list[Problem]) -> Table | None:
    """The table written in a file; what cannot be kept is told in ``problems``. None when nothing can be made of it."""
    start = Position(name, 1, 1)
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        problems.append(Problem(start, "The file is too large: a definition has less than 500 kB."))
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        problems.append(Problem(start, "The file is not in UTF-8: save it in UTF-8."))
        return None
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(name, mark.line + 1, mark.column + 1) if mark else start
        problems.append(Problem(position, f"This is not YAML: {error.problem}. Check indentation, colons and quotes."))
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        problems.append(Problem(start, f"This is not YAML: {str(error).splitlines()[0]}."))
        return None
    if not isinstance(node, MappingNode):
        problems.append(Problem(start, "The file must be a table of «key: value» lines."))
        return None
    read_table = _Reader(name, problems).read(node, 0)
    assert isinstance(read_table, Table)
    return read_table


class _Reader:
    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = problems

    def place(self, node: Any) -> Position:
        return Position(self.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def problem(self, node: Any, message: str) -> None:
        self.problems.append(Problem(self.place(node), message))

    def read(self, node: Any, depth: int) -> Located:
        if node.anchor:
            self.problem(node, "Anchors and aliases (& and *) are not used here: put what is shared in a block.")
            return Scalar(self.place(node), None)
        if depth > MAX_DEPTH:
            self.problem(node, "This is nested too deep.")
            return Scalar(self.place(node), None)
        if isinstance(node, MappingNode):
            return self.table(node, depth)
        if isinstance(node, SequenceNode):
            return Items(self.place(node), [self.read(child, depth + 1) for child in node.value])
        return self.scalar(node)

    def table(self, node: MappingNode, depth: int) -> Table:
        table = Table(self.place(node))
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.problem(key, "A key must be a word.")
                continue
            if key.value == "<<":
                self.problem(key, "Merging with «<<» is not used here: put what is shared in a block.")
                continue
            if key.value in table.entries:
                first = table.keys[key.value].line
                self.problem(key, f"The key «{key.value}» is already written at line {first}: remove one of the two.")
                continue
            if isinstance(value, ScalarNode) and value.style is None and not value.value:
                self.problem(key, self.nothing(key.value, node.flow_style))
                table.put(key.value, Scalar(self.place(key), None), self.place(key))
                continue
            table.put(key.value, self.read(value, depth + 1), self.place(key))
        return table

    def nothing(self, key: str, in_braces: bool | None) -> str:
        if in_braces and not key.isidentifier():
            return f"«{key}» is cut from what precedes: inside {{ }}, put quotes around an expression that holds a comma."
        return f"There is nothing after «{key}:»: write a value, or remove the line."

    def scalar(self, node: ScalarNode) -> Scalar:
        place, text, plain = self.place(node), node.value, node.style is None
        one_line = node.style not in ("|", ">") and node.start_mark.line == node.end_mark.line
        offset = (0 if plain else 1) if one_line else None
        tag = str(node.tag).removeprefix(_TAG)
        if plain and text.lower() in TRAPS:
            self.problem(
                node, f"«{text}» is read as true or false by some tools: write true or false, or put quotes around it."
            )
            return Scalar(place, text, offset)
        if tag in ("str", "timestamp"):
            return Scalar(place, text.strip(), offset)
        if tag == "bool":
            return Scalar(place, text.lower() == "true", offset)
        if tag == "null":
            self.problem(node, "«null» and «~» are not used here: write a value, or remove the line.")
            return Scalar(place, None, offset)
        if tag == "int":
            try:
                return Scalar(place, int(text.replace("_", "")), offset)
            except ValueError:
                self.problem(node, f"«{text}» is an unusual number: write it with digits only, or between quotes.")
        elif tag == "float":
            self.problem(node, "Numbers are whole: write amounts in cents, and versions between quotes.")
        else:
            self.problem(node, f"The tag «{node.tag}» is not used here: remove it.")
        return Scalar(place, None, offset)


def day(located: Located | None, problems: list[Problem]) -> date | None:
    """A day written 2026-09-01; a problem when it is something else."""
    if located is None:
        return None
    try:
        if isinstance(located, Scalar) and isinstance(located.value, str) and len(located.value) == 10:
            return date.fromisoformat(located.value)
    except ValueError:
        pass
    problems.append(Problem(located.position, "This is not a day: write it as 2026-09-01."))
    return None
