"""Routes of ``web/public``."""

from django.urls import URLPattern, path

from guichet.web.public import views

app_name = "public"

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("aide/", views.help_index, name="help"),
    path("contact/", views.contact, name="contact"),
    path("titres/", views.orientation, name="orientation"),
    path("titres/<slug:slug>/", views.procedure, name="procedure"),
    path("accessibilite/", views.page, {"name": "accessibility"}, name="accessibility"),
    path("donnees-personnelles/", views.page, {"name": "personal_data"}, name="personal_data"),
    path("mentions-legales/", views.page, {"name": "legal"}, name="legal"),
    path("plan-du-site/", views.page, {"name": "site_map"}, name="site_map"),
]
