"""Production settings refuse to start half-configured, and say what to set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guichet.config import env

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "long enough for a test",
    "SITE_URL": "https://guichet.example.org",
    "EMAIL_HOST": "mail.example.org",
    "AGDREF_URL": "https://agdref.example.org",
    "FNE_URL": "https://fne.example.org",
    "VISABIO_URL": "https://visabio.example.org",
    "INE_URL": "https://ine.example.org",
    "EPHOTO_URL": "https://ephoto.example.org",
    "ADDRESSES_URL": "https://addresses.example.org",
    "BEACON_URL": "https://beacon.example.org",
}


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    code = (
        "import django; django.setup(); from django.conf import settings; print(settings.DEBUG, settings.SIMULATED_REGISTRIES)"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=kept | {"DJANGO_SETTINGS_MODULE": "guichet.config.settings", "DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )


def test_a_complete_configuration_starts_without_debug_and_without_simulation(tmp_path):
    done = start(tmp_path, **COMPLETE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "[]"]


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_each_missing_variable_is_named(tmp_path, name):
    done = start(tmp_path, **{key: value for key, value in COMPLETE.items() if key != name})
    assert done.returncode != 0
    assert name in done.stderr.rsplit("ImproperlyConfigured", 1)[-1]


def test_debug_is_refused_in_production(tmp_path):
    done = start(tmp_path, **COMPLETE, DEBUG="1")
    assert done.returncode != 0
    assert "DEBUG=0" in done.stderr


def test_a_simulated_registry_needs_to_be_allowed_aloud(tmp_path):
    configuration = COMPLETE | {"AGDREF_URL": "simulator"}
    assert "ALLOW_SIMULATED_REGISTRIES" in start(tmp_path, **configuration).stderr
    assert start(tmp_path, **configuration, ALLOW_SIMULATED_REGISTRIES="1").returncode == 0


def test_a_typo_in_a_flag_is_refused(tmp_path):
    assert "DEBUG='flase'" in start(tmp_path, **COMPLETE, DEBUG="flase").stderr


def test_the_demonstration_never_meets_a_real_registry(tmp_path):
    assert "DEMO=0" in start(tmp_path, **COMPLETE, DEMO="1").stderr
    simulated = {name: "simulator" for name in COMPLETE if name.endswith("_URL") and name != "SITE_URL"}
    assert start(tmp_path, **COMPLETE | simulated, DEMO="1").returncode == 0


def test_postgresql_plans_once_what_is_asked_again_unless_told_otherwise(monkeypatch):
    """A pooler in front that knows no prepared statements needs them off."""
    url = "postgresql://guichet:secret@db.example.org/guichet?sslmode=require"
    options = env.database(url)["OPTIONS"]
    assert options["server_side_binding"] is True and options["prepare_threshold"] == 5 and options["sslmode"] == "require"
    monkeypatch.setenv("DATABASE_PREPARE", "0")
    assert env.database(url)["OPTIONS"] == {"sslmode": "require"}
