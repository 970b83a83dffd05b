"""French in the tests: pages, mails and papers are set as printers do (curly apostrophes, spaces that do not break), tests
are written with the keys of a keyboard.

By default each French text is said as its author wrote it, so that a test may quote it. A test that uses ``as_printed`` reads
what people read; see ``tests/contracts/test_french.py``, which holds pages, mails and papers to it.
"""

from collections.abc import Iterator

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


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> Iterator[tuple[list[dict], list[dict], list[dict]]]:
    """The French catalogues that Django uses, as loaded, and as their authors wrote them: the second is put in place."""
    in_use = trans_real.translation("fr")._catalog._catalogs
    loaded = [dict(catalogue) for catalogue in in_use]
    written = [{key: _written(key, text) if key else text for key, text in catalogue.items()} for catalogue in loaded]
    _say(in_use, written, lambda text: text)
    yield in_use, loaded, written
    _say(in_use, loaded, PRINTED)


def _say(in_use: list[dict], texts: list[dict], french) -> None:
    for catalogue, others in zip(in_use, texts, strict=True):
        catalogue.update(others)
    typography.french = french


@pytest.fixture
def as_printed(_catalogues: tuple[list[dict], list[dict], list[dict]]) -> Iterator[None]:
    """French as people read it."""
    in_use, loaded, written = _catalogues
    _say(in_use, loaded, PRINTED)
    yield
    _say(in_use, written, lambda text: text)
