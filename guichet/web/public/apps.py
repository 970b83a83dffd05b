from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "guichet.web.public"
    label = "web_public"
