"""The browsers where an account is signed in. Called through ``actions`` and ``queries``."""

from django.contrib.sessions.models import Session

from guichet.accounts.models import Account, OpenSession
from guichet.core import clock

# Order matters: Edge and Opera also say Chrome, Chrome also says Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def browser_in_words(user_agent: str) -> str:
    """«Firefox, Android»: enough to recognise one's own, and no more. Empty when neither is known."""
    found = [next((name for mark, name in table if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)


def remember_session(account: Account, session_key: str, user_agent: str) -> None:
    """Notes that this account signed in with this session."""
    OpenSession.objects.update_or_create(
        session_key=session_key,
        defaults={"account": account, "browser": browser_in_words(user_agent), "signed_in_at": clock.now()},
    )


def close_session(session_key: str) -> None:
    """Forgets one session that its browser signs out of."""
    OpenSession.objects.filter(session_key=session_key).delete()


def close_other_sessions(account: Account, current_key: str | None = None) -> int:
    """Signs the account out everywhere, except in the browser of ``current_key``. Returns how many were closed."""
    others = list(account.open_sessions.exclude(session_key=current_key or "").values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=others).delete()
    account.open_sessions.filter(session_key__in=others).delete()
    return len(others)


def sessions_of(account: Account) -> list[OpenSession]:
    """The browsers where the account is signed in, the latest first (those that lapsed are swept every hour)."""
    return list(account.open_sessions.all())


def sweep_lapsed() -> int:
    """Forgets the sessions that no longer exist."""
    gone, _ = OpenSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone
