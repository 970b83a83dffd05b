"""The child process in which hostile bytes are decoded: ``python -m guichet.files.sandbox``.

It starts with an empty environment (no secret to steal), bounds its own memory and time before it reads anything, opens no
file for writing, and is thrown away after one job. It reads from its standard input a line of JSON (``task``, ``sizes``
of the contents that follow, and the task's own settings) then the contents; it writes a line of JSON then the result.
"""

import json
import resource
import sys
from typing import Any

from guichet.files import limits
from guichet.files.limits import Unacceptable


def main() -> int:
    _bound()
    job = json.loads(sys.stdin.buffer.readline())
    contents = [sys.stdin.buffer.read(size) for size in job["sizes"]]
    try:
        answer, result = _do(job, contents)
    except Unacceptable as refusal:
        answer, result = {"refused": refusal.code}, b""
    except (MemoryError, RecursionError):
        answer, result = {"refused": "too_complex"}, b""
    sys.stdout.buffer.write(json.dumps({**answer, "size": len(result)}).encode() + b"\n" + result)
    sys.stdout.buffer.flush()
    return 0


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _do(job: dict[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
    # Each task imports only the libraries it needs: starting up is most of what a job costs.
    if job["task"] == "preview":
        from guichet.files.rendering import page_as_picture

        return {"content_type": "image/jpeg", "pages": 1}, page_as_picture(contents[0], job["page"], job["width"])
    cleaned = _joined(contents) if job["task"] == "join" else _cleaned(contents[0])
    return {"content_type": cleaned.content_type, "pages": cleaned.pages}, cleaned.content


def _cleaned(content: bytes) -> Any:
    from guichet.files.kinds import recognise

    kind = recognise(content)
    if kind == "pdf":
        from guichet.files import papers
        from guichet.files.rendering import page_as_picture

        cleaned = papers.clean(content)
        page_as_picture(cleaned.content, 1, 100)  # what is accepted can be shown to an officer
        return cleaned
    from guichet.files import pictures

    return pictures.clean(content, kind)


def _joined(contents: list[bytes]) -> Any:
    from guichet.files import papers, pictures
    from guichet.files.kinds import recognise

    parts: list[bytes] = []
    for content in contents:
        kind = recognise(content)
        if kind == "pdf":
            parts.append(papers.clean(content).content)
            continue
        pictures.list_frames(content, kind)
        parts.extend(
            pictures.page_of_pdf(frame) for frame in pictures.upright_frames(content, kind, limits.LONGEST_SIDE_OF_JOINED)
        )
    return papers.assemble(parts)


if __name__ == "__main__":
    sys.exit(main())
