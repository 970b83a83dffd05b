"""What ``pgbench`` sends: the very statements of a claim, over as many connections, prepared once as the site's are.

The rows are the same: the booking with its keys, the event with its data. Holding a place sends no mail, so there is no row of
the outbox: the mail leaves with the details.
"""

import re
import subprocess
from pathlib import Path

from guichet.appointments.bookings.claim_statements import HOLD_AND_RECORD, LOOK_AROUND
from tools import postgres

KEY = "md5(random()::text || clock_timestamp()::text)"
SOUGHT = "md5(:sought::text)"  # the same throughout the statement, or no index would be of use
NOW, FIRST_START = "now()", "now() + interval '40 minutes'"
CLAIM = [":type", "'held'", KEY, f"{KEY}::uuid", KEY, KEY, NOW, "now() + interval '10 minutes'", "'fr'", "NULL"]
CLAIM += [":slot", NOW, FIRST_START, "'public'", ":type"]
EVENT = [NOW, "'place_held'", "'booking'", "'person'", "''", "json_build_object('slot', :slot::bigint)", "false"]
LOOK = ["'public'", NOW, FIRST_START, ":type", ":slot"]
AROUND = [*LOOK, f"{SOUGHT}::uuid", SOUGHT, ":type", SOUGHT, SOUGHT]


def script(type_id: int, first: int, last: int, *, full: bool) -> str:
    """For slots chosen by chance among some: the transaction of a grant; ``full``: the read of a refusal."""
    begins = f"\\set type {type_id}\n\\set slot random({first}, {last})\n\\set sought random(1, 1000000000000)\n"
    return begins + (filled(LOOK_AROUND, AROUND) if full else filled(HOLD_AND_RECORD, [*CLAIM, *EVENT]))


def filled(statement: str, values: list[str]) -> str:
    """A statement with texts of SQL for its values, on one line."""
    parts = " ".join(statement.split()).split("%s")
    if len(parts) != len(values) + 1:
        raise ValueError(f"The statement has {len(parts) - 1} values, not {len(values)}.")
    return "".join(part + value for part, value in zip(parts, [*values, ";\n"], strict=True))


def transactions_a_second(cluster: Path, written: str, *, connections: int, seconds: float) -> float:
    """What ``pgbench`` reaches with a script."""
    path = cluster.parent / "claim.sql"
    path.write_text(written, encoding="utf-8")
    program = postgres.binaries()
    assert program
    command = [str(program / "pgbench"), "-n", "-M", "prepared", "-h", str(cluster), "-U", "guichet", "-f", str(path)]
    command += ["-c", str(connections), "-j", "2", "-T", str(max(1, round(seconds))), "postgres"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or not found:
        raise SystemExit(f"pgbench failed:\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return float(found[1])
