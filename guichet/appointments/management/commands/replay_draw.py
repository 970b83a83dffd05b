"""``manage.py replay_draw``: replays a draw from its published files, here or downloaded."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guichet.appointments import queries
from guichet.appointments.draws import drawing
from guichet.appointments.draws.running import replay
from guichet.appointments.models import Draw


class Command(BaseCommand):
    help = (
        "Replays a draw of this site (<office>/<type>/<date>, as its page's address says them) or two downloaded files"
        " (liste.jsonl resultat.jsonl), and says whether the outcome is that of the rule."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="+", metavar="office/type/date | liste.jsonl resultat.jsonl")
        parser.add_argument("--code", default="", help="a code of registration, to see its place")

    def handle(self, *args: Any, what: list[str], code: str, **options: Any) -> None:
        report = _of_files(what) if len(what) == 2 else _of_site(what)
        for line in drawing.lines(report, code=code, english=True):
            self.stdout.write(line)
        if not report.is_right:
            raise CommandError("the outcome is not that of the rule")


def _of_files(names: list[str]) -> drawing.Report:
    try:
        # As they are: a line feed that became something else is no longer the file that was published.
        listed, outcome = (Path(name).read_bytes().decode("utf-8") for name in names)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(str(error)) from error
    return drawing.check(listed, outcome)


def _of_site(what: list[str]) -> drawing.Report:
    words = what[0].strip("/").split("/")
    draw = queries.draw_of(words[0], words[1], words[-1]) if len(what) == 1 and len(words) in (3, 4) else None
    if draw is None:
        raise CommandError("no draw here is called so: <office>/<type>/<date>, or two files")
    if draw.state != Draw.State.DRAWN:
        raise CommandError("this draw is not drawn yet")
    return replay(draw)
