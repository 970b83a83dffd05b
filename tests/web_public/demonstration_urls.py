"""The routes with those that the demonstration adds, and its context processor: for the tests only."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def demonstration(request: HttpRequest) -> dict:
    return {}


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


demo = (
    [
        path("courriels/", nothing, name="mailbox"),
        path("horloge/", nothing, name="clock"),
        path("remise-a-zero/", nothing, name="reset"),
    ],
    "demo",
)
urlpatterns = [path("demo/", include(demo)), path("", include("guichet.config.urls"))]
