"""Databases of their own for tests that need real processes: made once, copied for each test, whatever kills their users."""

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tools import postgres

ROOT = Path(__file__).resolve().parents[2]
serial = itertools.count(1)


def run_python(arguments: list[str], database: str, folder: Path) -> str:
    """Runs Python from the root of the repository on a database; returns what it prints, fails with what it says."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "DATABASE_URL": database, "DATA_DIR": str(folder), "LOG_LEVEL": "ERROR"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.fail(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return done.stdout


class Place:
    """A database and a private folder, shared by the processes of one test."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    def play(self, scene: str, *arguments: object, book: str = "scenes") -> Any:
        """Plays a scene of ``tests/races/<book>.py`` in processes of its own; returns what it reports."""
        printed = run_python(["-m", f"tests.races.{book}", scene, *map(str, arguments)], self.url, self.folder)
        return json.loads(printed.splitlines()[-1])


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server: that of ``DATABASE_URL``, else a throwaway one."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    folder = Path("/tmp") / f"guichet-races-{os.getpid()}"  # short: a socket's path has 107 characters at most
    yield postgres.start(folder)
    postgres.stop(folder)


def on_server(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")).replace(f"postgresql:/{name}", f"postgresql:///{name}")


def prepare(database: str, folder: Path) -> None:
    """The tables, and that of the cache, where tries are counted."""
    run_python(["manage.py", "migrate", "-v", "0", "--skip-checks"], database, folder)
    run_python(["manage.py", "createcachetable", "-v", "0"], database, folder)


@pytest.fixture(scope="session")
def postgresql_template(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    name = f"races_{os.getpid()}"
    on_server(server_url, f"CREATE DATABASE {name}")
    prepare(named(server_url, name), tmp_path_factory.mktemp("races"))
    yield server_url, name
    on_server(server_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def on_postgresql(postgresql_template: tuple[str, str], tmp_path: Path) -> Iterator[Place]:
    """A migrated PostgreSQL database of this test's own."""
    url, template = postgresql_template
    name = f"{template}_{next(serial)}"
    on_server(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield Place(named(url, name), tmp_path / "data")
    on_server(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("races-sqlite")
    prepare(f"sqlite:///{folder}/template.sqlite3", folder)
    return folder / "template.sqlite3"


@pytest.fixture
def on_sqlite(sqlite_template: Path, tmp_path: Path) -> Place:
    """A migrated SQLite file of this test's own."""
    copy = tmp_path / "race.sqlite3"
    shutil.copy(sqlite_template, copy)
    return Place(f"sqlite:///{copy}", tmp_path / "data")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def on_each(request: pytest.FixtureRequest) -> Place:
    """Each database in turn."""
    place: Place = request.getfixturevalue(f"on_{request.param}")
    return place
