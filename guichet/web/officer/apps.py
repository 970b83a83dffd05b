from django.apps import AppConfig


class OfficerConfig(AppConfig):
    name = "guichet.web.officer"
    label = "web_officer"
