"""What the session keeps between two pages of an account being opened or recovered. On the server; the cookie holds a key."""

from typing import Any

from django.http import HttpRequest

from guichet.web.design.signing import safe_next

TYPED = "account_typed"
REQUESTED = "account_requested"
LINK = "account_link"
IDENTIFIER = "account_identifier"
DESTINATION = "account_destination"


def keep_typed(request: HttpRequest, door: str, values: dict[str, Any], why: str) -> None:
    """Keeps what was typed at a door that did not open, and why: one may come back, or ask for help without typing it again."""
    request.session[TYPED] = {"door": door, "why": why, "values": _plain_values(values)}


def typed(request: HttpRequest, door: str) -> dict[str, Any]:
    kept = request.session.get(TYPED) or {}
    values: dict[str, Any] = kept.get("values", {}) if kept.get("door") == door else {}
    return values


def forget_typed(request: HttpRequest) -> None:
    request.session.pop(TYPED, None)


def forget_everything(request: HttpRequest) -> None:
    """What was typed at every door: one that opened, and whose mail was awaited, holds as much as one that did not."""
    forget_typed(request)
    request.session.pop(REQUESTED, None)


def remember_request(
    request: HttpRequest, *, door: str, page: str, identifier: str, email: str, values: dict[str, Any]
) -> None:
    """The request whose mail may be sent again, or may never come; ``page`` is the route of its form."""
    forget_typed(request)
    asked = {"door": door, "page": page, "identifier": identifier, "email": email}
    request.session[REQUESTED] = {**asked, "values": _plain_values(values)}


def requested(request: HttpRequest) -> dict[str, Any] | None:
    found: dict[str, Any] | None = request.session.get(REQUESTED)
    return found


def blocked(request: HttpRequest) -> tuple[str, str, dict[str, Any]] | None:
    """The door that this browser could not open: ``(door, why, what was typed)``; None when there is none."""
    if kept := request.session.get(TYPED):
        return kept["door"], kept["why"], kept["values"]
    if asked := requested(request):
        return asked["door"], "other", asked["values"]
    return None


def keep_link(request: HttpRequest, purpose: str, raw: str) -> None:
    request.session[LINK] = {"purpose": purpose, "raw": raw}


def link(request: HttpRequest, purpose: str) -> str:
    """The raw token that brought this browser here for this purpose; empty when none did."""
    kept = request.session.get(LINK) or {}
    return str(kept.get("raw", "")) if kept.get("purpose") == purpose else ""


def forget_link(request: HttpRequest) -> None:
    request.session.pop(LINK, None)


def link_used(request: HttpRequest, identifier: str) -> None:
    """The link did its work: what remains is the identifier, written in the sign-in form."""
    forget_link(request)
    request.session.pop(REQUESTED, None)
    request.session[IDENTIFIER] = identifier


def keep_destination(request: HttpRequest) -> None:
    """Keeps the page one came for (``next``), so that opening an account leads back to it."""
    if target := safe_next(request):
        request.session[DESTINATION] = target


def destination(request: HttpRequest) -> str:
    """The page of this site that one came for; empty when none is known."""
    return safe_next(request) or str(request.session.get(DESTINATION, ""))


def keep_for_later(request: HttpRequest, target: str) -> None:
    """Keeps a page of this site over the choice of a password that comes first."""
    if target:
        request.session[DESTINATION] = target


def take_destination(request: HttpRequest) -> str:
    return str(request.session.pop(DESTINATION, ""))


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool) else str(value or "")
