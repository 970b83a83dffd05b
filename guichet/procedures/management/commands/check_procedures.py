"""``manage.py check_procedures``: every problem of the catalogue, with file, line, column and how to mend it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guichet.procedures import catalogues, loader, orientation, tables
from guichet.procedures.source import DefinitionError, Problem


class Command(BaseCommand):
    help = "Checks the catalogue of procedures and the dated tables, or the files given; says what to mend, and where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="files to check; the whole catalogue when none is given")

    def handle(self, *args: Any, **options: Any) -> None:
        problems: list[Problem] = []
        checked: list[str] = []
        try:
            tables.tables()
        except DefinitionError as error:
            problems.extend(error.problems)
        else:
            for loaded in self._load(options["files"], problems):
                checked.append(f"{loaded.definition.procedure} {loaded.definition.version}")
        for problem in sorted(set(problems)):
            self.stderr.write(str(problem))
        if problems:
            raise CommandError(f"{len(set(problems))} problem(s) to mend; nothing was loaded.")
        self.stdout.write(f"{len(checked)} procedure(s) without problem: {', '.join(checked)}.")

    def _load(self, files: list[Path], problems: list[Problem]) -> list[loader.LoadedProcedure]:
        try:
            if not files:
                loaded = loader.load_catalogue(*catalogues.folders())
                questions = catalogues.with_questions()
                # Without questions of its own, a site leads to its own procedures by their address.
                led_to = loaded if questions != loader.CATALOGUE else loader.load_catalogue()
                definitions = {each.definition.procedure: each.definition for each in led_to}
                problems.extend(orientation.problems_of(definitions, questions))
                return loaded
            return [loader.load_file(path, *catalogues.folders()) for path in files]
        except DefinitionError as error:
            problems.extend(error.problems)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        return []
