"""The week grid under 10,000 pages that are open and poll every ten seconds, give or take two, while places are taken.

One page in ten really polls, through the whole site; time is compressed (``bench.viewers``), so the rate is what this machine
can do: 10,000 pages need 1,000 answers a second. Everybody shares 20 offices; in each a place is taken every minute.
"""

import sys
from pathlib import Path

from bench import site
from bench.bench_appointments import CONNECTIONS, databases
from bench.figures import delays
from bench.processes import crowd, run

VIEWERS, ONE_IN = 10_000, 10
OFFICES, SECONDS, CLAIMS_A_MINUTE = 20, 20.0, 1.0


def main() -> None:
    print(f"\n── the week grid under {VIEWERS} viewers of {OFFICES} offices (one in {ONE_IN} polls through the site)")
    for name, url, _cluster, folder in databases():
        on(name, url, folder)


def on(name: str, url: str, folder: Path) -> None:
    environment = site.environment_of(url, folder)
    for command in (["migrate", "-v", "0", "--skip-checks"], ["createcachetable"]):
        run([sys.executable, "manage.py", *command], environment)
    with (
        site.served(environment, folder / "site.log", workers=CONNECTIONS) as port,
        crowd("bench.viewers", 1, environment) as viewers,
    ):
        (seen,) = viewers.ask("look", port, VIEWERS // ONE_IN, OFFICES, SECONDS, CLAIMS_A_MINUTE)
    if seen["odd"]:
        raise SystemExit(f"{seen['odd']} polls were answered neither 200 nor 304.")
    share = len(seen["same"]) / (len(seen["same"]) + len(seen["changed"]))
    print(f"{name:10} {seen['polls'] / seen['seconds']:5.0f} polls/s; {share:.0%} answered 304")
    for status, times in (("304", seen["same"]), ("200", seen["changed"])):
        print(f"{name:10} {status}: {delays(times)}")
