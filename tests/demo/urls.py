"""The site's routes with the demonstration's, as with DEMO=1."""

from django.urls import include, path

from guichet.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("demo/", include("guichet.demo.urls"))]
