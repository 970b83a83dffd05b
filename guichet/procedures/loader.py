"""From the files of the catalogue to definitions: blocks included, shapes checked, every problem told with its place.

``catalogue/<procedure>/<version>.yaml`` is one version; ``catalogue/blocks/`` holds sections written once;
``catalogue/shared/`` holds the kinds of documents, the sworn statements and the usual steps. A site may have a folder of its
own, laid out the same: its procedures come beside those of Guichet, and its blocks and shared texts go before them. A file with
a problem is never half-loaded.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from guichet.procedures import checks, source
from guichet.procedures.definition import Definition
from guichet.procedures.expansion import Expansion, Shared
from guichet.procedures.source import DefinitionError, Problem, Table
from guichet.procedures.wording import sentence

CATALOGUE = Path(__file__).parent / "catalogue"
APART = ("blocks", "shared")


@dataclass(frozen=True)
class LoadedProcedure:
    """A definition without problem, and the days on which one may start it, both included."""

    definition: Definition
    effective_from: date
    effective_until: date | None
    file: str


def load_catalogue(*folders: Path) -> list[LoadedProcedure]:
    """Every version of every procedure of these folders (that of Guichet). Raises :class:`DefinitionError` with all the
    problems of all the files.

    Read again only when a file changed.
    """
    folders = folders or (CATALOGUE,)
    files = [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    return list(_load_all(folders, tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)))


@lru_cache(maxsize=4)
def _load_all(folders: tuple[Path, ...], as_they_are: tuple[tuple[Path, int, int], ...]) -> tuple[LoadedProcedure, ...]:
    problems: list[Problem] = []
    shared = read_shared(folders, problems)
    loaded: list[LoadedProcedure] = []
    for path in [path for folder in folders for path in sorted(folder.glob("*/*.yaml"))]:
        if path.parent.name in APART:
            continue
        found = _load(path, f"{path.parent.name}/{path.name}", shared, problems)
        if found:
            loaded.append(found)
            _check_place(path, found, problems)
    _check_periods(loaded, problems)
    if problems:
        raise DefinitionError(problems)
    return tuple(loaded)


def load_file(path: Path, *folders: Path) -> LoadedProcedure:
    """One file, with the blocks of these folders (that of Guichet). Raises :class:`DefinitionError` with all its problems."""
    problems: list[Problem] = []
    shared = read_shared(folders or (CATALOGUE,), problems)
    found = _load(path, path.name, shared, problems)
    if problems or found is None:
        raise DefinitionError(problems)
    return found


def read_shared(folders: tuple[Path, ...], problems: list[Problem]) -> Shared:
    """The blocks and shared texts of some folders; what a later one writes again goes before."""
    blocks: dict[str, Table] = {}
    parts = {name: Table(source.Position(f"shared/{name}.yaml", 1, 1)) for name in ("documents", "statements", "steps")}
    for folder in folders:
        for path in sorted((folder / "blocks").glob("*.yaml")):
            block = source.read(path, f"blocks/{path.name}", problems)
            if block:
                blocks[path.stem] = block
        for name, part in parts.items():
            path = folder / "shared" / f"{name}.yaml"
            written = source.read(path, f"shared/{name}.yaml", problems) if path.exists() else None
            if written:
                part.entries.update(written.entries)
                part.keys.update(written.keys)
    return Shared(blocks, parts["documents"], parts["statements"], parts["steps"])


def _load(path: Path, name: str, shared: Shared, problems: list[Problem]) -> LoadedProcedure | None:
    mine: list[Problem] = []
    written = source.read(path, name, mine)
    if written is None:
        problems.extend(mine)
        return None
    since, until = _effective(written, mine)
    expanded = Expansion(shared, mine).expand(written)
    if not mine:
        definition = _definition(expanded, mine)
        if definition is not None:
            mine.extend(checks.problems_of(definition, expanded))
            if not mine and since is not None:
                return LoadedProcedure(definition, since, until, name)
    problems.extend(mine)
    return None


def _effective(written: Table, problems: list[Problem]) -> tuple[date | None, date | None]:
    effective = written.get("effective")
    if not isinstance(effective, Table) or "from" not in effective.entries:
        place = effective.position if effective else written.position
        problems.append(Problem(place, "Say from which day this version applies: «effective: {from: 2026-09-01}»."))
        return None, None
    for key, place in effective.keys.items():
        if key not in ("from", "until"):
            problems.append(Problem(place, f"There is no «{key}» in «effective»: it has «from» and «until»."))
    since, until = source.day(effective.get("from"), problems), source.day(effective.get("until"), problems)
    if since and until and until < since:
        problems.append(Problem(effective.position, "«until» comes before «from»: this version would never apply."))
    return since, until


def _definition(expanded: Table, problems: list[Problem]) -> Definition | None:
    try:
        return Definition.model_validate_json(json.dumps(expanded.plain_data()))
    except ValidationError as error:
        problems.extend(sentence(each, expanded) for each in error.errors(include_url=False))
        return None


def _check_place(path: Path, loaded: LoadedProcedure, problems: list[Problem]) -> None:
    start = source.Position(loaded.file, 1, 1)
    definition = loaded.definition
    if definition.procedure != path.parent.name:
        problems.append(Problem(start, f"This is the procedure «{definition.procedure}»: move it to the folder of that name."))
    if definition.version != path.stem:
        problems.append(
            Problem(start, f"This is the version «{definition.version}»: name the file «{definition.version}.yaml».")
        )


def _check_periods(loaded: list[LoadedProcedure], problems: list[Problem]) -> None:
    by_procedure: dict[str, list[LoadedProcedure]] = {}
    for each in loaded:
        by_procedure.setdefault(each.definition.procedure, []).append(each)
    for versions in by_procedure.values():
        versions.sort(key=lambda each: each.effective_from)
        for earlier, later in pairwise(versions):
            if earlier.effective_until is None or earlier.effective_until >= later.effective_from:
                message = (
                    f"This version and «{later.definition.version}» both apply on {later.effective_from}:"
                    " end this one the day before with «effective: {until: …}»."
                )
                problems.append(Problem(source.Position(earlier.file, 1, 1), message))
