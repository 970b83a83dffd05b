"""Extracting a room's texts: what another room already says in English is proposed, what the room says itself is kept."""

from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils import translation

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


ROOM = """
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

LABEL = _("L'adresse : %(where)s")
SAME = pgettext("verbe", "C'est clos !")
ROWS = ngettext("%(count)d dossier d'ici ?", "%(count)d dossiers d'ici ?", 2)
"""


def test_compiling_sets_the_french_texts_with_their_contexts_and_plurals(house):
    (house / "here" / "words.py").write_text(ROOM)
    messages.update(house / "here")
    with messages.compiled_french_of(house / "here").open("rb") as compiled:
        french = GNUTranslations(compiled)
    assert french.gettext("L'adresse : %(where)s") == "L’adresse\u00a0: %(where)s"
    assert french.pgettext("verbe", "C'est clos !") == "C’est clos\u202f!"
    assert french.ngettext("%(count)d dossier d'ici ?", "%(count)d dossiers d'ici ?", 0) == "%(count)d dossier d’ici\u202f?"
    assert french.ngettext("%(count)d dossier d'ici ?", "%(count)d dossiers d'ici ?", 2) == "%(count)d dossiers d’ici\u202f?"


def test_nothing_is_left_beside_what_was_compiled(house):
    messages.update(house / "here")
    assert [path.name for path in messages.compiled_french_of(house / "here").parent.iterdir()] == ["django.mo"]


@pytest.mark.usefixtures("as_printed")
def test_every_text_of_the_house_is_said_as_printed():
    """What the site says is what was compiled from the sources of today."""
    with translation.override("fr"):
        for room in messages.rooms():
            for message in messages.in_french(messages.stored(room)):
                if not message.id:
                    continue
                if isinstance(message.id, tuple):
                    said = [translation.ngettext(*message.id, count) for count in (1, 2)]
                    assert said == list(message.string), room
                elif message.context:
                    assert translation.pgettext(message.context, message.id) == message.string, room
                else:
                    assert translation.gettext(message.id) == message.string, room
                    assert str(translation.gettext_lazy(message.id)) == message.string, room
