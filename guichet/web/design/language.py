"""Which language a page speaks.

In this order: what this very request asks (``?lang=en``, or the «read in English» button of a form), the last choice
made in this browser (a cookie), the account's own language, what the browser prefers, French. The choice is never written
to the database by a page that was only asked for: mails follow the account's language, which the account page changes.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

PARAMETER = "lang"  # in the address
BUTTON = "_language"  # name of the submit button that changes the language and keeps what was typed
A_YEAR = 365 * 24 * 3600


def offered() -> tuple[str, ...]:
    """The codes of the languages of the site, the default one first."""
    return tuple(code for code, _ in settings.LANGUAGES)


def asked(request: HttpRequest) -> str | None:
    """The language that this request asks for, if it asks for one we have."""
    for code in (request.POST.get(BUTTON) if request.method == "POST" else None, request.GET.get(PARAMETER)):
        if code in offered():
            return code
    return None


def is_switch(request: HttpRequest) -> bool:
    """Was the form sent only to be read in another language? Nothing is then to be checked nor done: show it again."""
    return request.method == "POST" and request.POST.get(BUTTON) in offered()


def remember(response: HttpResponse, code: str) -> None:
    """Keeps the choice in this browser, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=A_YEAR,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
    )


class LanguageMiddleware:
    """Activates the language of each request and says it in the answer (``Content-Language``, ``Vary``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        code = request.GET.get(PARAMETER)
        # Django's own reading: the cookie, then what the browser prefers, then French.
        _activate(request, code if code in offered() else translation.get_language_from_request(request))
        try:
            response = self.get_response(request)
            spoken = translation.get_language() or settings.LANGUAGE_CODE
        finally:
            translation.deactivate()
        if asked(request):
            remember(response, spoken)
        response.headers.setdefault("Content-Language", spoken)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The button of a form and the account's language need what inner middlewares prepared."""
        code = asked(request)
        if not code and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) not in offered() and request.user.is_authenticated:
            code = request.user.language
        if code in offered():
            _activate(request, code)


def _activate(request: HttpRequest, code: str) -> None:
    translation.activate(code)
    request.LANGUAGE_CODE = code
