"""The name a person gave to a file: kept to be shown, cleaned, with the ending of what the file really is."""

import unicodedata

ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
LONGEST = 150
FORBIDDEN = set('\\/:*?"<>|')


def shown_name(given: str, content_type: str, *, default: str = "document") -> str:
    """``photo.HEIC`` taken as a JPEG becomes ``photo.jpg``. Folders, control and direction characters are dropped.

    >>> shown_name("C:\\\\scans\\\\acte\\u202efdp.exe", "application/pdf")
    'actefdp.pdf'
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable() and unicodedata.category(char) != "Cf" and char not in FORBIDDEN)
    stem, dot, ending = kept.rpartition(".")
    stem = (stem if dot and 0 < len(ending) <= 5 and ending.isalnum() else kept).strip(" .")
    suffix = ENDINGS[content_type]
    return (stem or default)[: LONGEST - len(suffix)].rstrip(" .") + suffix
