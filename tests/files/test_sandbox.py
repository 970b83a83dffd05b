"""Hostile bytes are decoded in a child process that has no secret, little memory and little time."""

import os
import subprocess
import sys
import threading
import time

import pytest

from guichet.files import limits, workshop
from guichet.files.limits import Unacceptable
from tests.files import corpus


def fake_child(monkeypatch, program: str) -> None:
    """Another program answers in place of the sandbox."""
    real = subprocess.run

    def run(command, **options):
        return real([sys.executable, "-c", program], **options)

    monkeypatch.setattr(workshop.subprocess, "run", run)


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import sys; sys.exit(3)",
        "print('not json')",
        'print(\'{"size": 10, "content_type": "image/png", "pages": 1}\')',
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    ],
)
def test_a_decoder_that_dies_or_lies_means_a_refused_file(program, monkeypatch):
    fake_child(monkeypatch, program)
    with pytest.raises(Unacceptable) as refusal:
        workshop.clean(b"anything")
    assert refusal.value.code == "too_complex"


def test_a_decoder_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    fake_child(monkeypatch, "import time; time.sleep(60)")
    started = time.monotonic()
    with pytest.raises(Unacceptable) as refusal:
        workshop.clean(b"anything")
    assert refusal.value.code == "too_complex" and time.monotonic() - started < 30


def test_the_child_is_given_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "very secret")
    fake_child(
        monkeypatch, "import os, json; print(json.dumps({'refused': 'empty' if 'SECRET_KEY' in os.environ else 'unknown'}))"
    )
    with pytest.raises(Unacceptable) as refusal:
        workshop.clean(b"anything")
    assert refusal.value.code == "unknown"


def test_the_child_bounds_its_memory_and_writes_no_file():
    program = (
        "from guichet.files import sandbox, limits; sandbox._bound()\n"
        "try:\n x = bytearray(limits.MEMORY_BYTES)\nexcept MemoryError:\n print('bounded')\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n f = open('/tmp/guichet-sandbox-%d' % __import__('os').getpid(), 'wb', buffering=0); f.write(b'x')\n"
        "except OSError:\n print('no file')\nfinally:\n __import__('os').remove(f.name)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], cwd=workshop.ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split("\n")[:2] == ["bounded", "no file"]


def test_when_every_place_is_taken_the_person_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.1)
    monkeypatch.setattr(workshop, "_places", threading.BoundedSemaphore(1))
    with workshop._places, pytest.raises(Unacceptable) as refusal:
        workshop.clean(b"anything")
    assert refusal.value.code == "busy"


def test_a_place_is_given_back_after_a_refusal(monkeypatch):
    monkeypatch.setattr(workshop, "_places", threading.BoundedSemaphore(1))
    for _ in range(3):
        with pytest.raises(Unacceptable, match="unknown"):
            workshop.clean(b"anything")
    workshop.clean(corpus.encoded("JPEG"))


def test_the_sandbox_imports_neither_django_nor_our_settings():
    program = (
        "import sys\nfrom guichet.files import sandbox, kinds, papers, pictures, rendering\n"
        "print(any(name.split('.')[0] in {'django', 'psycopg', 'sqlite3'} or name == 'guichet.config' for name in sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=workshop.ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert said.stdout.strip() == "False"
