"""Reading the environment: safe defaults, and a plain sentence when something must be set."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on", "oui"}
FALSE_WORDS = {"", "0", "false", "no", "off", "non"}


# What is asked again is parsed and planned once per connection, not each time: a claim costs half, a short read a fifth.
PREPARED: dict[str, object] = {"server_side_binding": True, "prepare_threshold": 5}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable. Anything but the known words is refused: a typo must not silently mean no."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: write 1 or 0.")


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def integer(name: str, default: int) -> int:
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r}: write a whole number.") from None


def is_franceconnect(issuer: str) -> bool:
    """Whether an address is the State's FranceConnect. Its test service, with invented people, has another domain."""
    parts = urlsplit(issuer)
    return parts.scheme == "https" and f".{parts.hostname}".endswith(".franceconnect.gouv.fr")


def database(url: str) -> dict[str, object]:
    """Django's database settings for ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.

    A PostgreSQL socket folder can be given as ``postgresql:///name?host=/run/postgresql``.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            # In-memory tables and threads do not mix: tests use a file.
            "TEST": {"NAME": text("TEST_SQLITE_NAME") or None},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, object] = dict(parse_qsl(parts.query))
        host = options.pop("host", None) or unquote(parts.hostname or "")
        port = options.pop("port", None) or parts.port or ""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(port),
            "CONN_MAX_AGE": integer("DATABASE_CONN_MAX_AGE", 60),
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options | (PREPARED if flag("DATABASE_PREPARE", default=True) else {}),
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL begins with {parts.scheme!r}: use sqlite:///folder/file.sqlite3 or postgresql://user:password@host/name."
    )
