"""Requests written beforehand, sent over some connections that stay open; as little work as can be between two of them."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many milliseconds."""

    status: int
    headers: dict[str, str]  # names in small letters
    milliseconds: float


def request(method: str, path: str, *, host: str, headers: dict[str, str], body: str = "") -> bytes:
    """A request as it travels."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


Seen = Callable[[int, Answer], None]


def send(port: int, requests: Iterable[bytes], *, connections: int, seen: Seen | None = None) -> tuple[list[Answer], float]:
    """The answers, in order of the requests, and the seconds that all of them took.

    ``seen`` is called with the place of each request and its answer, as soon as it is there: a request that is not written yet
    may depend on it.
    """
    return asyncio.run(_send(port, enumerate(requests), connections, seen))


async def _send(
    port: int, requests: Iterator[tuple[int, bytes]], connections: int, seen: Seen | None
) -> tuple[list[Answer], float]:
    opened = [await asyncio.open_connection("127.0.0.1", port) for _each in range(connections)]
    answers: dict[int, Answer] = {}
    began = time.perf_counter()
    await asyncio.gather(*(_visit(reader, writer, requests, answers, seen) for reader, writer in opened))
    taken = time.perf_counter() - began
    for _reader, writer in opened:
        writer.close()
    return [answers[place] for place in sorted(answers)], taken


async def _visit(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Iterator[tuple[int, bytes]],
    answers: dict[int, Answer],
    seen: Seen | None,
) -> None:
    """One connection: whatever request comes next, until there is none."""
    for place, sent in requests:
        began = time.perf_counter()
        writer.write(sent)
        status, headers = await _answer(reader)
        answers[place] = Answer(status, headers, (time.perf_counter() - began) * 1000)
        if seen:
            seen(place, answers[place])


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
    status = int(first.split()[1])
    headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
    elif status not in (204, 304):
        await reader.readexactly(int(headers.get("content-length", 0)))
    return status, headers


def summary(answers: list[Answer]) -> dict[str, Any]:
    """What a benchmark prints of answers: how many failed, and the milliseconds of each."""
    return {"failed": sum(answer.status >= 500 for answer in answers), "times": [answer.milliseconds for answer in answers]}
