"""The harness: settings of the tests, one scratch folder, the movable clock, harsher than production."""

import os
import tempfile
from pathlib import Path

SCRATCH = Path(os.environ.get("GUICHET_TEST_SCRATCH") or tempfile.mkdtemp(prefix="guichet-test-"))
os.environ.setdefault("GUICHET_TESTING", "1")
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("SITE_URL", "http://localhost:8000")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("DATA_DIR", str(SCRATCH))
os.environ.setdefault("TEST_SQLITE_NAME", str(SCRATCH / "test.sqlite3"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread of the test
os.environ.setdefault("LOG_LEVEL", "WARNING")

import pytest  # noqa: E402

pytest_plugins = ["tests.fixtures"]


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path_factory):
    """Every test has its own private folder."""
    from django.core.files.storage import storages

    folder = tmp_path_factory.mktemp("private")
    settings.PRIVATE_DIR = folder
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder), "base_url": None}}}
    storages._storages = {}
    yield folder
