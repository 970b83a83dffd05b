"""The environment of the tests, set before Django reads its settings (loaded first, see ``addopts`` in pyproject.toml)."""

import os
import tempfile
from pathlib import Path

SCRATCH = Path(os.environ.get("GUICHET_TEST_SCRATCH") or tempfile.mkdtemp(prefix="guichet-test-"))
os.environ["GUICHET_TEST_SCRATCH"] = str(SCRATCH)  # shared with the workers of xdist
SCRATCH.mkdir(parents=True, exist_ok=True)

DEFAULTS = {
    "GUICHET_TESTING": "1",
    "SECRET_KEY": "tests-only",
    "SITE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "DATA_DIR": str(SCRATCH),
    "TEST_SQLITE_NAME": str(SCRATCH / "test.sqlite3"),
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright runs a loop in the thread of the test
    "LOG_LEVEL": "WARNING",
}
for name, value in DEFAULTS.items():
    os.environ.setdefault(name, value)
