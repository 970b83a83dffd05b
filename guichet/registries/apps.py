from django.apps import AppConfig


class RegistriesConfig(AppConfig):
    name = "guichet.registries"
    label = "registries"
