"""Whatever any room shows in the timeline has its sentence."""

import ast
from pathlib import Path

import guichet
from guichet.applications import words


def visible_kinds():
    """The kinds of every ``record("kind", …, visible=True)`` about an application, read in the source."""
    for path in Path(guichet.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "attr", getattr(node.func, "id", "")) != "record":
                continue
            shown = any(word.arg == "visible" and getattr(word.value, "value", False) is True for word in node.keywords)
            about = ast.unparse(node.args[1]) if len(node.args) > 1 else ""
            if shown and isinstance(node.args[0], ast.Constant) and ("subject_of" in about or "application" in about):
                yield node.args[0].value


def test_every_event_shown_to_a_person_has_its_words():
    kinds = set(visible_kinds())
    assert "complement_opened" in kinds  # the walk sees what instruction records
    assert kinds <= set(words.EVENTS)


def test_a_date_that_moved_is_told_in_words():
    said = words.told("silence_date_moved", {"from": "2026-03-01", "to": "2026-07-14"})
    assert "le 14 juillet 2026, et non plus le 1er mars 2026" in said
