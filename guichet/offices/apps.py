from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


def load_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Every migrated database has the offices, also the ones of tests. Nothing while the table is missing or still old."""
    from guichet.offices import actions
    from guichet.offices.models import Office

    connection = connections[using]
    with connection.cursor() as cursor:
        table = Office._meta.db_table
        if table not in connection.introspection.table_names(cursor):
            return
        present = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    if present >= {field.column for field in Office._meta.local_concrete_fields}:
        actions.load_offices(using)


class OfficesConfig(AppConfig):
    name = "guichet.offices"
    label = "offices"

    def ready(self) -> None:
        # A framework's signal, not one between rooms.
        post_migrate.connect(load_after_migrate, sender=self, dispatch_uid="offices.load")
