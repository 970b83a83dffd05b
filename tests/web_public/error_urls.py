"""Routes that fail, for the tests only."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from guichet.config.urls import handler400, handler403, handler404, handler500
from guichet.web.public import errors

__all__ = ["handler400", "handler403", "handler404", "handler500"]
answer = errors.not_found


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


urlpatterns = [
    path("erreur/", lambda request: answer(request)),
    path("panne/", fails),
    path("", include("guichet.config.urls")),
]
