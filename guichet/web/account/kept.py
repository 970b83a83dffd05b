"""What the session keeps between two pages of an account being opened or recovered. On the server; the cookie holds a key."""

from typing import Any

from django.http import HttpRequest

from guichet.web.design.signing import safe_next

TYPED = "account_typed"
REQUESTED = "account_requested"
LINK = "account_link"
IDENTIFIER = "account_identifier"
DESTINATION = "account_destination"


def keep_typed(request: HttpRequest, door: str, values: dict[str, Any]) -> None:
    """Keeps what was typed at a door, so that one may come back when the registry answers again."""
    request.session[TYPED] = {"door": door, "values": {name: _plain(value) for name, value in values.items()}}


def typed(request: HttpRequest, door: str) -> dict[str, Any]:
    kept = request.session.get(TYPED) or {}
    values: dict[str, Any] = kept.get("values", {}) if kept.get("door") == door else {}
    return values


def forget_typed(request: HttpRequest) -> None:
    request.session.pop(TYPED, None)


def remember_request(request: HttpRequest, *, door: str, identifier: str, email: str) -> None:
    """The request whose mail may be sent again."""
    forget_typed(request)
    request.session[REQUESTED] = {"door": door, "identifier": identifier, "email": email}


def requested(request: HttpRequest) -> dict[str, str] | None:
    found: dict[str, str] | None = request.session.get(REQUESTED)
    return found


def keep_link(request: HttpRequest, purpose: str, raw: str) -> None:
    request.session[LINK] = {"purpose": purpose, "raw": raw}


def link(request: HttpRequest, purpose: str) -> str:
    """The raw token that brought this browser here for this purpose; empty when none did."""
    kept = request.session.get(LINK) or {}
    return str(kept.get("raw", "")) if kept.get("purpose") == purpose else ""


def link_used(request: HttpRequest, identifier: str) -> None:
    """The link did its work: what remains is the identifier, written in the sign-in form."""
    request.session.pop(LINK, None)
    request.session.pop(REQUESTED, None)
    request.session[IDENTIFIER] = identifier


def keep_destination(request: HttpRequest) -> None:
    """Keeps the page one came for (``next``), so that opening an account leads back to it."""
    if target := safe_next(request):
        request.session[DESTINATION] = target


def destination(request: HttpRequest) -> str:
    """The page of this site that one came for; empty when none is known."""
    return safe_next(request) or str(request.session.get(DESTINATION, ""))


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value or "")
