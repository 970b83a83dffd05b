from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "guichet.permits"
    label = "permits"
