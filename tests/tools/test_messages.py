"""Extracting a room's texts: what another room already says in English is proposed, what the room says itself is kept."""

from pathlib import Path

import pytest

from tools import messages

SAID = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "%s"\nmsgstr "%s"\n'


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Two rooms: «there» translates the same text as «here» uses."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    for room in ("here", "there"):
        folder = tmp_path / "guichet" / room
        folder.mkdir(parents=True)
        (folder / "apps.py").write_text("")
        (folder / "words.py").write_text(
            'from django.utils.translation import gettext as _\n\nWORD = _("Complément demandé")\n'
        )
    return tmp_path / "guichet"


def write(room: Path, english: str, french: str = "Complément demandé") -> None:
    path = messages.catalogue_of(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SAID % (french, english))


def english(room: Path) -> dict[str, str]:
    return {message.id: message.string for message in messages.stored(room) if message.id}


def test_a_text_new_in_a_room_takes_the_english_of_another_room(house):
    write(house / "there", "More documents requested")
    messages.update(house / "here")
    assert english(house / "here") == {"Complément demandé": "More documents requested"}


def test_a_text_left_empty_is_filled_and_a_text_already_said_is_kept(house):
    write(house / "there", "More documents requested")
    write(house / "here", "")
    messages.update(house / "here")
    assert english(house / "here") == {"Complément demandé": "More documents requested"}
    write(house / "here", "Said here otherwise")
    messages.update(house / "here")
    assert english(house / "here") == {"Complément demandé": "Said here otherwise"}


def test_what_nobody_says_stays_to_translate(house):
    messages.update(house / "here")
    assert english(house / "here") == {"Complément demandé": ""}
    assert [problem for problem in messages.problems(house / "here") if "not translated" in problem]
