"""What the shape check found, as sentences that tell how to mend it."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from guichet.procedures import definition
from guichet.procedures.source import Position, Problem, Table, locate

_KEYS = sorted(
    {
        name
        for model in vars(definition).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
        for name in model.model_fields
    }
    | {"use", "add", "effective"}
)
_LANGUAGES = {"fr": "French", "en": "English"}
_PATTERNS = {
    "version": 'A version is written between quotes as a month or a day: "2026-09".',
    "newer_than": "A duration is written like «6 months»: a number, then days, months or years.",
    "after": "A duration is written like «4 months»: a number, then days, months or years.",
    "lasts": "A duration is written like «12 months»: a number, then days, months or years.",
}
_IDENTIFIER = "«{input}» is not an identifier: use small letters, digits and single underscores, beginning with a letter."


def sentence(error: Any, tree: Table) -> Problem:
    """One problem of a pydantic error. ``tree`` is what was checked, with its places."""
    path = tuple(step for step in error["loc"] if isinstance(step, str | int))
    kind, last = error["type"], str(path[-1]) if path else ""
    place = locate(tree, path).position
    if kind == "extra_forbidden":
        return Problem(_key_place(tree, path), _unknown(last))
    wording = _WORDINGS.get(kind)
    message = wording(last, error, path) if wording else f"{error['msg']}."
    return Problem(place, message)


def _key_place(tree: Table, path: tuple[str | int, ...]) -> Position:
    above = locate(tree, path[:-1])
    if isinstance(above, Table) and path[-1] in above.keys:
        return above.keys[str(path[-1])]
    return above.position


def _unknown(key: str) -> str:
    near = get_close_matches(key, [each for each in _KEYS if each != key], n=1)
    return f"There is no «{key}» here." + (f" Did you mean «{near[0]}»?" if near else " Remove it, or check the indentation.")


def _missing(last: str, error: Any, path: tuple[str | int, ...]) -> str:
    if last in _LANGUAGES:
        return f"This text has no {_LANGUAGES[last]}: add «{last}: …»."
    return f"«{last}» is missing here: add it."


def _pattern(last: str, error: Any, path: tuple[str | int, ...]) -> str:
    for name in (last, *(str(step) for step in reversed(path))):
        if name in _PATTERNS:
            return _PATTERNS[name]
    return _IDENTIFIER.format(input=error["input"])


def _literal(last: str, error: Any, path: tuple[str | int, ...]) -> str:
    expected = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), last)
    near = get_close_matches(str(error["input"]), expected.split(", "), n=1)
    return f"«{error['input']}» is no «{name}». " + (f"Did you mean «{near[0]}»?" if near else f"There are: {expected}.")


def _a_text(last: str, error: Any, path: tuple[str | int, ...]) -> str:
    if last in _LANGUAGES:
        return f"«{last}» must be a text: put it between quotes."
    if "required" in path:
        return "«required» is true, false or a condition."
    return f"«{_named(path)}» must be a text: put it between quotes."


def _named(path: tuple[str | int, ...]) -> str:
    return next((str(step) for step in reversed(path) if isinstance(step, str) and not step.startswith("constrained")), "")


def _table(last: str, error: Any, path: tuple[str | int, ...]) -> str:
    if last in ("label", "title", "help", "message", "intro", "summary", "way_forward") or last.endswith("_label"):
        return f"«{last}» is a text in both languages: write «{{fr: …, en: …}}»."
    return f"«{_named(path)}» must be a table of «key: value» lines."


_Wording = Callable[[str, Any, tuple[str | int, ...]], str]
_WORDINGS: dict[str, _Wording] = {
    "missing": _missing,
    "string_pattern_mismatch": _pattern,
    "literal_error": _literal,
    "string_type": _a_text,
    "bool_type": lambda last, error, path: (
        f"«{_named(path)}» is true or false, without quotes."
        if "required" not in path
        else "«required» is true, false or a condition."
    ),
    "int_type": lambda last, error, path: f"«{_named(path)}» is a whole number, without quotes.",
    "tuple_type": lambda last, error, path: f"«{_named(path)}» must be a list: begin each line with «- », or write [a, b].",
    "dict_type": _table,
    "model_type": _table,
    "model_attributes_type": _table,
    "string_too_short": lambda last, error, path: f"«{_named(path)}» is empty: write it, or remove the line.",
    "string_too_long": lambda last, error, path: (
        f"«{_named(path)}» is too long: {error['ctx']['max_length']} characters at most."
    ),
    "greater_than_equal": lambda last, error, path: f"«{_named(path)}» must be at least {error['ctx']['ge']}.",
    "less_than_equal": lambda last, error, path: f"«{_named(path)}» must be at most {error['ctx']['le']}.",
    "value_error": lambda last, error, path: str(error["ctx"]["error"]),
}
