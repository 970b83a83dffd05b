"""Sizes of files in the words that phones and computers use: «940 Ko», «2,3 Mo»."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

KILO, MEGA = 1_000, 1_000_000  # bytes


def size_in_words(size: int) -> str:
    """``size`` in bytes, in the active language; never less than one kilobyte."""
    if size < MEGA - KILO // 2:
        return _("%(size)s Ko") % {"size": max(1, round(size / KILO))}
    return _("%(size)s Mo") % {"size": number_format(round(size / MEGA, 1), 1)}
