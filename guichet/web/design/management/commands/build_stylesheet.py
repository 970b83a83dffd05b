"""``manage.py build_stylesheet``: the design system's style sheet, trimmed to what the pages use."""

from typing import Any

from django.core.management.base import BaseCommand

from guichet.web.design import stylesheet


class Command(BaseCommand):
    help = "Writes static/design/dsfr.css and marianne.css from the files of django-dsfr and the icons that pages name."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        text = stylesheet.build()
        stylesheet.TARGET.write_text(text, encoding="utf-8")
        stylesheet.FONTS.write_text(stylesheet.fonts(), encoding="utf-8")
        self.stdout.write(f"{stylesheet.TARGET.name}: {len(text.encode()) // 1024} KB")
