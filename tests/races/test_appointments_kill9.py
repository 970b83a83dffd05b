"""``kill -9`` of the application, then of PostgreSQL: whatever was shown as done is done afterwards, and its mail written."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.races.conftest import ROOT, prepare, run_python
from tools import postgres

pytestmark = [pytest.mark.xdist_group("races")]
BUYERS = 3
BOOK = ["-m", "tests.races.appointment_buyers"]


@pytest.fixture
def cluster() -> Iterator[Path]:
    """A server of this test's own that really writes to disk: it is about to be killed."""
    folder = Path("/tmp") / f"guichet-kill9-{os.getpid()}"  # short: a socket's path has 107 characters at most
    yield folder
    postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def buyers(url: str, folder: Path, world: dict[str, int], log: Path) -> list[subprocess.Popen[str]]:
    """Processes that buy, each of which has begun."""
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    command = [sys.executable, *BOOK, "buy", str(world["type"]), str(world["slot"]), str(log)]
    started = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for _each in range(BUYERS)
    ]
    for one in started:
        assert one.stdout and one.stdout.readline().strip() == "ready"
    return started


def wait_for(log: Path, lines: int) -> None:
    """Until so many places were shown."""
    until = time.monotonic() + 60
    while not log.exists() or len(log.read_bytes().splitlines()) < lines:
        assert time.monotonic() < until, "the buyers buy nothing"
        time.sleep(0.05)


def end(started: list[subprocess.Popen[str]]) -> None:
    for one in started:
        one.kill()
        one.wait(timeout=20)


def check(seen: dict[str, Any], least: int) -> None:
    assert seen["lost"] == seen["mails"] == seen["drifted"] == []
    assert seen["shown"] >= least and set(seen["acts"]) == {"held", "to_confirm", "confirmed", "cancelled"}


def kill_buyers(started: list[subprocess.Popen[str]]) -> None:
    for one in started:
        os.kill(one.pid, signal.SIGKILL)  # in the middle of whatever it did
    end(started)


def test_what_was_shown_outlives_the_application_on_one_file(on_sqlite, tmp_path):
    url, folder = on_sqlite.url, on_sqlite.folder
    world, log = json.loads(run_python([*BOOK, "prepare"], url, folder)), tmp_path / "shown"
    shown = 0
    for _again in range(2):
        started = buyers(url, folder, world, log)
        wait_for(log, shown + 40)
        kill_buyers(started)
        seen = json.loads(run_python([*BOOK, "lost", str(log)], url, folder))
        check(seen, shown + 40)
        shown = seen["shown"]


@pytest.mark.postgresql
def test_what_was_shown_outlives_the_application_and_the_database(cluster, tmp_path):
    url = postgres.start(cluster, durable=True)
    prepare(url, tmp_path)
    world = json.loads(run_python([*BOOK, "prepare"], url, tmp_path))
    log = tmp_path / "shown"

    started = buyers(url, tmp_path, world, log)
    wait_for(log, 60)
    kill_buyers(started)
    seen = json.loads(run_python([*BOOK, "lost", str(log)], url, tmp_path))
    check(seen, 60)

    started = buyers(url, tmp_path, world, log)
    wait_for(log, seen["shown"] + 60)
    os.kill(int((cluster / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    for one in started:
        one.wait(timeout=60)  # they find the database gone
    end(started)
    url = _started_again(cluster)
    after = json.loads(run_python([*BOOK, "lost", str(log)], url, tmp_path))
    check(after, seen["shown"] + 60)


def _started_again(cluster: Path) -> str:
    """The server's children need a moment to see that it is dead; until then it refuses to start."""
    for _again in range(40):
        try:
            return postgres.start(cluster, durable=True)
        except subprocess.CalledProcessError:
            time.sleep(0.5)
    return postgres.start(cluster, durable=True)
