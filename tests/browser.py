"""A real browser against the real site: Debian's Chromium, a live server, phones and desktops, with and without JavaScript.

Tests that use these fixtures carry ``@pytest.mark.browser``. ``open_page(path, …)`` opens a page of the live server.
"""

import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

expect.set_options(timeout=60_000)  # a loaded machine is slow, not broken
PATIENCE = 60_000  # milliseconds, for whatever a page is waited for

PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1280, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def _until_answered(act: Callable[..., None]) -> Callable[..., None]:
    """An act of a person, and the whole of the page that answers it.

    By itself a click returns as soon as the answer begins: what is counted or read at once is then counted or read in half a
    page, on a loaded machine only. (What a script changes in the page later is waited for by the test, with ``expect``.)
    """

    @functools.wraps(act)
    def acting(one: Locator | Page, *args: Any, **kind: Any) -> None:
        act(one, *args, **kind)
        (one if isinstance(one, Page) else one.page).wait_for_load_state("load")

    return acting


for verb in ("click", "dblclick", "press"):
    setattr(Locator, verb, _until_answered(getattr(Locator, verb)))
setattr(Page, "click", _until_answered(Page.click))  # noqa: B010


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium: nothing is downloaded."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        pytest.fail("These tests drive Chromium: install it (Debian: apt-get install chromium), or name it with CHROMIUM=….")
    return {"executable_path": executable, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": DESKTOP, "reduced_motion": "reduce"}


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    """The address of the live server; links in mails lead to it."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def new_context(browser: Browser, browser_context_args: dict[str, Any], site: str) -> Iterator[Callable[..., BrowserContext]]:
    """``new_context(phone=True, javascript=False, language="en", dark=True)``: a browser of somebody new."""
    opened: list[BrowserContext] = []

    def make(*, phone: bool = False, javascript: bool = True, language: str = "fr", dark: bool = False) -> BrowserContext:
        context = browser.new_context(
            **{
                **browser_context_args,
                "base_url": site,
                "viewport": PHONE if phone else DESKTOP,
                "has_touch": phone,
                "is_mobile": phone,
                "java_script_enabled": javascript,
                "locale": {"fr": "fr-FR", "en": "en-GB"}[language],
                "color_scheme": "dark" if dark else "light",
            }
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    _let_the_site_finish()


def _let_the_site_finish() -> None:
    """What the site was still answering when the test ended is over before the tables are emptied."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """``open_page("/aide/", phone=True)``: a page in a new browser, answered with ``status`` (200 unless told).

    What its console says against us fails the test.
    """
    complaints: list[str] = []

    def make(path: str, *, status: int = 200, **kind: Any) -> Page:
        page = new_context(**kind).new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}") if _against_us(message) else None)
        answer = page.goto(path)
        assert answer is not None and answer.status == status, f"{path} answered {answer and answer.status}, not {status}"
        return page

    yield make
    assert not complaints, "The browser complained:\n" + "\n".join(complaints)


def _against_us(message: Any) -> bool:
    """Errors of the page: a blocked script, a missing file. The answer's own status (404, 422) is not one."""
    return message.type == "error" and "the server responded with a status of" not in message.text.replace(
        "Failed to load resource: ", ""
    )


@pytest.fixture
def page(open_page: Callable[..., Page], new_context: Callable[..., BrowserContext]) -> Page:
    """A desktop page of the live server."""
    return new_context().new_page()
