"""Making the demonstration world, and making it again."""

import binascii
import shutil
from base64 import b32decode
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.accounts.models import Account, Officer, Person, Post, Representation
from guichet.core import clock
from guichet.demo import files_under_review, people
from guichet.demo.handles import PASSWORD, TOTP_SECRET
from guichet.demo.models import World
from guichet.offices.models import Office
from guichet.procedures import actions as procedures
from guichet.registries import actions as registries

OFFICES = ("lille", "saint-etienne", "lyon")
ROLES = {
    "accueil": ("Camille Accueil", Post.Role.RECEPTION),
    "agent": ("Dominique Agent", Post.Role.CASE_OFFICER),
    "decideur": ("Claude Décideur", Post.Role.DECISION_MAKER),
    "admin": ("Sacha Admin", Post.Role.OFFICE_ADMINISTRATOR),
}
HAVE_AN_ACCOUNT = (
    "7503134955",
    "9908001002",
    files_under_review.WAITING,
    files_under_review.AWAITING_COMPLEMENT,
    files_under_review.DECIDED,
)


def make_if_missing() -> bool:
    """Makes the world where there is none; returns whether it did."""
    procedures.publish_catalogue()
    if World.objects.exists():
        return False
    make()
    return True


def make() -> None:
    """Invents everyone, as of today."""
    day = clock.today()
    password = make_password(PASSWORD)  # hashed once: everybody has the same here
    with transaction.atomic():
        world = World.objects.create(made_on=day)
        officers = people_and_officers(day, password)
        accounts = {number: account_for(people.person(number), password, day) for number in HAVE_AN_ACCOUNT}
        world.numbers = files_under_review.make(day, accounts, officers["lille", "agent"], officers["lille", "decideur"])
        world.save(update_fields=["numbers"])


def people_and_officers(day: date, password: str) -> dict[tuple[str, str], Officer]:
    """Those whom the simulated registry knows, and the officers of three offices by (office, word)."""
    registries.write_people([people.record_of(person, day) for person in people.PEOPLE])
    offices = Office.objects.in_bulk(OFFICES, field_name="slug")
    officers = {
        (slug, word): _officer(f"{word}@{slug}.demo", f"{name} ({office.city})", role, office, password)
        for slug, office in offices.items()
        for word, (name, role) in ROLES.items()
    }
    _officer("admin@national.demo", "Administration nationale", Post.Role.NATIONAL_ADMINISTRATOR, None, password)
    Office.objects.filter(slug="lille").update(two_hands=True)
    return officers


def start_afresh() -> None:
    """Forgets everything that visitors did and makes the world again."""
    if not settings.DEMO:
        raise RuntimeError("Only the demonstration can be started afresh.")
    call_command("flush", interactive=False, verbosity=0)  # offices are loaded again by what follows a migration
    cache.clear()
    for folder in settings.PRIVATE_DIR.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    with clock.shifted(clock.stored_offset()):  # the clock of this request was moved; the one of the new world was not
        make_if_missing()


def account_for(person: people.Invented, password: str, day: date) -> Account:
    """An account that exists already, for someone of the national file."""
    record = people.record_of(person, day)
    owner = Person.objects.create(
        foreigner_number=record.foreigner_number,
        birth_name=record.birth_name,
        first_names=record.first_names,
        sex=record.sex,
        birth_date_text=str(record.birth_date),
        birth_country=record.birth_country,
        birth_place=record.birth_place,
        nationality=record.nationality,
        origin=Person.Origin.REGISTRY,
        frozen_at=clock.now(),
    )
    account = Account.objects.create(
        identifier=record.foreigner_number,
        email=f"{record.birth_name.lower()}@courriel.demo",
        display_name=owner.display_name,
        password=password,
    )
    Representation.objects.create(account=account, person=owner)
    return account


def _officer(email: str, name: str, role: Post.Role, office: Office | None, password: str) -> Officer:
    account = Account.objects.create(
        kind=Account.Kind.OFFICER, identifier=email, email=email, display_name=name, password=password
    )
    officer = Officer.objects.create(account=account, name=name)
    Post.objects.create(officer=officer, office=office, role=role)
    key = binascii.hexlify(b32decode(TOTP_SECRET)).decode()
    TOTPDevice.objects.create(user=account, name="démonstration", key=key, confirmed=True)
    return officer
