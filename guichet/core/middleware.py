"""Middleware of the ground floor: the shared clock, the request line of the log, and «GET never writes»."""

import time
from collections.abc import Callable
from typing import Any, cast

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

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Logs an unexpected error with its trace, without the values of variables (Django would print the path)."""
        match = getattr(request, "resolver_match", None)
        log.error("exception", route=match.view_name if match else "unknown", error=type(exception).__name__, exc_info=True)


class ReadOnlyMiddleware:
    """Refuses writes while a GET is served. A view that must write is decorated with ``writes_on_get`` and says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method not in SAFE_METHODS or getattr(view, "writes_on_get", False):
            return None
        with connection.execute_wrapper(_refuse_writes):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response = response.render()
        return cast("HttpResponse", response)


def _refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    statement = sql.lstrip().upper()
    if statement.startswith(WRITING_WORDS) and not any(table.upper() in statement for table in TABLES_OF_THE_FRAMEWORK):
        raise WroteOnRead("A page asked by GET tried to write.")
    return execute(sql, params, many, context)


def writes_on_get[View: Callable[..., Any]](view: View) -> View:
    """Marks a view whose GET may write. Beside the mark, a comment says why."""
    view.writes_on_get = True  # type: ignore[attr-defined]
    return view
