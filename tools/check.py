"""``make check``: everything that can be known without running the site. The failing checks are named at the end."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "."],
    "lint": [str(BIN / "ruff"), "check", "."],
    "templates": [str(BIN / "djlint"), "guichet", "--lint", "--quiet"],
    "floors of the house": [str(BIN / "lint-imports"), "--no-logo"],
    "types": [str(BIN / "mypy")],
    "translations": [sys.executable, "-m", "tools.messages", "--check"],
    "django": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "procedures": [sys.executable, "manage.py", "check_procedures"],
}


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="guichet-check-") as folder:
        environment = os.environ | {
            "GUICHET_TESTING": "1",
            "SECRET_KEY": "checks-only",
            "SITE_URL": "http://localhost:8000",
            "DATA_DIR": folder,
        }
        environment.pop("DATABASE_URL", None)
        for name, command in CHECKS.items():
            started = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
            if done.returncode:
                failed.append(name)
                print((done.stdout + done.stderr)[-12000:])
    print("check: " + ("all well" if not failed else "failed: " + ", ".join(failed)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
