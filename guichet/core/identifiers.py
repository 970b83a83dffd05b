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


# Letters that Unicode does not decompose, as registries and passports write them without their mark.
PLAIN_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "n"})


def comparable(name: str) -> str:
    """A name as it is compared: case, accents, hyphens, apostrophes and spaces are forgiven.

    >>> comparable("N'Guyen-Lê  Anh") == comparable("nguyen le anh")
    True
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(PLAIN_LETTERS))
    kept = [char for char in decomposed.casefold() if char.isalnum()]
    return "".join(kept)


def digits(text: str) -> str:
    """The digits of what was typed, as ASCII; spaces, dots and dashes are forgiven, and so are the digits of other scripts."""
    return "".join(str(unicodedata.decimal(char)) for char in text if char.isdecimal())
