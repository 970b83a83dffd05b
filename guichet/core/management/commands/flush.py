"""``manage.py flush``: Django's own, with our triggers lifted meanwhile (rows written once could not be removed else)."""

from typing import Any

from django.core.management.commands import flush

from guichet.core import triggers


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        triggers.drop(options["database"])
        try:
            super().handle(**options)
        finally:
            triggers.install(options["database"])
