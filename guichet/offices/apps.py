from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "guichet.offices"
    label = "offices"
