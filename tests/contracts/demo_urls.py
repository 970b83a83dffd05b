"""The whole map of the site with the demonstration's pages: what a visitor of any set-up can meet."""

from django.urls import include, path

from guichet.config import urls

urlpatterns = [
    *(each for each in urls.urlpatterns if str(each.pattern) != "demo/"),
    path("demo/", include("guichet.demo.urls")),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
