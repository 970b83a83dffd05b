"""Catalogues of translations, without GNU gettext: extract, check, compile.

``python -m tools.messages guichet/web/officer …``  extracts the texts of these rooms into their English catalogues
``python -m tools.messages --compile``              compiles every catalogue (at set-up)
``python -m tools.messages --check``                fails on a text that is missing, untranslated, fuzzy or broken

Texts in the code are French, written with the keys of a keyboard; English needs a complete catalogue. Compiling makes the
French one by itself: the same texts, as ``guichet.core.typography`` sets them.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from guichet.core.typography import french

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
TEMPLATE_TAG = re.compile(r"\{%\s*(translate|trans|blocktranslate|blocktrans)\b(.*?)%\}", re.DOTALL)
STRING = re.compile(r"""^\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
TRANSLATED_ARGUMENT = re.compile(r"""_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
CONTEXT = re.compile(r"""\bcontext\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
BLOCK_END = re.compile(r"\{%\s*end(blocktranslate|blocktrans)\s*%\}")
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")

Found = tuple[str | tuple[str, str], str | None, Path, int]


def rooms() -> list[Path]:
    """Every folder that owns a catalogue: each application of the package."""
    return sorted(path.parent for path in (ROOT / "guichet").rglob("apps.py"))


def catalogue_of(room: Path) -> Path:
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def files_of(room: Path) -> Iterator[Path]:
    inner = [other for other in rooms() if other != room and room in other.parents]
    for path in sorted(room.rglob("*")):
        if (
            path.suffix in {".py", ".html", ".txt"}
            and "migrations" not in path.parts
            and not any(i in path.parents for i in inner)
        ):
            yield path


def unquote(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def tidy(text: str, trimmed: bool) -> str:
    text = VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().splitlines() if line.strip()) if trimmed else text


def from_template(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    for argument in TRANSLATED_ARGUMENT.finditer(source):
        yield unquote(argument[1]).replace("%", "%%"), None, path, source.count("\n", 0, argument.start()) + 1
    for tag in TEMPLATE_TAG.finditer(source):
        line = source.count("\n", 0, tag.start()) + 1
        name, options = tag[1], tag[2]
        found_context = CONTEXT.search(options)
        context = unquote(found_context[1]) if found_context else None
        if name in {"translate", "trans"}:
            literal = STRING.match(options)
            if literal:
                text = unquote(literal[1]).replace("%", "%%")
                yield text, context, path, line
            continue
        end = BLOCK_END.search(source, tag.end())
        if not end:
            raise SystemExit(f"{path}:{line}: blocktranslate without its end")
        trimmed = bool(re.search(r"\btrimmed\b", options))
        parts = [tidy(part, trimmed) for part in PLURAL.split(source[tag.end() : end.start()])]
        yield (parts[0] if len(parts) == 1 else (parts[0], parts[1])), context, path, line


def from_python(path: Path) -> Iterator[Found]:
    for line, text, _, context in extract_from_file("python", str(path), keywords=KEYWORDS):
        yield text, context, path, line


def extract(room: Path) -> Catalog:
    """The texts of a room, as an empty English catalogue."""
    catalogue = Catalog(locale="en", charset="utf-8")
    for path in files_of(room):
        for text, context, where, line in from_python(path) if path.suffix == ".py" else from_template(path):
            if text:
                catalogue.add(text, context=context, locations=[(str(where.relative_to(ROOT)), line)])
    return catalogue


def stored(room: Path) -> Catalog:
    path = catalogue_of(room)
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale="en")


def elsewhere(room: Path) -> dict[tuple[object, str | None], Message]:
    """What the other rooms say in English: one French text has one English text, since Django merges the catalogues."""
    return {
        (message.id, message.context): message
        for other in rooms()
        if other != room
        for message in stored(other)
        if message.id and _strings(message)
    }


def update(room: Path) -> None:
    found, kept = extract(room), stored(room)
    if not len(found) and not len(kept):
        return
    known = elsewhere(room) | {(message.id, message.context): message for message in kept if message.id and _strings(message)}
    for message in found:
        before = known.get((message.id, message.context))
        if message.id and before:
            message.string = before.string
    path = catalogue_of(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    found.revision_date = found.creation_date = None
    with path.open("wb") as target:
        write_po(target, found, sort_output=True, omit_header=False, no_location=True, width=120)
    text = re.sub(
        rb'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Project-Id-Version|'
        rb'Report-Msgid-Bugs-To)[^"]*"\n',
        b"",
        path.read_bytes(),
    )
    text = re.sub(rb"\A(#[^\n]*\n)+", b"", text).replace(b'#, fuzzy\nmsgid ""\n', b'msgid ""\n')
    path.write_bytes(text)
    compile_room(room)
    missing = sum(1 for message in found if message.id and not _strings(message))
    print(f"{path.relative_to(ROOT)}: {len(found)} texts, {missing} to translate")


def compile_room(room: Path) -> None:
    path = catalogue_of(room)
    if path.exists():
        texts = stored(room)
        _write(texts, path.with_suffix(".mo"))
        _write(in_french(texts), compiled_french_of(room))


def compiled_french_of(room: Path) -> Path:
    return room / "locale" / "fr" / "LC_MESSAGES" / "django.mo"


def in_french(texts: Catalog) -> Catalog:
    """The French catalogue of the same texts: each is its own translation, with the apostrophes and spaces of French."""
    catalogue = Catalog(locale="fr", charset="utf-8")
    for message in texts:
        if message.id:
            forms = message.id if isinstance(message.id, tuple | list) else (message.id,)
            said = tuple(french(form) for form in forms)
            catalogue.add(message.id, said if len(said) > 1 else said[0], context=message.context)
    return catalogue


def _write(catalogue: Catalog, path: Path) -> None:
    """Writes beside, then puts in place: a site that starts meanwhile reads the whole of one or of the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with beside.open("wb") as target:
        write_mo(target, catalogue)
    beside.replace(path)


def _strings(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(strings) and all(strings)


def problems(room: Path) -> Iterator[str]:
    path = catalogue_of(room).relative_to(ROOT)
    kept = {(message.id, message.context): message for message in stored(room) if message.id}
    for message in extract(room):
        if not message.id:
            continue
        first = message.id[0] if isinstance(message.id, tuple | list) else message.id
        known = kept.get((message.id, message.context))
        if known is None:
            yield f"{path}: missing: {first!r} (python -m tools.messages {room.relative_to(ROOT)})"
        elif not _strings(known):
            yield f"{path}: not translated: {first!r}"
        elif known.fuzzy:
            yield f"{path}: fuzzy: {first!r}"
        else:
            said = " ".join(message.id) if isinstance(message.id, tuple | list) else message.id  # the plural may say more
            names = set(re.findall(r"%\((\w+)\)|(?<!\{)\{(\w+)\}", said))
            for string in known.string if isinstance(known.string, tuple | list) else [known.string]:
                used = set(re.findall(r"%\((\w+)\)|(?<!\{)\{(\w+)\}", string))
                if used - names:
                    yield f"{path}: unknown variable in the translation of {first!r}"


def main(arguments: list[str]) -> int:
    if arguments == ["--compile"]:
        for room in rooms():
            compile_room(room)
        return 0
    if arguments == ["--check"]:
        found = [problem for room in rooms() for problem in problems(room)]
        print("\n".join(found) or "translations: complete")
        return 1 if found else 0
    for argument in arguments or [str(room) for room in rooms()]:
        update((ROOT / argument).resolve())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
