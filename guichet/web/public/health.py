"""``/healthz`` for machines, ``/robots.txt`` for others."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.accounts import queries as accounts
from guichet.core.health import problems
from guichet.registries import queries as registries


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the site can serve, 503 with the names of what prevents it.

    Registries, and FranceConnect where the site is connected to it, are named real or simulated, and not asked: one that is
    down does not take the site down.
    """
    found = problems()
    content: dict[str, Any] = {
        "status": "unavailable" if found else "ok",
        "problems": found,
        "registries": {name: registries.nature(name) for name in registries.NAMES},
    }
    if accounts.franceconnect_is_open():
        content["franceconnect"] = "simulated" if accounts.franceconnect_is_simulated() else "real"
    return JsonResponse(content, status=503 if found else 200)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The public pages are for everyone; the rest has nothing for a search engine."""
    lines = [
        "User-agent: *",
        *(f"Disallow: /{path}/" for path in ("agents", "compte", "demandes", "notifications", "documents", "demo")),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
