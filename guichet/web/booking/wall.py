"""Pages on the clock of the office's wall."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as in_paris
from django.utils import timezone


def render(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page about ``context["type"]``: left alone, Django's filters of dates turn every moment into the hour of Paris,
    overseas too."""
    with timezone.override(context["type"].office.time_zone):
        return in_paris(request, template, context, status=status)
