"""Making the demonstration world, and making it again."""

import shutil
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from guichet.accounts import actions as accounts
from guichet.accounts.models import Account, Officer, Post
from guichet.accounts.queries import persons_of
from guichet.core import clock
from guichet.demo import appointments, draws, expected, files_under_review, overseas, people, reception, waiting
from guichet.demo.handles import PASSWORD, TOTP_SECRET
from guichet.demo.models import World
from guichet.offices import actions as offices
from guichet.offices.models import Office
from guichet.permits import actions as permits
from guichet.procedures import actions as procedures
from guichet.registries import actions as registries

NATIONAL = "admin@national.demo"
OVERSEAS = "saint-denis-974"  # La Réunion
OFFICES = ("lille", "saint-etienne", "lyon", OVERSEAS)
ROLES = {
    "accueil": ("Camille Accueil", Post.Role.RECEPTION),
    "agent": ("Dominique Agent", Post.Role.CASE_OFFICER),
    "decideur": ("Claude Décideur", Post.Role.DECISION_MAKER),
    "admin": ("Sacha Admin", Post.Role.OFFICE_ADMINISTRATOR),
}
HAVE_AN_ACCOUNT = (
    "7503134955",
    files_under_review.PROTECTED,
    files_under_review.WAITING,
    files_under_review.AWAITING_COMPLEMENT,
    files_under_review.DECIDED,
    files_under_review.READY,
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
        opened = {number: account_for(people.person(number), password, day) for number in HAVE_AN_ACCOUNT}
        world.numbers = files_under_review.make(day, opened, officers)
        world.save(update_fields=["numbers"])
        loire = Office.objects.get(slug="saint-etienne")
        reception.make(loire, "etudiants", family="admission-exceptionnelle")
        expected.make(loire, "etudiants")


def people_and_officers(day: date, password: str) -> dict[tuple[str, str], Officer]:
    """Those whom the simulated registry knows, and the officers of their offices by (office, word)."""
    registries.write_people([people.record_of(person, day) for person in people.PEOPLE])
    registries.write_visas(people.visa_records(day))
    registries.write_students(people.student_records(day))
    found = Office.objects.in_bulk(OFFICES, field_name="slug")
    officers = {
        (slug, word): _officer(f"{word}@{slug}.demo", f"{name} ({office.city})", role, office, password)
        for slug, office in found.items()
        for word, (name, role) in ROLES.items()
    }
    _officer(NATIONAL, "Administration nationale", Post.Role.NATIONAL_ADMINISTRATOR, None, password)
    offices.decide_in_two_hands(found["lille"], True)
    appointments.make(found)
    draws.make(found["lyon"])
    waiting.make(found["lyon"])
    overseas.make(found[OVERSEAS])
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
    """An account that exists already, for someone of the national file; what they hold is read from the registries."""
    record = people.record_of(person, day)
    email = f"{record.birth_name.lower()}@courriel.demo"
    account = accounts.open_ready_account(record, record.foreigner_number, email, password)
    permits.refresh(persons_of(account)[0])
    return account


def _officer(email: str, name: str, role: Post.Role, office: Office | None, password: str) -> Officer:
    return accounts.open_ready_officer(name, email, [(role, office)], password, secret=TOTP_SECRET)
