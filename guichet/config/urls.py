"""The map of the site: each sub-room of ``web`` draws its own."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guichet.web.public.urls")),
    path("compte/", include("guichet.web.account.urls")),
    path("agents/", include("guichet.web.officer.urls")),
    path("rdv/", include("guichet.web.booking.urls")),
    path("", include("guichet.web.applicant.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("guichet.demo.urls")))

handler400 = "guichet.web.public.errors.bad_request"
handler403 = "guichet.web.public.errors.forbidden"
handler404 = "guichet.web.public.errors.not_found"
handler500 = "guichet.web.public.errors.server_error"
