"""The trimmed style sheet holds what pages use, and little else."""

import gzip
import re
from pathlib import Path

from guichet.web.design import stylesheet

AGAIN = "run: python manage.py build_stylesheet"
TEMPLATES = [path for path in stylesheet.PACKAGE.rglob("*.html")]
CLASS = re.compile(r"\bfr-[a-z][a-z0-9-]*(?:__[a-z0-9-]+)?(?:--[a-z0-9-]+)?")


def committed() -> str:
    return stylesheet.TARGET.read_text(encoding="utf-8")


def test_the_committed_sheet_is_the_one_that_is_built():
    assert committed().startswith(stylesheet.components()), AGAIN
    assert stylesheet.FONTS.read_text(encoding="utf-8") == stylesheet.fonts(), AGAIN


def test_every_icon_that_a_page_names_is_in_the_sheet():
    missing = [name for name in sorted(stylesheet.icons_in_use()) if stylesheet.icon_rule(name) not in committed()]
    assert not missing, f"{missing}: {AGAIN}"


def test_no_page_names_an_icon_that_does_not_exist():
    sizes = {"fr-icon--sm", "fr-icon--xs", "fr-icon--md", "fr-icon--lg"}
    unknown = {
        f"{path.relative_to(stylesheet.PACKAGE)}: {name}"
        for path in TEMPLATES
        for name in stylesheet.ICON.findall(path.read_text(encoding="utf-8"))
        if name not in sizes and not stylesheet.is_icon(name)
    }
    assert not unknown


def test_every_class_of_the_design_system_that_a_page_uses_was_kept():
    known = set(CLASS.findall(stylesheet.original()))
    kept = set(CLASS.findall(committed()))
    lost = {
        f"{path.relative_to(stylesheet.PACKAGE)}: {name}"
        for path in TEMPLATES
        for value in re.findall(r'class="([^"]*)"', path.read_text(encoding="utf-8"))
        for name in CLASS.findall(value)
        if name in known and name not in kept
    }
    assert not lost, "take them out of stylesheet.DROPPED"


def test_a_rule_that_only_excludes_what_was_left_out_is_kept():
    """Many rules of the design system begin by excluding the icons' former names (``:not([class^=fr-fi-])``)."""
    rule = re.search(r"\.fr-notice--warning \.fr-notice__title:not\([^{]*\{", stylesheet.original()).group(0)
    assert "fr-fi-" in rule and rule in committed()


def test_files_named_by_the_sheets_exist():
    from django.contrib.staticfiles import finders

    for text in (committed(), stylesheet.FONTS.read_text(encoding="utf-8")):
        for address in set(re.findall(r"url\(\.\./([^)]+)\)", text)):
            assert finders.find(address), address


def test_every_variable_the_sheet_reads_is_one_the_original_lacks_or_the_sheet_sets():
    def unset(text: str) -> set[str]:
        return set(re.findall(r"var\((--[\w-]+)\)", text)) - set(re.findall(r"(--[\w-]+):", text))

    assert unset(committed()) <= unset(stylesheet.original())


def test_a_phone_downloads_little():
    folder = stylesheet.FOLDER
    css = sum(len(gzip.compress(path.read_bytes())) for path in folder.glob("*.css") if path != stylesheet.FONTS)
    js = sum(len(gzip.compress((folder / name).read_bytes())) for name in ("early.js", "guichet.js"))
    assert css < 64 * 1024 and js < 2 * 1024


def test_own_sheet_uses_no_colour_of_its_own():
    """Colours are the design system's variables, so that the dark theme follows; a fallback beside a variable is allowed."""
    own = (Path(stylesheet.FOLDER) / "guichet.css").read_text(encoding="utf-8")
    bare = re.sub(r"var\([^)]*\)", "", own)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", bare) == ["#0a76f6"], (
        "the focus colour of the design system, which has no variable"
    )
