"""What a person sees when too many passwords were tried for one identifier from one address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guichet.accounts.queries import seconds_locked
from guichet.core.addresses import client_address


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """How long, and the way out that works meanwhile. The same whether the identifier exists or not."""
    seconds = seconds_locked((credentials or {}).get("identifier", ""), client_address(request))
    officers = bool(request.resolver_match and request.resolver_match.app_name == "officer")
    context = {"minutes": max(-(-seconds // 60), 1), "officers": officers}
    return render(request, "account/locked.html", context, status=429)
