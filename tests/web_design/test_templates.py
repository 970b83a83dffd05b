"""Rules of every template of the site: nothing inline, nothing unused, a title and a heading on each page."""

import re
from functools import cache
from pathlib import Path

import pytest
from django import forms as django_forms

import guichet

PACKAGE = Path(guichet.__file__).parent
BASE = "design/base.html"
TEMPLATES = {
    str(path.relative_to(folder)): path
    for folder in PACKAGE.rglob("templates")
    for path in folder.rglob("*")
    if path.is_file() and path.suffix in {".html", ".txt"}
}
PAGES_OF_MAIL = {"messaging/mail.html"}  # a mail has no style sheet to link to
HTML = sorted(name for name in TEMPLATES if name.endswith(".html") and name not in PAGES_OF_MAIL)
REFERENCE = re.compile(r"""\{%\s*(?:extends|include)\s+["']([^"']+)["']""")
COMMENT = re.compile(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)


@cache
def source(name: str) -> str:
    return COMMENT.sub("", TEMPLATES[name].read_text(encoding="utf-8"))


def parent(name: str) -> str | None:
    found = re.search(r"""\{%\s*extends\s+["']([^"']+)["']""", source(name))
    return found.group(1) if found else None


def parents(name: str) -> list[str]:
    above = parent(name)
    return [above, *parents(above)] if above in TEMPLATES else []


def included(name: str, seen: frozenset[str] = frozenset()) -> str:
    """The source of a template with that of what it includes."""
    text = source(name)
    for other in re.findall(r"""\{%\s*include\s+["']([^"']+)["']""", text):
        if other in TEMPLATES and other not in seen:
            text += included(other, seen | {name})
    return text


EXTENDED = {above for name in HTML for above in parents(name)}
PAGES = [name for name in HTML if BASE in parents(name) and name not in EXTENDED]


@pytest.mark.parametrize("name", HTML)
def test_nothing_is_inline(name):
    """The content security policy refuses inline handlers, styles and scripts: they would silently do nothing."""
    text = source(name)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", text), "an inline handler"
    assert not re.search(r"<[^>]+\sstyle\s*=", text), "an inline style"
    assert not re.search(r"<style\b", text), "a style element"
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), "an inline script"
    assert "javascript:" not in text


@pytest.mark.parametrize("name", HTML)
def test_nothing_comes_from_elsewhere(name):
    """No font, script, picture or frame of a third party."""
    assert not re.search(
        r"<(?:script|img|link|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", source(name)
    )


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_title_and_one_heading(name):
    chain = [name, *parents(name)]
    titled = [one for one in chain if one != BASE and re.search(r"\{%\s*block title\s*%\}\s*\S", source(one))]
    assert titled, "no title block"
    headings = sum(len(re.findall(r"<h1\b", included(one))) for one in chain)
    # A page that chooses between headings has one in each branch.
    branches = max(1, sum(len(re.findall(r"\{%\s*(?:else|elif)\b", included(one))) + 1 for one in chain))
    assert 1 <= headings <= branches, f"{headings} level-1 headings"


@pytest.mark.parametrize("name", [name for name in HTML if "<html" in source(name)])
def test_every_document_says_its_language(name):
    assert re.search(r"<html[^>]*\blang=\"\{\{ \w+ \}\}\"", source(name))
    assert re.search(r"<title>.*</title>", source(name), re.DOTALL) and "<meta charset=" in source(name)


@pytest.mark.parametrize("name", HTML)
def test_every_form_that_writes_is_protected(name):
    forms = re.findall(r"<form\b[^>]*>.*?</form>", source(name), re.DOTALL)
    assert all(
        "csrf_token" in form or "csrf.html" in form for form in forms if re.search(r"method=[\"']post", form, re.IGNORECASE)
    )


@pytest.mark.parametrize("name", HTML)
def test_pictures_have_a_text_alternative(name):
    assert all("alt=" in tag for tag in re.findall(r"<img\b[^>]*>", source(name)))


def test_no_template_is_unused():
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    named = {name for template in TEMPLATES for name in REFERENCE.findall(source(template))}
    patterns = [
        re.compile(re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(text)))
        for text in re.findall(r'f"([\w/{}.]+\.(?:html|txt))"', code)
    ]
    unused = [
        name
        for name in sorted(TEMPLATES)
        if name not in named
        and f'"{name}"' not in code
        and not any(pattern.fullmatch(name) for pattern in patterns)
        and not _is_mail(name, code)
        and name not in OFFERED
    ]
    assert not unused


# Components that no page needs yet are drawn by the tests of the components.
OFFERED: set[str] = set()


def _is_mail(name: str, code: str) -> bool:
    found = re.fullmatch(r"mails/(\w+)\.txt", name)
    return bool(found) and f'"{found.group(1)}"' in code


DJANGO_TEMPLATES = Path(django_forms.__file__).parent / "templates"  # ours include some of its widgets


def test_every_template_that_is_named_exists():
    missing = {
        f"{template}: {name}"
        for template in TEMPLATES
        for name in REFERENCE.findall(source(template))
        if name not in TEMPLATES and not (DJANGO_TEMPLATES / name).is_file()
    }
    assert not missing


def test_these_tests_see_the_templates():
    assert len(PAGES) > 20 and BASE in TEMPLATES
