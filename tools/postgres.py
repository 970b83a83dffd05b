"""A throwaway PostgreSQL for tests and benchmarks, from the installed binaries.

``python -m tools.postgres start FOLDER``  makes a cluster there, starts it and prints its DATABASE_URL
``python -m tools.postgres stop FOLDER``   stops it and removes the folder

PostgreSQL refuses to run as root: as root the cluster runs as the ``postgres`` user. It listens on a socket in its folder only.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

# A throwaway cluster: nothing on it outlives the run, so durability may be traded for speed unless asked.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _as_server(command: list[str]) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def start(folder: Path, *, durable: bool = False) -> str:
    """Makes and starts a cluster; returns its DATABASE_URL. ``RuntimeError`` when PostgreSQL is not installed."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed.")
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    if not data.exists():
        _as_server(
            [str(programs / "initdb"), "-D", str(data), "-U", "guichet", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"]
        )
    options = SETTINGS | ({} if durable else FAST) | {"unix_socket_directories": str(folder)}
    flags = " ".join(f"-c {name}={value!r}" for name, value in options.items())
    _as_server([str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", flags, "start"])
    return f"postgresql://guichet@/postgres?host={folder}"


def stop(folder: Path) -> None:
    """Stops the cluster and removes it; stopping what is not there is no error."""
    programs = binaries()
    data = folder.resolve() / "data"
    if programs and (data / "postmaster.pid").exists():
        _as_server([str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    verb, place = sys.argv[1], Path(sys.argv[2])
    if verb == "start":
        print(start(place))
    elif verb == "stop":
        stop(place)
    else:
        sys.exit(__doc__)
