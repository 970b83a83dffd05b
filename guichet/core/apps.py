from django.apps import AppConfig
from django.core.signals import got_request_exception
from django.db.models.signals import post_migrate, pre_migrate


class CoreConfig(AppConfig):
    name = "guichet.core"
    label = "core"

    def ready(self) -> None:
        from guichet.core import middleware, triggers

        # Framework signals, not signals between rooms: SQLite rebuilds a table and silently drops its triggers.
        pre_migrate.connect(triggers.drop_before_migrate, sender=self, dispatch_uid="core.triggers.drop")
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="core.triggers.install")
        # Errors of views and of middlewares alike pass there once.
        got_request_exception.connect(middleware.log_exception, dispatch_uid="core.middleware.log_exception")
