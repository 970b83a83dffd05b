"""Middleware of the ground floor: the shared clock, the request line of the log, and «GET never writes»."""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from guichet.core import clock

GetResponse = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("guichet.request")

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
WRITING_WORDS = ("INSERT", "UPDATE", "DELETE", "REPLACE")
# Housekeeping of the framework, which holds no fact of ours.
TABLES_OF_THE_FRAMEWORK = ("django_session", "guichet_cache")


class WroteOnRead(RuntimeError):
    """A page asked by GET tried to write: a programming error, since links are followed by machines too."""


class ClockMiddleware:
    """Gives the request the demonstration's clock and writes one log line with the route's name."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        with clock.demonstration():
            response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        route = match.view_name if match else "static" if request.path.startswith(settings.STATIC_URL) else "unknown"
        if route != "static":
            log.info(
                "request",
                route=route,
                method=request.method,
                status=response.status_code,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        return response


def log_exception(request: HttpRequest | None = None, **signal: Any) -> None:
    """Logs an unexpected error, wherever it was raised, with its trace and without the values of variables.

    Connected to Django's ``got_request_exception``: Django's own log would print the path. Called within the ``except``.
    """
    match = getattr(request, "resolver_match", None)
    error = sys.exception()
    log.error("exception", route=match.view_name if match else "unknown", error=type(error).__name__, exc_info=True)


class PrivateMiddleware:
    """No cache keeps a page of somebody signed in or known by a session: not the next reader of the device, not a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        if known and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "private, no-store"
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


class ReadOnlyMiddleware:
    """Refuses writes while a GET is served. A view that must write is decorated with ``writes_on_get`` and says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as guard:
            request.read_only_guard = guard  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """From here on, since the view is known: it stays until the answer has left the inner middlewares."""
        if request.method in SAFE_METHODS and not getattr(view, "writes_on_get", False):
            request.read_only_guard.enter_context(connection.execute_wrapper(_refuse_writes))  # type: ignore[attr-defined]


def _refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    statement = sql.lstrip().upper()
    # PostgreSQL also writes within WITH.
    writes = statement.startswith(WRITING_WORDS) or (
        statement.startswith("WITH ") and any(f"{word} " in statement for word in WRITING_WORDS)
    )
    if writes and not any(table.upper() in statement for table in TABLES_OF_THE_FRAMEWORK):
        raise WroteOnRead("A page asked by GET tried to write.")
    return execute(sql, params, many, context)


def writes_on_get[View: Callable[..., Any]](view: View) -> View:
    """Marks a view whose GET may write. Beside the mark, a comment says why."""
    view.writes_on_get = True  # type: ignore[attr-defined]
    return view
