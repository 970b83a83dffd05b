"""Places claimed: through the whole site, by the action alone, and by ``pgbench``, side by side on one PostgreSQL.

Three regimes: spread over 2,000 slots, one hot slot, everything full; then two sales of 960 places; then the same on SQLite.
Each regime is measured in short rounds, one of each kind after the other, so that whatever else the machine does weighs on all
of them alike. Ratios of medians mean something, figures only on the machine that gave them. PostgreSQL is a throwaway cluster
that really writes to disk. ``docs/operating.md`` says how to read it.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import claiming_sql, site
from bench.figures import delays
from bench.processes import Crowd, crowd, module, run
from tools import postgres

CONNECTIONS = 4  # to the database, of each kind
ROUNDS, SECONDS, SHOPPERS = 5, 1.0, 400
REGIMES = ("spread", "hot", "full")
PLACES = 960


@dataclass
class Measured:
    """One kind of claimant in one regime, round by round."""

    per_second: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # milliseconds

    @property
    def median(self) -> float:
        return statistics.median(self.per_second)

    def line(self) -> str:
        return f"{self.median:7.0f}/s  {delays(self.times) if self.times else '':29}"


def main() -> None:
    print(f"\n── appointments: claims of places, {CONNECTIONS} connections (load of the machine: {os.getloadavg()[0]:.1f})")
    for name, url, cluster, folder in databases():
        on(name, url, cluster, folder)
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="guichet-bench-pg-", dir="/tmp") as folder:
        os.chmod(folder, 0o711)  # noqa: S103 - the server runs as another user and passes through
        yield Path(folder)


def databases() -> Iterator[tuple[str, str, Path | None, Path]]:
    """Each database, prepared: its name, its address, the folder of its cluster, a folder for files."""
    with scratch() as folder:
        if postgres.binaries() is None:
            print("PostgreSQL is not installed: measured on SQLite only.")
        else:
            cluster = folder / "pg"
            try:
                url = postgres.start(cluster, durable=True)
                yield "PostgreSQL", url, cluster, folder
            finally:
                postgres.stop(cluster)
        yield "SQLite", f"sqlite:///{folder}/bench.sqlite3", None, folder


def on(name: str, url: str, cluster: Path | None, folder: Path) -> None:
    environment = site.environment_of(url, folder)
    for command in (["migrate", "-v", "0", "--skip-checks"], ["createcachetable"]):
        run([sys.executable, "manage.py", *command], environment)
    world = module("bench.claiming", "prepare", PLACES, environment=environment)
    with (
        crowd("bench.claiming", CONNECTIONS, environment) as buyers,
        site.served(environment, folder / "site.log", workers=CONNECTIONS) as port,
        crowd("bench.shoppers", 1, environment) as shoppers,
    ):
        warm_up(world, buyers, shoppers, port)
        measured = {regime: rounds(world, regime, cluster, buyers, shoppers, port) for regime in REGIMES}
        for regime, found in measured.items():
            for kind, one in found.items():
                beside = f"  {one.median / found['pgbench'].median:4.0%} of pgbench" if cluster and kind != "pgbench" else ""
                print(f"{name:10} {regime:6} {kind:7} {one.line()}{beside}")
        for kind in ("action", "site"):
            cheaper = measured["full"][kind].median / measured["spread"][kind].median
            print(f"{name:10} {kind}: a refusal is {cheaper:.1f} times cheaper than a grant")
        sales(name, world, buyers, shoppers, port, environment)


def warm_up(world: dict[str, Any], buyers: Crowd, shoppers: Crowd, port: int) -> None:
    """Every process has answered once: what it reads once is read, its statements are planned."""
    first, last = world["full"]
    buyers.ask("claim", world["type"], first, last, 0.2)
    shoppers.ask("by_chance", port, world["type"], first, last, 20 * CONNECTIONS)


def rounds(
    world: dict[str, Any], regime: str, cluster: Path | None, buyers: Crowd, shoppers: Crowd, port: int
) -> dict[str, Measured]:
    """One regime: ``pgbench`` (PostgreSQL only), the action, the site, in turn."""
    first, last = world[regime]
    found = {kind: Measured() for kind in (*(["pgbench"] if cluster else []), "action", "site")}
    for _each in range(ROUNDS):
        if cluster:
            script = claiming_sql.script(world["type"], first, last, full=regime == "full")
            given = claiming_sql.transactions_a_second(cluster, script, connections=CONNECTIONS, seconds=SECONDS)
            found["pgbench"].per_second.append(given)
        told = buyers.ask("claim", world["type"], first, last, SECONDS)
        found["action"].per_second.append(sum(len(one["times"]) for one in told) / SECONDS)
        found["action"].times += [taken for one in told for taken in one["times"]]
        (seen,) = shoppers.ask("by_chance", port, world["type"], first, last, SHOPPERS)
        expected = {"granted": 0, "refused": SHOPPERS} if regime == "full" else {"granted": SHOPPERS, "refused": 0}
        if seen["failed"] or {kind: seen[kind] for kind in expected} != expected:
            raise SystemExit(f"The site gave {seen['granted']} and refused {seen['refused']}; {seen['failed']} answers failed.")
        found["site"].per_second.append(SHOPPERS / seen["seconds"])
        found["site"].times += seen["times"]
    return found


def sales(name: str, world: dict[str, Any], buyers: Crowd, shoppers: Crowd, port: int, environment: dict[str, str]) -> None:
    """960 places, to the action until all are gone, and to twice as many shoppers of the site."""
    told = buyers.ask("sale", world["type"], *world["sale"])
    (seen,) = shoppers.ask("sale", port, world["type"], *world["site_sale"], 20)
    for kind, granted, failed in (
        ("sale", sum(one["granted"] for one in told), 0),
        ("site_sale", seen["granted"], seen["failed"]),
    ):
        sold = module("bench.claiming", "count", *world[kind], environment=environment)["sold"]
        print(f"{name:10} {kind.replace('_', ' ')} of {PLACES} places: {granted} granted, {sold} sold, {failed} answers failed")
        if not granted == sold == PLACES or failed:
            raise SystemExit("Places were lost or sold twice, or the site failed.")
