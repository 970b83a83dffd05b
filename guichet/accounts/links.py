"""Mailed links: our own hashed rows, with their own expiry, used once. Private to this room."""

from datetime import timedelta
from typing import Any

from guichet.accounts.errors import LinkUnusable
from guichet.accounts.models import Account, LinkToken
from guichet.core import clock
from guichet.core.identifiers import hash_token, new_token

Purpose = LinkToken.Purpose

VALIDITY = {
    Purpose.ACTIVATE: timedelta(hours=24),
    Purpose.VISA_ACCESS: timedelta(hours=24),
    # One hour: this link gives a whole existing account to whoever reads the mail, and the person who asked is at the
    # screen right now. Asking again costs nothing.
    Purpose.RESET_PASSWORD: timedelta(hours=1),
    # Printed by an administrator and handed over: the officer may be away for a week-end.
    Purpose.SET_UP_OFFICER: timedelta(hours=72),
}


def issue(
    purpose: LinkToken.Purpose,
    *,
    account: Account | None = None,
    identifier: str = "",
    payload: dict[str, Any] | None = None,
    lasts: timedelta | None = None,
) -> tuple[str, LinkToken]:
    """A new link: the raw token to send, and its row. ``lasts`` where the one who receives it is not waiting for it."""
    raw, hashed = new_token()
    now = clock.now()
    token = LinkToken.objects.create(
        hashed=hashed,
        purpose=purpose,
        account=account,
        identifier=identifier,
        payload=payload or {},
        created_at=now,
        expires_at=now + (lasts or VALIDITY[purpose]),
    )
    return raw, token


def look_up(raw: str, purpose: str) -> LinkToken:
    """The row of a link that can still be used, or ``LinkUnusable`` saying why it cannot. Writes nothing."""
    token = LinkToken.objects.select_related("account").filter(hashed=hash_token(raw), purpose=purpose).first()
    if token is None:
        raise LinkUnusable("unknown")
    if token.used_at is not None:
        raise LinkUnusable("used")
    if token.expires_at <= clock.now():
        raise LinkUnusable("expired")
    return token


def consume(token: LinkToken) -> None:
    """Uses a link up. Of several at once, one succeeds; the others meet ``LinkUnusable``."""
    now = clock.now()
    taken = LinkToken.objects.filter(pk=token.pk, used_at__isnull=True, expires_at__gt=now).update(used_at=now, payload={})
    if not taken:
        raise LinkUnusable("used")


def void(**which: Any) -> None:
    """Uses up every pending link of this description."""
    LinkToken.objects.filter(used_at__isnull=True, **which).update(used_at=clock.now(), payload={})
