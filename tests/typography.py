"""French in the tests: pages, mails and papers are set as printers do (curly apostrophes, spaces that do not break), tests
are written with the keys of a keyboard.

By default each French text is said as its author wrote it, so that a test may quote it. A test that uses ``as_printed`` reads
what people read; see ``tests/contracts/test_french.py``, which holds pages, mails and papers to it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.utils.translation import trans_real

from guichet.core import typography

PRINTED = typography.french


def keyboard(text: str) -> str:
    """A text as printed, with the keys of a keyboard."""
    for printed, typed in (
        (f"«{typography.NO_BREAK}", "«"),
        (f"{typography.NO_BREAK}»", "»"),
        (typography.NO_BREAK, " "),
        (typography.NARROW, " "),
        (typography.APOSTROPHE, "'"),
    ):
        text = text.replace(printed, typed)
    return text


def _written(key: object, text: str) -> str:
    """What the author wrote: the key of the catalogue says it, but for plural forms."""
    source = key.rpartition("\x04")[2] if isinstance(key, str) else ""
    return source if PRINTED(source) == text else keyboard(text)


class Catalogues:
    """The French catalogues that Django uses: as loaded, and as their authors wrote them."""

    def __init__(self) -> None:
        self.in_use = trans_real.translation("fr")._catalog._catalogs
        self.printed = [dict(catalogue) for catalogue in self.in_use]
        self.written = [{key: _written(key, text) if key else text for key, text in one.items()} for one in self.printed]

    def say(self, texts: list[dict], french: Callable[[str], str]) -> None:
        for catalogue, others in zip(self.in_use, texts, strict=True):
            catalogue.update(others)
        typography.french = french

    @contextmanager
    def as_printed(self) -> Iterator[None]:
        self.say(self.printed, PRINTED)
        yield
        self.say(self.written, _as_written)


def _as_written(text: str) -> str:
    return text


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> Iterator[Catalogues]:
    """French is said as it was written, unless a test asks otherwise."""
    found = Catalogues()
    found.say(found.written, _as_written)
    yield found
    found.say(found.printed, PRINTED)


@pytest.fixture
def as_printed(catalogues: Catalogues) -> Iterator[None]:
    """French as people read it, in one test."""
    with catalogues.as_printed():
        yield


@pytest.fixture(scope="module")
def all_as_printed(catalogues: Catalogues) -> Iterator[None]:
    """French as people read it, in the tests of a file and the world they share."""
    with catalogues.as_printed():
        yield
