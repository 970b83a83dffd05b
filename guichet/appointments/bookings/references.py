"""References of bookings: short enough to be read aloud and typed, unguessable enough with an e-mail beside."""

from guichet.core.identifiers import random_text

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0, O, 1 or I: they are taken for each other


def new_reference() -> str:
    """Such as ``RDV-7KQ2-M9PX``: 40 bits."""
    drawn = random_text(ALPHABET, 8)
    return f"RDV-{drawn[:4]}-{drawn[4:]}"


def tidy(typed: str) -> str:
    """A reference as people type it: case, spaces, dashes and the «RDV» before it are forgiven. Empty when it is none."""
    plain = "".join(char for char in typed.upper() if char.isalnum())
    plain = plain.removeprefix("RDV")
    return f"RDV-{plain[:4]}-{plain[4:]}" if len(plain) == 8 and set(plain) <= set(ALPHABET) else ""


# A scanner set for an American keyboard, plugged into a computer that is set for a French one: what is typed in place of
# each sign of a reference. (Digits without the shift key, letters of the same place.)
_FRENCH_KEYS = str.maketrans("ÉéÈè\"'(-_çàQqAaZzWw,?;.)°", "2277345689" + "0" + "AAQQWWZZMM,.--")


_ONLY_SCANNED = frozenset("éèçàÉÈÇÀ\"'()_")  # nobody types these in a reference; the dashes alone come out as «)»


def scanned(text: str) -> str:
    """A reference as typed, or as a scanner types it with the keyboard of another country. Empty when it is none."""
    return tidy(text.translate(_FRENCH_KEYS)) if _ONLY_SCANNED & set(text) else tidy(text)
