"""Processes that a benchmark starts once and tells, line by line, what to do: all begin together, none pays its start.

A line is JSON, ``["verb", argument, …]``; so is its answer.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Verbs = Mapping[str, Callable[..., Any]]


def answer(once: Verbs, served: Verbs, arguments: list[str]) -> None:
    """The body of such a process: ``<verb> <argument>…`` once, or ``serve`` for as long as lines come."""
    if arguments != ["serve"]:
        print(json.dumps(once[arguments[0]](*arguments[1:])))
        return
    print('"ready"', flush=True)
    for line in sys.stdin:
        verb, *rest = json.loads(line)
        print(json.dumps(served[verb](*rest)), flush=True)


class Crowd:
    """Several such processes that do the same at the same time."""

    def __init__(self, module: str, size: int, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", module, "serve"]
        self.module = module
        self.processes = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
            for _each in range(size)
        ]
        self._read()

    def ask(self, verb: str, *arguments: object) -> list[Any]:
        """What each answers; they begin together."""
        line = json.dumps([verb, *arguments]) + "\n"
        for process in self.processes:
            assert process.stdin
            process.stdin.write(line)
            process.stdin.flush()
        return self._read()

    def _read(self) -> list[Any]:
        said = []
        for process in self.processes:
            assert process.stdout
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{self.module} ended before it answered.")
            said.append(json.loads(line))
        return said

    def leave(self) -> None:
        for process in self.processes:
            assert process.stdin and process.stdout
            process.stdin.close()
            process.wait()
            process.stdout.close()


@contextmanager
def crowd(module: str, size: int, environment: Mapping[str, str]) -> Iterator[Crowd]:
    people = Crowd(module, size, environment)
    try:
        yield people
    finally:
        people.leave()


def run(command: list[str], environment: Mapping[str, str]) -> str:
    """What a command prints; the end of the benchmark when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def module(name: str, *arguments: object, environment: Mapping[str, str]) -> Any:
    """The answer of ``python -m name argument…``."""
    return json.loads(run([sys.executable, "-m", name, *map(str, arguments)], environment).splitlines()[-1])
