"""One French word, one English term, in every room: who reads English meets the same thing under the same name."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOMS = Path(__file__).parents[2] / "guichet"
CATALOGUES = sorted(ROOMS.glob("**/locale/en/LC_MESSAGES/django.po"))
THE_PAPER = re.compile(r"\bconvocations?\b", re.I)
IN_ENGLISH = "appointment letter"


def texts(path):
    """(French, English) of a catalogue, each form of a plural apart."""
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                forms = (message.id, message.string)
                yield from zip(*(one if isinstance(one, list | tuple) else (one,) for one in forms), strict=False)


def test_there_are_catalogues_that_name_the_paper():
    assert sum(bool(THE_PAPER.search(french)) for path in CATALOGUES for french, _english in texts(path)) > 20


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.relative_to(ROOMS).parts[:-4]))
def test_the_paper_of_an_appointment_has_one_english_name(path):
    """«Appointment letter»; the French word stands beside it, in brackets, where somebody first meets it."""
    wrong = []
    for french, english in texts(path):
        if THE_PAPER.search(french) and IN_ENGLISH not in english.lower():
            wrong.append((french, english))
        if re.search(r"\bsummons\b", english, re.I) or THE_PAPER.search(
            english.replace(f"{IN_ENGLISH} (convocation)", "").replace("Appointment letter (convocation)", "")
        ):
            wrong.append((french, english))
    assert not wrong
