"""Accounts and officers ready to sign in, their password chosen beforehand: for who sets a site up. Through ``actions``."""

from collections.abc import Iterable

from django.db import transaction

from guichet.accounts.claims import normalise_email
from guichet.accounts.errors import OfficerExists
from guichet.accounts.frozen import CivilStatus, FrozenIdentity
from guichet.accounts.models import Account, Officer, Person, Post, Representation
from guichet.accounts.officers import prepare_second_factor
from guichet.core import events
from guichet.offices.models import Office


def open_ready_account(
    record: CivilStatus,
    foreigner_number: str,
    email: str,
    hashed_password: str,
    *,
    language: str = "fr",
    by: events.Actor = events.SYSTEM,
) -> Account:
    """The account of somebody whom AGDREF knows, as if they had opened it: identity frozen, password as given (its hash)."""
    with transaction.atomic():
        person = FrozenIdentity.of_number(record, foreigner_number).freeze(Person())
        person.save()
        account = Account.objects.create(
            identifier=foreigner_number,
            email=normalise_email(email),
            display_name=person.display_name[:200],
            language=language,
            password=hashed_password,
        )
        Representation.objects.create(account=account, person=person)
        events.record(
            "account_opened",
            events.Subject("account", str(account.pk)),
            by,
            capacity=Representation.Capacity.SELF,
            origin=person.origin,
        )
    return account


def open_ready_officer(
    name: str,
    email: str,
    posts: Iterable[tuple[str, Office | None]],
    hashed_password: str,
    *,
    secret: str,
    by: events.Actor = events.SYSTEM,
) -> Officer:
    """An officer who can sign in at once: password as given (its hash), second factor of this ``secret`` (base32).

    Raises ``OfficerExists``.
    """
    identifier = normalise_email(email)
    with transaction.atomic():
        if Account.objects.filter(identifier=identifier).exists():
            raise OfficerExists
        account = Account.objects.create(
            kind=Account.Kind.OFFICER, identifier=identifier, email=identifier, display_name=name, password=hashed_password
        )
        officer = Officer.objects.create(account=account, name=name)
        Post.objects.bulk_create([Post(officer=officer, role=role, office=office) for role, office in posts])
        prepare_second_factor(account, secret=secret)
        events.record("officer_created", events.Subject("account", str(account.pk)), by)
    return officer
