"""What stands for FranceConnect: two people, pages that say what it is, a process that stops with the demonstration."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from urllib.error import URLError

import pytest
from django.core.management import CommandError, call_command

from guichet.accounts.franceconnect.pivot import PivotIdentity, differences
from guichet.demo import franceconnect, people
from guichet.demo.management.commands.demo import Command as Demonstration
from tests.typography import keyboard

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 3, 1)
ASKED = "/oauth2/authorize?client_id=a&response_type=code&redirect_uri=http://localhost:1/x&scope=openid&state=s&nonce={}"
START_WITHIN = 120  # seconds, on a loaded machine


@pytest.mark.parametrize(("sub", "differs"), [(franceconnect.MATCHES, ()), (franceconnect.DIFFERS, ("birth_date",))])
@pytest.mark.parametrize("day", [DAY, date(2028, 2, 29), date(2031, 12, 31)])
def test_one_matches_the_registry_and_the_other_does_not(sub, differs, day):
    told = PivotIdentity.from_claims({"sub": sub, **franceconnect.claims(day)[sub]}, issuer_host="h")
    assert differences(people.record_of(people.person(franceconnect.NUMBER), day), told) == differs


def test_a_port_that_is_taken_is_left_to_its_owner():
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert franceconnect.free_port(port) not in (port, 0)
    assert franceconnect.free_port(65_536) > 0


def test_it_is_refused_where_people_are_real(settings):
    settings.ALLOW_SIMULATED_REGISTRIES = False
    with pytest.raises(CommandError, match="never with real people"):
        call_command("demo_franceconnect", port=1)


@pytest.mark.parametrize(("language", "mark"), [("fr", "Ceci n'est pas FranceConnect"), ("en", "This is not FranceConnect")])
@pytest.mark.parametrize("by", ["cookie", "browser"])
@pytest.mark.parametrize("path", [ASKED.format("n"), "/oauth2/end_session", "/", "/oauth2/authorize"])
def test_every_page_says_what_it_is_in_the_language_of_the_site(language, mark, by, path):
    visitor = franceconnect.application(lambda: DAY).test_client()
    if by == "cookie":
        visitor.set_cookie("langue", language)
    page = visitor.get(path, headers={"Accept-Language": language if by == "browser" else "de"})
    shown = keyboard(page.get_data(as_text=True)).replace("&#39;", "'")
    assert mark in shown and f'<html lang="{language}">' in shown
    assert not re.search(r"https?://(?!localhost)", shown), "nothing comes from elsewhere"


def test_the_chooser_names_both_and_tells_their_day_of_birth():
    shown = franceconnect.application(lambda: DAY).test_client().get(ASKED.format("n")).get_data(as_text=True)
    assert "fc-ok" in shown and "fc-mismatch" in shown and shown.count("OKAFOR") == 2
    assert "mars 2003" in shown and "mars 2001" in shown


def test_a_world_made_again_later_is_told_of_as_it_is_now():
    days = [DAY]
    visitor = franceconnect.application(lambda: days[-1]).test_client()
    assert _birth(visitor) == "2003-03-01"
    days.append(DAY + timedelta(days=40))
    assert _birth(visitor) == "2003-04-10"


def _birth(visitor):
    """The date of birth that the provider ends up telling for fc-ok."""
    asked = ASKED.format(os.urandom(4).hex()).replace("scope=openid", "scope=openid+profile")
    visitor.get(asked)
    back = visitor.post(asked, data={"sub": franceconnect.MATCHES}).headers["Location"]
    given = {"grant_type": "authorization_code", "code": re.search(r"code=([^&]+)", back)[1]}
    token = visitor.post("/oauth2/token", data={**given, "redirect_uri": "http://localhost:1/x"}, auth=("a", "b")).get_json()
    return visitor.get("/userinfo", headers={"Authorization": f"Bearer {token['access_token']}"}).get_json()["birthdate"]


def _answers(port, path="/"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return answer.status == 200
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture
def without_provider(settings):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "issuer": ""}


def test_its_port_can_be_chosen(without_provider, monkeypatch):
    chosen = franceconnect.free_port(0)
    monkeypatch.setenv("FRANCECONNECT_PORT", str(chosen))
    assert Demonstration().provider_port("8000") == chosen


@pytest.mark.parametrize("wrong", ["x", "0", "65536", "²", "-1"])
def test_what_is_no_port_is_refused(without_provider, monkeypatch, wrong):
    monkeypatch.setenv("FRANCECONNECT_PORT", wrong)
    with pytest.raises(CommandError, match="FRANCECONNECT_PORT"):
        Demonstration().provider_port("8000")


def test_a_port_that_was_chosen_and_is_taken_is_told_never_replaced(without_provider, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        monkeypatch.setenv("FRANCECONNECT_PORT", port)
        with pytest.raises(CommandError, match="already taken"):
            Demonstration().provider_port("8000")
    with pytest.raises(CommandError, match="already taken"):
        Demonstration().provider_port(port)


def test_the_demonstration_starts_it_beside_the_site_and_stops_it_with_itself(tmp_path):
    """The port after the site's is taken: another one is found, and told."""
    with socket.socket() as taken:
        taken.bind(("", 0))
        taken.listen()
        port = taken.getsockname()[1] - 1
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            "DEMO": "1",
            "PORT": str(port),
            "DATA_DIR": str(tmp_path),
            "SECRET_KEY": "a demonstration of a test",
            "SITE_URL": f"http://localhost:{port}",
            "ALLOWED_HOSTS": "*",
            "LOG_LEVEL": "WARNING",
        }
        log = tmp_path / "log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=written, stderr=subprocess.STDOUT
            )
        try:
            deadline = time.monotonic() + START_WITHIN
            while "Ctrl+C" not in log.read_text():
                assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            beside = int(re.search(r"simulated on port (\d+)", log.read_text())[1])
            assert beside not in (port, port + 1)
            assert _answers(beside, "/.well-known/openid-configuration")
            assert _answers(port, "/compte/connexion/")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert process.returncode == 0
    assert not _answers(beside) and not _answers(port)
