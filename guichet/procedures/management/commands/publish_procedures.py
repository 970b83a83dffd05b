"""``manage.py publish_procedures``: stores what the catalogue says, so that applications can point to it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guichet.procedures.actions import PublishedVersionChanged, publish_catalogue
from guichet.procedures.source import DefinitionError


class Command(BaseCommand):
    help = "Publishes every version of the catalogue that is not published yet; run it after each change of the catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = publish_catalogue()
        except (DefinitionError, PublishedVersionChanged) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Published: {', '.join(done.published) or 'nothing new'}.")
