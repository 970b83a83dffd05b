"""Numbers of permits, visas, photos and students, compared as people copy them."""

import re
import unicodedata


def plain(number: str) -> str:
    """Capital letters and digits only: spaces, dashes, points and case are forgiven, and so are full-width characters.

    >>> plain("a1b2-c3d4 e")
    'A1B2C3D4E'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", number).upper() if char.isalnum())


def is_ine(number: str) -> bool:
    """Whether a plain number has the shape of a student's: 10 digits and 1 letter, or 9 digits and 2 letters.

    >>> is_ine("0123456789A"), is_ine("012345678BC"), is_ine("01234567BCD")
    (True, True, False)
    """
    return re.fullmatch(r"[0-9]{9}[0-9A-Z][A-Z]", number) is not None
