"""The gate of a temporary password: signed in with the one that was mailed, one chooses one's own before anything else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

CHOOSING = "account:change_password"
# What stays open meanwhile: leaving, the language, help, and the pages that the law asks for.
OPEN = frozenset(
    {
        *(CHOOSING, "account:sign_out", "account:choose_language"),
        *("public:help", "public:help_topic", "public:contact", "public:contact_sent"),
        *("public:accessibility", "public:personal_data", "public:legal", "public:site_map"),
        *("public:healthz", "public:robots"),
    }
)


def past_the_gate[View: Callable[..., Any]](view: View) -> View:
    """Marks a page of an upper room that shows nothing of the account: it stays open too."""
    view.past_the_gate = True  # type: ignore[attr-defined]
    return view


class TemporaryPasswordMiddleware:
    """Leads every other page to the choice of a password. No query beyond the one that finds who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user: Any = request.user
        route = request.resolver_match.view_name if request.resolver_match else ""
        stays_open = route in OPEN or getattr(view, "past_the_gate", False)
        return redirect(CHOOSING) if not stays_open and user.is_authenticated and user.must_change_password else None
