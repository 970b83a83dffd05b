"""Creates an officer, or gives one a new set-up link, and prints the link to hand over."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guichet.accounts import actions
from guichet.accounts.errors import OfficerExists
from guichet.accounts.models import Officer, Post
from guichet.accounts.queries import normalise_email
from guichet.offices.models import Office


class Command(BaseCommand):
    help = (
        "Creates an officer's account and prints a link, valid 72 hours and used once, where the officer chooses a password;"
        " the second factor is set up at the first sign-in. With --renew: a new link for an officer who lost the password or"
        " the telephone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="professional address: the identifier of the officer")
        parser.add_argument("--name", help="name shown to colleagues")
        parser.add_argument("--office", help="slug of the office, such as «lille»; none for the national administrator")
        parser.add_argument("--role", choices=Post.Role.values)
        parser.add_argument("--language", choices=[code for code, _ in settings.LANGUAGES], default="fr")
        parser.add_argument("--renew", action="store_true", help="a new link for an existing officer")

    def handle(self, *args: Any, **options: Any) -> None:
        link = self._renew(options["email"]) if options["renew"] else self._create(options)
        self.stdout.write(f"Officer: {link.officer.name}")
        self.stdout.write(f"Set-up link (72 hours, once): {settings.SITE_URL}/agents/activer/{link.raw}/")

    @staticmethod
    def _create(options: dict[str, Any]) -> actions.SetUpLink:
        if not options["name"] or not options["role"]:
            raise CommandError("Give --name and --role.")
        national = options["role"] == Post.Role.NATIONAL_ADMINISTRATOR
        if national == bool(options["office"]):
            raise CommandError("The national administrator has no --office; every other role needs one.")
        office = None
        if options["office"]:
            office = Office.objects.filter(slug=options["office"]).first()
            if office is None:
                raise CommandError(f"No office has the slug «{options['office']}».")
        try:
            return actions.create_officer(
                options["name"], options["email"], [(options["role"], office)], language=options["language"]
            )
        except OfficerExists as refused:
            raise CommandError("An account already uses this address. For a new link: --renew.") from refused

    @staticmethod
    def _renew(email: str) -> actions.SetUpLink:
        officer = Officer.objects.select_related("account").filter(account__identifier=normalise_email(email)).first()
        if officer is None:
            raise CommandError("No officer has this address.")
        return actions.renew_officer(officer)
