from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "guichet.web.design"
    label = "web_design"
