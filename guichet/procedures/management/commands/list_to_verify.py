"""``manage.py list_to_verify``: what catalogue, tables and data of the rooms say without being sure of it, with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import guichet
from guichet.procedures import catalogues, source, tables
from guichet.procedures.source import Items, Located, Problem, Table

PACKAGE = Path(guichet.__file__).parent


class Command(BaseCommand):
    help = "Lists what is marked «verify» in the catalogue of procedures, the dated tables and the data of the rooms."

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[Problem] = []
        count = 0
        for path, name in self._files():
            content = source.read(path, name, problems)
            for place, what in marks(content) if content else ():
                self.stdout.write(f"{place}: {what}")
                count += 1
        if problems:
            raise CommandError("\n".join(str(problem) for problem in problems))
        self.stdout.write(f"{count} thing(s) to verify.")

    def _files(self) -> Iterator[tuple[Path, str]]:
        for path in sorted(tables.FOLDER.glob("*.yaml")):
            yield path, f"tables/{path.name}"
        for path in [path for folder in catalogues.folders() for path in sorted(folder.glob("*/*.yaml"))]:
            yield path, f"{path.parent.name}/{path.name}"
        for path in sorted(PACKAGE.glob("*/data/*.yaml")):
            yield path, f"{path.parent.parent.name}/data/{path.name}"


def marks(located: Located) -> Iterator[tuple[source.Position, str]]:
    """Every «verify: …» with its place."""
    if isinstance(located, Table):
        if text := located.text("verify"):
            yield located.keys["verify"], text
        for value in located.entries.values():
            yield from marks(value)
    elif isinstance(located, Items):
        for item in located.items:
            yield from marks(item)
