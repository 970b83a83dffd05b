"""Numbers of permits, visas and photos, compared as people copy them."""

import unicodedata


def plain(number: str) -> str:
    """Capital letters and digits only: spaces, dashes, points and case are forgiven, and so are full-width characters.

    >>> plain("a1b2-c3d4 e")
    'A1B2C3D4E'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", number).upper() if char.isalnum())
