"""What happens by itself. The truth is in rows with their dates; the worker only asks each room what is due.

A room that has something falling due has a ``due.py`` with ``DUTIES``: idempotent functions that lease their own rows,
handle a batch and return how many they handled.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import structlog
from django.apps import apps
from django.db import DatabaseError, close_old_connections, connection

from guichet.core import clock

log = structlog.get_logger("guichet.worker")


@dataclass(frozen=True)
class Duty:
    """One thing that falls due. ``run`` handles a batch and returns how many rows it handled; 0 means nothing is due."""

    name: str
    run: Callable[[], int]
    every: float = 60.0  # seconds between two looks when nothing was due


def duties() -> list[Duty]:
    found: list[Duty] = []
    for app in apps.get_app_configs():
        if app.name.startswith("guichet.") and find_spec(f"{app.name}.due"):
            found.extend(import_module(f"{app.name}.due").DUTIES)
    return found


def run_due(*, rounds: int = 50) -> int:
    """Runs everything that is due now, until nothing is (or ``rounds`` are done). Returns how many rows were handled."""
    handled_in_all = 0
    for _ in range(rounds):
        handled = sum(_run(duty) for duty in duties())
        handled_in_all += handled
        if not handled:
            break
    return handled_in_all


def _run(duty: Duty) -> int:
    """One batch of one duty; a failing duty is logged and never stops the others."""
    try:
        with clock.demonstration():
            return duty.run()
    except DatabaseError as error:
        # «database is locked», a lost connection: the rows are still there, the next round takes them.
        log.warning("duty postponed", duty=duty.name, error=type(error).__name__)
        if not connection.in_atomic_block:
            connection.close()
    except Exception as error:
        log.error("duty failed", duty=duty.name, error=type(error).__name__, exc_info=True)
    return 0


def work(stop: Callable[[], bool], *, pause: float = 0.5) -> None:
    """Works until ``stop()`` says so."""
    next_look: dict[str, float] = {}
    known = duties()
    while not stop():
        busy = False
        for duty in known:
            if stop():
                return
            if time.monotonic() < next_look.get(duty.name, 0):
                continue
            handled = _run(duty)
            busy = busy or bool(handled)
            next_look[duty.name] = 0 if handled else time.monotonic() + duty.every
        if not busy:
            close_old_connections()
            time.sleep(pause)
