"""What the certificate is called, as dated data: its name changed, and papers keep the one of their day."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from guichet.core.typography import french


@dataclass(frozen=True)
class Name:
    """A name in force from a day on. ``short`` is what people and prefectures call it."""

    since: date
    fr: str
    en: str
    short: str
    legal_basis: str
    verify: str = ""

    def __str__(self) -> str:
        return self.en if (get_language() or "fr").startswith("en") else french(self.fr)


NAMES = (
    Name(
        since=date(2021, 1, 1),
        fr="Autorisation de prolongation d'instruction",
        en="Authorisation extending the examination",
        short="ADP",
        legal_basis="",
        verify="a word of prefectures, seen on their pages; its dates were not found in a text",
    ),
    Name(
        since=date(2021, 5, 1),
        fr="Attestation de prolongation d'instruction",
        en="Certificate of extended examination",
        short="API",
        legal_basis="CESEDA R431-15-1",
        verify="the day on which the decree of 24 March 2021 entered into force",
    ),
)


def name_on(day: date) -> Name:
    """The name in force on a day; the oldest known one before."""
    return next((name for name in reversed(NAMES) if name.since <= day), NAMES[0])
