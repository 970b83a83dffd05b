"""What stands for FranceConnect in the demonstration, as a real process: started once, stopped at the end."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import pytest

from guichet.accounts.franceconnect import provider
from guichet.core import clock
from guichet.demo import franceconnect

ROOT = Path(__file__).resolve().parent.parent
START_WITHIN = 60  # seconds, on a loaded machine


@pytest.fixture(scope="session")
def franceconnect_process():
    """The port of the provider, for a world made today."""
    port = franceconnect.free_port(0)
    command = [sys.executable, "manage.py", "demo_franceconnect", "--port", str(port), "--day", clock.today().isoformat()]
    process = subprocess.Popen([*command, "--skip-checks"], cwd=ROOT, env=dict(os.environ))
    try:
        deadline = time.monotonic() + START_WITHIN
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=2).close()
                break
            except (URLError, ConnectionError, TimeoutError):
                assert process.poll() is None and time.monotonic() < deadline, "the provider did not start"
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def simulated_franceconnect(franceconnect_process, settings):
    """The site is connected to the provider; its port."""
    provider._descriptions.clear()
    given = franceconnect.environment(franceconnect_process)
    settings.FRANCECONNECT = {
        "issuer": given["FRANCECONNECT_ISSUER"],
        "client_id": given["FRANCECONNECT_CLIENT_ID"],
        "client_secret": given["FRANCECONNECT_CLIENT_SECRET"],
        "simulated": True,
    }
    return franceconnect_process
