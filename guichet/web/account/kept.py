"""What the session keeps between two pages of an account being opened or recovered. On the server; the cookie holds a key."""

from typing import Any

from django.http import HttpRequest

TYPED = "account_typed"
REQUESTED = "account_requested"
LINK = "account_link"
IDENTIFIER = "account_identifier"


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


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value or "")
