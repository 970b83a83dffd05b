"""``manage.py list_to_verify``: what the catalogue and the tables say without being sure of it, with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guichet.procedures import source, tables
from guichet.procedures.loader import CATALOGUE
from guichet.procedures.source import Items, Located, Problem, Table


class Command(BaseCommand):
    help = "Lists what is marked «verify» in the catalogue of procedures and in the dated tables."

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
        for path in sorted(CATALOGUE.glob("*/*.yaml")):
            yield path, f"{path.parent.name}/{path.name}"


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
