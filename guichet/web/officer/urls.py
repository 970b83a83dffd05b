"""Routes of ``web/officer``."""

from django.urls import URLPattern

app_name = "officer"

urlpatterns: list[URLPattern] = []
