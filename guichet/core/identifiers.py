"""Identifiers: unguessable tokens (kept hashed), names compared as people write them."""

import hashlib
import secrets
import unicodedata


def new_token() -> tuple[str, str]:
    """A token to send and the hash to keep: ``(raw, hashed)``. 256 bits; the raw value is never stored."""
    raw = secrets.token_urlsafe(32)
    return raw, hash_token(raw)


def hash_token(raw: str) -> str:
    """SHA-256 in hexadecimal: the token is random enough to need no salt."""
    return hashlib.sha256(raw.encode()).hexdigest()


def comparable(name: str) -> str:
    """A name as it is compared: case, accents, hyphens, apostrophes and spaces are forgiven.

    >>> comparable("N'Guyen-Lê  Anh") == comparable("nguyen le anh")
    True
    """
    decomposed = unicodedata.normalize("NFKD", name.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    kept = [char for char in decomposed.casefold() if char.isalnum()]
    return "".join(kept)


def digits(text: str) -> str:
    """The digits of what was typed; spaces, dots and dashes are forgiven."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdigit())
