"""Identifiers: unguessable tokens (kept hashed), names compared as people write them."""

import hashlib
import re
import secrets
import unicodedata


def new_token() -> tuple[str, str]:
    """A token to send and the hash to keep: ``(raw, hashed)``. 256 bits; the raw value is never stored."""
    raw = secrets.token_urlsafe(32)
    return raw, hash_token(raw)


def hash_token(raw: str) -> str:
    """SHA-256 in hexadecimal: the token is random enough to need no salt."""
    return hashlib.sha256(raw.encode()).hexdigest()


def random_text(alphabet: str, length: int) -> str:
    """So many characters drawn from an alphabet, each as likely as the others."""
    return "".join(secrets.choice(alphabet) for _ in range(length))


def number_between(least: int, most: int) -> int:
    """A whole number drawn from ``least`` to ``most``, both included, that nobody can guess."""
    return least + secrets.randbelow(most - least + 1)


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


LARGEST = 2**63 - 1  # of an identifier in either database


def whole_number(text: str) -> int | None:
    """The number that a text of a page holds (an id, a revision); None when it is not one that could exist."""
    return number if re.fullmatch(r"[0-9]{1,19}", text) and (number := int(text)) <= LARGEST else None


def is_code(text: str) -> bool:
    """Whether a text could be a code of ours (a slug, a number, a state): nothing else is worth asking the database."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) is not None


# NUL and lone surrogates cannot be stored; other control characters are never seen; overrides turn a line around, so that
# an officer would read something else than what is there. Joiners and marks stay: Persian, Arabic and Indic names need them.
ILLEGIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def legible(text: str) -> str:
    """What was typed, without what nobody types: control characters, lone surrogates, overrides of direction.

    >>> legible("Dupont\x00 \u202eeuqinoM")
    'Dupont euqinoM'
    """
    return ILLEGIBLE.sub("", text)
