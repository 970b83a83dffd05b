"""``manage.py show_lifecycle``: the life of an application as a Mermaid diagram, drawn from the table itself."""

from typing import Any

from django.core.management.base import BaseCommand

from guichet.applications.lifecycle import NEVER_DEPOSITED, TRANSITIONS, State


class Command(BaseCommand):
    help = "Prints the lifecycle of an application as a Mermaid state diagram."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("stateDiagram-v2")
        self.stdout.write(f"    [*] --> {State.DRAFT}")
        for move in TRANSITIONS:
            roles = ", ".join(sorted(move.by))
            for source in sorted(move.sources):
                self.stdout.write(f"    {source} --> {move.target}: {move.verb} ({roles})")
        for state in sorted(NEVER_DEPOSITED - {State.DRAFT}):
            self.stdout.write(f"    {state} --> [*]")
