from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "guichet.procedures"
    label = "procedures"
