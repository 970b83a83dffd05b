"""Numbers of official documents: unguessable, easy to read aloud, a mistyped character is noticed.

``G-7K3M-9QWX-2HJT-5RVB-C``: 80 random bits in base 32 without I, L, O, U (read as 1, 1, 0, V), then a check character.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
LOOK_ALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_number() -> str:
    """A number never given before, but for one chance in 2^80; the database refuses that one."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return _written(drawn)


def tidy(typed: str) -> str:
    """A number as people type it (case, spaces, dashes, look-alikes forgiven); ``""`` when it cannot be one."""
    kept = "".join(char for char in typed.upper() if char.isascii() and char.isalnum())
    if len(kept) != LENGTH + 2 or kept[0] != "G":
        return ""
    drawn = kept[1:-1].translate(LOOK_ALIKES)
    number = _written(drawn)
    return number if number[-1] == kept[-1].translate(LOOK_ALIKES) else ""


def _written(drawn: str) -> str:
    groups = [drawn[at : at + 4] for at in range(0, LENGTH, 4)]
    return "-".join(["G", *groups, _check(drawn)])


def _check(drawn: str) -> str:
    """Luhn's method in base 32: any single wrong character changes it, and nearly every swap of neighbours."""
    total, base = 0, len(ALPHABET)
    for place, char in enumerate(reversed(drawn)):
        value = ALPHABET.index(char) * (2 if place % 2 == 0 else 1)
        total += value // base + value % base
    return ALPHABET[-total % base]
