"""``manage.py demo``: makes the demonstration world where there is none, then serves the site with its worker."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from typing import Any
from urllib.error import URLError

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from guichet.demo import franceconnect, handles, world
from guichet.procedures.actions import PublishedVersionChanged

START_WITHIN = 60  # seconds
PROVIDER_PORT = "FRANCECONNECT_PORT"  # the variable that chooses where the simulated FranceConnect listens


class Command(BaseCommand):
    help = "Serves the demonstration: the site and its worker, on an invented world."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration needs DEMO=1 (use «make run»).")
        port = os.environ.get("PORT", "8000")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        try:
            made = world.make_if_missing()
        except PublishedVersionChanged as refusal:  # code newer than the world kept in DATA_DIR
            raise CommandError(f"{refusal.message} In the demonstration, delete {settings.DATA_DIR} to start afresh.") from None
        if made:
            self.stdout.write("The demonstration world is made.")
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", port]  # noqa: S104
        server += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "guichet.config.wsgi:application"]
        commands = [server, [sys.executable, "manage.py", "work"]]
        provider_port = self.provider_port(port)
        if provider_port:
            commands.append([sys.executable, "manage.py", "demo_franceconnect", "--port", str(provider_port)])
            os.environ.update(franceconnect.environment(provider_port))
        processes = [subprocess.Popen(command) for command in commands]  # noqa: S603
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, frame: stopping.append(received))
        try:
            self.wait_until_up(f"{port}/healthz", port, processes, stopping)
            if provider_port:
                self.wait_until_up(f"{provider_port}/.well-known/openid-configuration", port, processes, stopping)
            self.tell(port, provider_port)
            while not stopping and all(process.poll() is None for process in processes):
                time.sleep(0.3)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
        if not stopping:
            raise CommandError("One of the processes of the demonstration stopped by itself: see above.")

    def provider_port(self, port: str) -> int | None:
        """Where the simulated FranceConnect will listen: the port that was chosen, else the one after the site's, else any
        free one. None when there is none to simulate, or a real one was given."""
        if settings.FRANCECONNECT["issuer"]:
            return None
        if not franceconnect.is_installed():
            self.stderr.write("FranceConnect stays closed: install requirements/demo.txt to simulate it.")
            return None
        chosen = os.environ.get(PROVIDER_PORT, "")
        if not chosen:
            return franceconnect.free_port(int(port) + 1)
        if not (chosen.isascii() and chosen.isdecimal() and 0 < int(chosen) < 65536):
            raise CommandError(f"{PROVIDER_PORT}={chosen}: write a number of port, such as {int(port) + 1}.")
        if franceconnect.free_port(int(chosen)) != int(chosen) or chosen == port:
            raise CommandError(f"{PROVIDER_PORT}={chosen}: this port is already taken. Leave it out to have a free one.")
        return int(chosen)

    def wait_until_up(self, place: str, port: str, processes: list[subprocess.Popen[bytes]], stopping: list[int]) -> None:
        """Until ``place`` (port and path) answers; the site's own port is named when something stopped instead."""
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline and not stopping:
            if any(process.poll() is not None for process in processes):
                raise CommandError(f"The site could not start. Is port {port} already taken? Try: make run PORT=8001")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{place}", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        if not stopping:
            raise CommandError(f"The site did not answer within {START_WITHIN} seconds.")

    def tell(self, port: str, provider_port: int | None) -> None:
        simulated = (
            f"  FranceConnect     simulated on port {provider_port}: be fc-ok or fc-mismatch (foreigner number"
            f" {franceconnect.NUMBER})\n"
            f"                    (a second service of this machine; {PROVIDER_PORT}=… chooses its port)\n"
            if provider_port
            else ""
        )
        self.stdout.write(
            f"""
Guichet is open: http://localhost:{port}

  As an applicant   create an account with the foreigner number 5903007192
                    (NGUYEN, Minh Anh; the home page prints her date of birth and more people to be)
{simulated}  Mails             http://localhost:{port}/demo/courriels/
  As an officer     http://localhost:{port}/agents/  agent@lille.demo or decideur@lille.demo
                    password {handles.PASSWORD}   second factor (TOTP secret) {handles.TOTP_SECRET}
                    (the sign-in page of the demonstration shows the code of the moment)
  Move the clock    http://localhost:{port}/demo/horloge/

Ctrl+C stops it.
"""
        )
        self.stdout.flush()
