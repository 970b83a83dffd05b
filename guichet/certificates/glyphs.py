"""Which characters our fonts can draw. An archived, accessible PDF refuses to be made when one character has no glyph:
such characters are replaced on paper by a visible sign and told of; the data keep them.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fontpkg import Family, families

MISSING = "\ufffd"  # REPLACEMENT CHARACTER, which Noto Sans draws


def _installed() -> list[Family]:
    """The Noto Sans families, the Latin one first: installing the package of another script is enough to print it."""
    return sorted((family for family in families().values() if family.name.startswith("Noto Sans")), key=lambda one: one.name)


@cache
def font_folders() -> tuple[str, ...]:
    return tuple(str(family.files[0].path.parent) for family in _installed())


@cache
def font_names() -> tuple[str, ...]:
    return tuple(family.name for family in _installed())


@cache
def drawable() -> frozenset[int]:
    """Every code point that one of the fonts draws."""
    files = [path for folder in font_folders() for path in Path(folder).glob("*.[to]tf")]
    return frozenset(point for path in files for point in _code_points(path.read_bytes()))


def printable(text: str) -> tuple[str, bool]:
    """The text as it can be printed, and whether something had to be replaced.

    Controls and marks that turn the direction of writing are dropped: they could make a paper read otherwise than its data.
    """
    kept, replaced = [], False
    for char in unicodedata.normalize("NFC", text):
        if char == "\n" or (ord(char) in drawable() and unicodedata.category(char) not in {"Cc", "Cf"}):
            kept.append(char)
        elif unicodedata.category(char) in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif unicodedata.category(char) not in {"Cc", "Cf", "Mn"}:
            kept.append(MISSING)
            replaced = True
    return "".join(kept), replaced


def printable_tree(value: Any) -> tuple[Any, bool]:
    """``printable`` for every text of a JSON value."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        done = {key: printable_tree(inner) for key, inner in value.items()}
        return {key: inner for key, (inner, _) in done.items()}, any(replaced for _, replaced in done.values())
    if isinstance(value, list | tuple):
        listed = [printable_tree(inner) for inner in value]
        return [inner for inner, _ in listed], any(replaced for _, replaced in listed)
    return value, False


def _code_points(font: bytes) -> Iterator[int]:
    """The code points of a TrueType font's ``cmap`` table, formats 4 and 12 (the ones Unicode fonts use)."""
    count = struct.unpack_from(">H", font, 4)[0]
    tables = {font[12 + 16 * n : 16 + 16 * n]: struct.unpack_from(">I", font, 20 + 16 * n)[0] for n in range(count)}
    start = tables[b"cmap"]
    for n in range(struct.unpack_from(">H", font, start + 2)[0]):
        table = start + struct.unpack_from(">I", font, start + 8 + 8 * n)[0]
        form = struct.unpack_from(">H", font, table)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", font, table + 12)[0]):
                first, last, _ = struct.unpack_from(">III", font, table + 16 + 12 * group)
                yield from range(first, last + 1)
        elif form == 4:
            yield from _format_4(font, table)


def _format_4(font: bytes, table: int) -> Iterator[int]:
    segments = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, table + 14)
    starts = struct.unpack_from(f">{segments}H", font, table + 16 + 2 * segments)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, min(last, 0xFFFE) + 1)
