from django.apps import AppConfig


class RegistriesConfig(AppConfig):
    name = "guichet.registries"
    label = "registries"

    def ready(self) -> None:
        from guichet.registries import checks  # noqa: F401 - registers its checks
