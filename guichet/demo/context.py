"""The banner and the handles of the demonstration, hung on every page."""

from typing import Any

from django.http import HttpRequest


def demonstration(request: HttpRequest) -> dict[str, Any]:
    return {}
