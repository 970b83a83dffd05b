"""Sends files to the sandbox and reads its answers: bounded in time, in memory and in number at once."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from guichet.files import limits
from guichet.files.limits import Unacceptable

log = structlog.get_logger("guichet.files")
ROOT = Path(__file__).resolve().parent.parent.parent
# Two by processor: more would only make everyone wait longer, and memory is bounded by job.
_places = threading.BoundedSemaphore(2 * (os.cpu_count() or 1))


@dataclass(frozen=True)
class Made:
    """What the sandbox answers."""

    content: bytes
    content_type: str
    pages: int


def clean(content: bytes) -> Made:
    """The file recognised, bounded, written anew; ``Unacceptable`` says why not."""
    return _ask({"task": "clean"}, [content])


def join(contents: Sequence[bytes]) -> Made:
    """Several pictures or PDFs as one PDF, in the order given."""
    return _ask({"task": "join"}, contents)


def preview(content: bytes, page: int, width: int = limits.PREVIEW_WIDTH) -> bytes:
    """A page of a PDF as a JPEG."""
    return _ask({"task": "preview", "page": page, "width": width}, [content]).content


def _ask(job: dict[str, object], contents: Sequence[bytes]) -> Made:
    if not _places.acquire(timeout=limits.SECONDS):
        raise Unacceptable("busy")
    try:
        said = json.dumps({**job, "sizes": [len(content) for content in contents]}).encode() + b"\n" + b"".join(contents)
        child = subprocess.run(
            [sys.executable, "-m", "guichet.files.sandbox"],
            input=said,
            capture_output=True,
            timeout=limits.SECONDS,
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        log.warning("file took too long to decode", task=job["task"])
        raise Unacceptable("too_complex") from error
    finally:
        _places.release()
    line, _, result = child.stdout.partition(b"\n")
    try:
        answer = json.loads(line)
    except ValueError as error:
        # Killed by its own bounds, or a decoder that crashed: in both cases the file is not one we take.
        log.warning("file broke its decoder", task=job["task"], status=child.returncode)
        raise Unacceptable("too_complex") from error
    if "refused" in answer:
        raise Unacceptable(answer["refused"])
    if len(result) != answer["size"]:
        raise Unacceptable("too_complex")
    return Made(result, answer["content_type"], answer["pages"])
