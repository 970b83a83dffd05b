"""The site as production serves it, on a database that a benchmark prepared."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.processes import ROOT

HOST = "localhost"


def production(environment: Mapping[str, str], port: int) -> dict[str, str]:
    """The settings of production, but for registries that are simulated and a mail server that nobody writes to."""
    return {
        **{name: value for name, value in environment.items() if name != "GUICHET_TESTING"},
        "ALLOW_SIMULATED_REGISTRIES": "1",
        "EMAIL_HOST": HOST,
        "SITE_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": HOST,
        "LOG_LEVEL": "INFO",
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(environment: Mapping[str, str], log: Path, *, workers: int) -> Iterator[int]:
    """Granian with so many workers of one thread each: as many connections to the database. Yields the port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "guichet.config.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", "1"]
    with log.open("w") as lines:
        server = subprocess.Popen(command, cwd=ROOT, env=production(environment, port), stdout=lines, stderr=lines)  # noqa: S603
        try:
            _wait(server, port, log)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _each in range(600):
        if server.poll() is not None:
            break
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"The site did not start:\n{log.read_text()[-2000:]}")


def environment_of(url: str, folder: Path) -> dict[str, str]:
    """The environment of everybody who speaks to one database."""
    return {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder)}
