"""``make test``: every test, on SQLite and on PostgreSQL.

The journeys in a browser run once, on PostgreSQL; everything else runs on both. ``DATABASE_URL`` is used if set, else a
throwaway PostgreSQL is started from the installed binaries. What is missing is installed from Debian when we are root; what
cannot be run is named in the last lines. Arguments are handed to pytest: ``python -m tools.test tests/applications``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
WORKERS = os.environ.get("TEST_WORKERS", "2")
PROGRAMS = {"chromium": "chromium"}


def install_programs() -> list[str]:
    """Installs what the tests drive, as root on Debian; returns what is still missing."""
    packages = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if not postgres.binaries() and not os.environ.get("DATABASE_URL"):
        packages.append("postgresql")
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(packages)} …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, **quiet)
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if not postgres.binaries() and not os.environ.get("DATABASE_URL"):
        missing.append("postgresql")
    return missing


def run(name: str, marks: str, database_url: str, reports: Path, arguments: list[str]) -> tuple[int, Path]:
    report = reports / f"{name}.xml"
    environment = os.environ | {"DATABASE_URL": database_url, "GUICHET_TEST_SCRATCH": str(reports / name)}
    if not database_url:
        environment.pop("DATABASE_URL")
    environment["DATA_DIR"] = str(reports / name)
    started = time.monotonic()
    print(f"── {name}", flush=True)
    # By file: a world made for a whole file is made once. (The groups of xdist 3.8 group nothing under pytest 9.)
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "loadfile", f"--junitxml={report}", *arguments]
    done = subprocess.run([*command, "-m", marks] if marks else command, cwd=ROOT, env=environment)
    print(f"── {name}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode, report


def counts(reports: list[Path]) -> tuple[int, int, int]:
    """(passed, failed, skipped) over the reports."""
    tests = failures = skipped = 0
    for report in reports:
        if report.exists():
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                tests += int(suite.get("tests", 0))
                failures += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
                skipped += int(suite.get("skipped", 0))
    return tests - failures - skipped, failures, skipped


def main(arguments: list[str]) -> int:
    missing = install_programs()
    reports: list[Path] = []
    codes: list[int] = []
    left_out: list[str] = []
    with tempfile.TemporaryDirectory(prefix="guichet-test-") as folder:
        where = Path(folder)
        where.chmod(0o755)
        code, report = run("sqlite", "not browser and not postgresql", "", where, arguments)
        codes.append(code)
        reports.append(report)
        browser = "" if "chromium" not in missing else "not browser"
        if browser:
            left_out.append("journeys in a browser: Chromium is missing")
        given = os.environ.get("DATABASE_URL", "")
        if given or "postgresql" not in missing:
            cluster = where / "postgresql"
            try:
                url = given or postgres.start(cluster)
                code, report = run("postgresql-and-browser", browser, url, where, arguments)
            finally:
                if not given:
                    postgres.stop(cluster)
        else:
            left_out.append("everything on PostgreSQL, and the races: PostgreSQL is missing")
            code, report = (
                run("sqlite-browser", "browser and not postgresql", "", where, arguments) if not browser else (0, where / "x")
            )
        codes.append(code)
        reports.append(report)
        passed, failed, skipped = counts(reports)
    for line in left_out:
        print(f"Not run: {line}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    # pytest answers 5 when a selection holds no test (a folder given by hand): that alone is no failure.
    return 0 if all(code in {0, 5} for code in codes) and passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
