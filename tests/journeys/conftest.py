"""Journeys: a live site on an invented world, Chromium at its door.

``KEEP_SCREENS=folder`` keeps a picture of where each visitor stood when their test ended.
"""

import os
from pathlib import Path

import pytest

from tests.fixtures import until
from tests.journeys import world


@pytest.fixture
def lille(transactional_db, site):
    """The demonstration's people and officers; the address of the live site."""
    world.make()
    return site


@pytest.fixture
def at(open_page, request):
    """``at("/", phone=True)``: a page that knows whether it runs scripts."""
    pages = []

    def make(path="/", *, javascript=True, **kind):
        page = open_page(path, javascript=javascript, **kind)
        page.runs_scripts = javascript
        pages.append(page)
        return page

    yield make
    folder = os.environ.get("KEEP_SCREENS")
    for number, page in enumerate(pages if folder else []):
        page.screenshot(path=Path(folder) / f"{request.node.name}-{number}.png", full_page=True)


@pytest.fixture
def moving_clock(lille, settings):
    """``moving_clock(days=7)``: time passes for the live site and for the tests, and what falls due is done."""
    from datetime import timedelta

    from guichet.core import clock

    settings.DEMO = True
    token = clock._offset.set(timedelta())

    def move(**delta):
        clock.move(until(**delta))
        clock._offset.set(clock.stored_offset())
        world.deliver()

    yield move
    clock._offset.reset(token)
