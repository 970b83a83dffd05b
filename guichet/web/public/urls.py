"""Routes of ``web/public``."""

from django.urls import URLPattern, path

from guichet.web.public import contact, health, orientation, procedures, views

app_name = "public"

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("aide/", views.help_index, name="help"),
    path("aide/<slug:slug>/", views.help_topic, name="help_topic"),
    path("contact/", contact.contact, name="contact"),
    path("contact/envoye/", contact.contact_sent, name="contact_sent"),
    path("titres/", orientation.orientation, name="orientation"),
    path("titres/<slug:slug>/", procedures.procedure, name="procedure"),
    path("titres/<slug:slug>/documents.pdf", procedures.document_list, name="document_list"),
    path("accessibilite/", views.page, {"name": "accessibility"}, name="accessibility"),
    path("donnees-personnelles/", views.page, {"name": "personal_data"}, name="personal_data"),
    path("mentions-legales/", views.page, {"name": "legal"}, name="legal"),
    path("plan-du-site/", views.site_map, name="site_map"),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", health.robots, name="robots"),
]
