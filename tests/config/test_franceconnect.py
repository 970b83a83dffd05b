"""What stands for FranceConnect is never taken for it: the address decides, and anything else is allowed aloud or refused."""

import pytest

from guichet.config.env import is_franceconnect
from tests.config.test_settings import COMPLETE, start

REAL = {
    "FRANCECONNECT_ISSUER": "https://oidc.franceconnect.gouv.fr/api/v2",
    "FRANCECONNECT_CLIENT_ID": "guichet",
    "FRANCECONNECT_CLIENT_SECRET": "secret",
}


@pytest.mark.parametrize(
    ("issuer", "real"),
    [
        ("https://oidc.franceconnect.gouv.fr/api/v2", True),
        ("https://auth.franceconnect.gouv.fr/api/v2", True),
        ("http://oidc.franceconnect.gouv.fr/api/v2", False),
        ("https://franceconnect.gouv.fr.example.org/api/v2", False),
        ("https://notfranceconnect.gouv.fr/api/v2", False),
        ("https://fcp-low.sbx.dev-franceconnect.fr/api/v2", False),
        ("https://user@example.org/.franceconnect.gouv.fr", False),
        ("http://127.0.0.1:8001", False),
        ("", False),
    ],
)
def test_the_address_says_what_it_is(issuer, real):
    assert is_franceconnect(issuer) is real


def test_a_site_connected_to_franceconnect_starts(tmp_path):
    done = start(tmp_path, **COMPLETE, **REAL)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["FRANCECONNECT_CLIENT_ID", "FRANCECONNECT_CLIENT_SECRET"])
def test_half_a_connection_is_refused(tmp_path, name):
    done = start(tmp_path, **COMPLETE, **{key: value for key, value in REAL.items() if key != name})
    assert name in done.stderr.rsplit("ImproperlyConfigured", 1)[-1]


def test_a_simulated_one_needs_to_be_allowed_aloud(tmp_path):
    configuration = COMPLETE | REAL | {"FRANCECONNECT_ISSUER": "https://fcp-low.sbx.dev-franceconnect.fr/api/v2"}
    assert "FRANCECONNECT_ISSUER" in start(tmp_path, **configuration).stderr.rsplit("ImproperlyConfigured", 1)[-1]
    assert start(tmp_path, **configuration, ALLOW_SIMULATED_REGISTRIES="1").returncode == 0


def test_the_demonstration_never_meets_the_real_one(tmp_path):
    simulated = {name: "simulator" for name in COMPLETE if name.endswith("_URL") and name != "SITE_URL"}
    assert "DEMO=0" in start(tmp_path, **(COMPLETE | simulated), **REAL, DEMO="1").stderr.rsplit("ImproperlyConfigured", 1)[-1]
