"""Claims of places: the action alone, side by side with ``pgbench`` sending the same transaction to the same PostgreSQL.

Three regimes: spread over 2,000 slots, one hot slot, everything full; then a sale of 960 places; then the same on SQLite.
PostgreSQL is a throwaway cluster that really writes to disk. Ratios mean something, figures only on the machine that gave them.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.claiming_sql import SCRIPT
from tools import postgres

ROOT = Path(__file__).resolve().parent.parent
BUYERS, SECONDS = 4, 4


def main() -> None:
    print("\n── appointments: claims of places")
    with tempfile.TemporaryDirectory(prefix="guichet-bench-pg-", dir="/tmp") as scratch:
        if postgres.binaries() is None:
            print("PostgreSQL is not installed: measured on SQLite only.")
        else:
            os.chmod(scratch, 0o711)  # noqa: S103 - the server runs as another user and passes through
            cluster = Path(scratch) / "pg"
            try:
                on("PostgreSQL", postgres.start(cluster, durable=True), cluster)
            finally:
                postgres.stop(cluster)
        on("SQLite", f"sqlite:///{scratch}/bench.sqlite3", None)


def on(name: str, url: str, cluster: Path | None) -> None:
    environment = {**os.environ, "DATABASE_URL": url}
    _run([sys.executable, "manage.py", "migrate", "-v", "0", "--skip-checks"], environment)
    world = json.loads(_run([sys.executable, "-m", "bench.claiming", "prepare"], environment))
    per_second: dict[str, float] = {}
    for regime in ("spread", "hot", "full"):
        first, last = world[regime]
        given = pgbench(cluster, world["type"], first, last) if cluster else None
        told = _buyers(["claim", str(first), str(last), str(SECONDS)], environment)
        per_second[regime] = sum(one["asked"] for one in told) / SECONDS
        p50, p99 = max(one["p50"] for one in told), max(one["p99"] for one in told)
        beside = f", {per_second[regime] / given:.0%} of pgbench ({given:.0f}/s)" if given else ""
        print(f"{name:10} {regime:6} {per_second[regime]:7.0f}/s  p50 {p50:5.1f} ms  p99 {p99:6.1f} ms{beside}")
    print(f"{name:10} a refusal costs {per_second['spread'] / per_second['full']:.2f} of a grant")
    granted = sum(one["granted"] for one in _buyers(["sale", *map(str, world["sale"])], environment))
    sold = json.loads(_run([sys.executable, "-m", "bench.claiming", "count", *map(str, world["sale"])], environment))["sold"]
    print(f"{name:10} a sale of 960 places: {granted} granted, {sold} in the database")
    if not granted == sold == 960:
        raise SystemExit("Places were lost or sold twice.")


def pgbench(cluster: Path, type_id: int, first: int, last: int) -> float:
    """Transactions a second of the same statements, sent by ``pgbench`` over as many connections."""
    script = cluster.parent / "claim.sql"
    script.write_text(SCRIPT.format(first=first, last=last, type=type_id), encoding="utf-8")
    program = postgres.binaries()
    assert program
    command = [str(program / "pgbench"), "-n", "-h", str(cluster), "-U", "guichet", "-c", str(BUYERS), "-j", "2"]
    said = _run([*command, "-T", str(SECONDS), "-f", str(script), "postgres"], dict(os.environ))
    found = re.search(r"tps = ([\d.]+) \(without initial", said) or re.search(r"tps = ([\d.]+)", said)
    assert found
    return float(found[1])


def _buyers(arguments: list[str], environment: dict[str, str]) -> list[dict[str, Any]]:
    """As many processes as there are buyers, let loose together once all are ready."""
    command = [sys.executable, "-m", "bench.claiming", *arguments]
    buyers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _each in range(BUYERS)
    ]
    for buyer in buyers:
        assert buyer.stdout
        buyer.stdout.readline()
    for buyer in buyers:
        assert buyer.stdin
        buyer.stdin.write("go\n")
        buyer.stdin.flush()
    return [json.loads(buyer.communicate()[0].splitlines()[-1]) for buyer in buyers]


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stderr[-3000:]}")
    return done.stdout
