"""The style sheet of the design system, without most of what our pages leave out: phones on slow networks load it first.

``manage.py build_stylesheet`` writes ``static/design/dsfr.css`` from the files of django-dsfr; a test tells when it must be
run again (an icon that a page has begun to use, a new version of the design system).
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "static" / "design"
TARGET = FOLDER / "dsfr.css"
FONTS = FOLDER / "marianne.css"
SOURCE = "static/dsfr/dist"
# Components that no page of ours uses, older browsers' icon names, and a font that we do not load.
DROPPED = (
    "fr-fi-", "fr-follow", "fr-share", "fr-consent", "fr-quote", "fr-range", "fr-segmented", "fr-sidemenu", "fr-toggle",
    "fr-transcription", "fr-display", "fr-translate", "fr-connect-plus", "mourning", "fr-content-media", "fr-artwork",
    "fr-header__search", "fr-header__operator", "fr-footer__partners", "fr-nav__item--align", "fr-mega-menu", "fr-footer__top",
)  # fmt: skip
COLOURS = re.compile(
    r"--(?:green-\w+|pink-\w+|brown-\w+|beige-\w+|purple-(?!glycine)\w+|yellow-(?!moutarde)\w+|orange-\w+|blue-(?!france)\w+|(?:text|background|border|artwork)-"
    r"[\w-]*(?:green-|pink-|purple-(?!glycine)|yellow-(?!moutarde)|orange-|brown-|beige-|blue-ecume|blue-cumulus)[\w-]*|artwork-[\w-]+)\b"
)
TINTED = re.compile(r"\.fr-[\w-]*--(?:green|pink|purple|yellow|orange|brown|beige|blue-ecume|blue-cumulus)-?[\w-]*")
NEGATION = re.compile(r":not\((?:[^()]|\([^()]*\))*\)")
ICON = re.compile(r"\bfr-icon-[a-z0-9-]*[a-z0-9]")


def build() -> str:
    """The whole text of the style sheet."""
    return components() + "\n" + "\n".join(icon_rule(name) for name in sorted(icons_in_use())) + "\n"


def components() -> str:
    """The rules of the components that are kept, without any icon of our own choice."""
    kept = "".join(_kept(original())).replace("Marianne,arial", "Marianne,system-ui,-apple-system,Roboto,arial")
    return re.sub(r"url\((?:\.\./)*(icons|fonts|artwork)/", r"url(../dsfr/dist/\1/", kept)


def fonts() -> str:
    """The State's typeface, loaded only by those who may bear its block: regular, medium and bold."""
    kept = [
        re.sub(r",url\([^)]*\.woff\) format\(\"woff\"\)", "", body).replace("url(fonts/", "url(../dsfr/dist/fonts/")
        for head, body in _rules(original())
        if head.endswith("@font-face") and "Marianne" in body and "normal" in body and "300" not in body
    ]
    return "\n".join(f"@font-face{{{body}}}" for body in kept) + "\n"


def icons_in_use() -> set[str]:
    """The icon classes named in templates, scripts and code of the site."""
    named: set[str] = set()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".html", ".py", ".js", ".yaml"} and "migrations" not in path.parts:
            named |= set(ICON.findall(path.read_text(encoding="utf-8")))
    return {name for name in named if _icon_file(name)}


def icon_rule(name: str) -> str:
    address = f"url(../dsfr/dist/{_icon_file(name)})"
    return f".{name}::before,.{name}::after{{-webkit-mask-image:{address};mask-image:{address}}}"


@cache
def _icon_files() -> dict[str, str]:
    """``fr-icon-add-line`` → ``icons/system/add-line.svg``."""
    folder = Path(str(files("dsfr"))) / SOURCE
    return {f"fr-icon-{path.stem.removeprefix('fr--')}": str(path.relative_to(folder)) for path in folder.glob("icons/*/*.svg")}


def is_icon(name: str) -> bool:
    """Whether the design system has this icon."""
    return bool(_icon_file(name))


def _icon_file(name: str) -> str:
    return _icon_files().get(name, "")


def original() -> str:
    """The design system's own sheet, licence first, without other comments."""
    text = (Path(str(files("dsfr"))) / SOURCE / "dsfr.main.min.css").read_text(encoding="utf-8")
    licence = re.search(r"/\*!\s*\* DSFR.*?\*/", text, re.DOTALL)
    return (licence.group().strip() if licence else "") + re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Each top-level rule: its head (selectors or at-rule) and its body without the braces."""
    position = 0
    while True:
        opening = text.find("{", position)
        if opening < 0:
            return
        depth, closing = 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[closing], 0)
            closing += 1
        yield text[position:opening].strip(), text[opening + 1 : closing - 1]
        position = closing


def _kept(text: str) -> Iterator[str]:
    for head, body in _rules(text):
        licence = ""
        if head.startswith("/*!"):
            licence, _, head = head.partition("*/")
            yield licence + "*/\n"
        head = head.rsplit(";", 1)[-1] if head.startswith("@charset") else head
        if head.startswith("@media"):
            inner = "".join(_kept(body))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@font-face"):
            continue  # see fonts()
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [one for one in _split(head) if not _is_dropped(one)]
            declarations = _without_colours(body)
            if selectors and declarations:
                yield f"{','.join(selectors)}{{{declarations}}}"


def _is_dropped(selector: str) -> bool:
    """Whether a selector speaks of something left out; what it excludes (``:not(…)``) does not count."""
    meant = NEGATION.sub("", selector)
    return any(word in meant for word in DROPPED) or bool(TINTED.search(meant))


def _without_colours(body: str) -> str:
    """Declarations without the variables of colours of illustration, which no page of ours names."""
    return ";".join(part for part in _split(body, ";") if not COLOURS.match(part.split(":", 1)[0].strip()))


def _split(text: str, separator: str = ",") -> list[str]:
    """Splits outside parentheses, brackets and quotes."""
    parts, depth, start, quote = [], 0, 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == separator and not depth:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]
