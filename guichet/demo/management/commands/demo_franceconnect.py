"""``manage.py demo_franceconnect``: what stands for FranceConnect in the demonstration, served until it is stopped."""

import argparse
import signal
import sys
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from guichet.demo import franceconnect
from guichet.demo.models import day_of_the_world


class Command(BaseCommand):
    help = "Serves a simulated FranceConnect, with invented people."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--day", type=date.fromisoformat, help="day of the world (default: the one of the demonstration)")

    def handle(self, *args: Any, port: int, day: date | None = None, **options: Any) -> None:
        if not settings.ALLOW_SIMULATED_REGISTRIES:
            raise CommandError("A simulated FranceConnect lets anybody be whoever they say: never with real people.")
        if not franceconnect.is_installed():
            raise CommandError("The simulated FranceConnect needs what requirements/demo.txt pins.")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, frame: sys.exit(0))
        franceconnect.serve(port, (lambda: day) if day else self.day_of_the_world)

    @staticmethod
    def day_of_the_world() -> date:
        """Read anew each time: the demonstration may have been started afresh since."""
        try:
            return day_of_the_world()
        finally:
            connection.close()  # each request has its own thread, hence its own connection
