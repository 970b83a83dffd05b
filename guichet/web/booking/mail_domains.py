"""Addresses that look mistyped: the ends that most people here have, and what is one slip away from them."""

from difflib import get_close_matches

# The mailboxes most seen in France and among those who come from elsewhere. A new one is a line here.
USUAL = (
    *("gmail.com", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr", "live.fr", "live.com", "msn.com"),
    *("yahoo.com", "yahoo.fr", "icloud.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "neuf.fr"),
    *("bbox.fr", "proton.me", "protonmail.com", "gmx.fr", "gmx.com", "aol.com", "yandex.ru", "mail.ru", "hotmail.co.uk"),
)
# Mailboxes that exist and look like one of the usual ones: nothing is to be said of them.
ALSO_REAL = (
    *("mail.com", "ymail.com", "email.com", "googlemail.com", "outlook.es", "outlook.pt", "hotmail.es", "hotmail.it"),
    *(
        "yahoo.es",
        "yahoo.it",
        "yahoo.de",
        "yahoo.ca",
        "yahoo.in",
        "live.nl",
        "live.be",
        "live.ca",
        "gmx.de",
        "gmx.net",
        "aol.fr",
    ),
    *(
        "hotmail.be",
        "outlook.be",
        "outlook.de",
        "hotmail.de",
        "mac.com",
        "me.com",
        "gmx.net",
        "orange.com",
        "orange.tn",
        "free.com",
    ),
)
_LIKE = 0.87  # how much two ends share, from 0 to 1: one slip of a long one, none of a short one


def likely(email: str) -> str:
    """The address that was probably meant; empty when there is nothing to say. ``maria@gmial.com`` → ``maria@gmail.com``."""
    name, at, end = email.rpartition("@")
    end = end.lower().rstrip(".")
    if not at or end in USUAL or end in ALSO_REAL:
        return ""
    near = get_close_matches(end, USUAL, n=1, cutoff=_LIKE)
    return f"{name}@{near[0]}" if near else ""
