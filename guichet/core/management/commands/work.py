"""``manage.py work``: does what falls due, for ever or (``--once``) until nothing is due."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guichet.core import worker


class Command(BaseCommand):
    help = "Does what falls due: messages to send, reminders, ends of delays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(f"{worker.run_due()} handled")
            return
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, frame: stopping.append(received))
        worker.work(lambda: bool(stopping))
