"""Structured logs: route names and ids of ours, never a path, a name, an e-mail or a number of a person."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

WORDS_OF_AN_EXCEPTION = ("exc_value", "exc_notes", "syntax_error")


def without_words(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keeps of exceptions their types and where they passed. Their words repeat what people typed («Key (email)=(…)»)."""
    if "exception" in event:
        event["exception"] = _silenced(event["exception"])
    return event


def _silenced(told: Any) -> Any:
    if isinstance(told, list):
        return [_silenced(one) for one in told]
    if isinstance(told, dict):
        return {name: _silenced(value) for name, value in told.items() if name not in WORDS_OF_AN_EXCEPTION}
    return told


def formatter() -> logging.Formatter:
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
        without_words,
    ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared)
