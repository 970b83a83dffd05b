"""A foreigner number given during the examination, and the account that it opens or renames. Called through ``actions``."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from guichet.accounts import identity, links
from guichet.accounts.errors import NumberRefused
from guichet.accounts.frozen import CIVIL_STATUS, FrozenIdentity
from guichet.accounts.models import Account, LinkToken, Person
from guichet.accounts.opening import MOST_DIGITS
from guichet.accounts.passwords import TEMPORARY_FOR, temporary_password
from guichet.core import clock, events
from guichet.core.identifiers import comparable, digits
from guichet.messaging import actions as messaging
from guichet.registries import queries as registries
from guichet.registries.agdref.port import ForeignerRecord


@dataclass(frozen=True)
class ComparedField:
    """One line of two identities side by side: what is held here, what AGDREF says."""

    name: str
    here: str
    there: str
    agrees: bool


@dataclass(frozen=True)
class NumberCheck:
    """What AGDREF says of a number, beside who the person is here. ``same_person``: names and birth date agree."""

    number: str
    fields: tuple[ComparedField, ...]
    same_person: bool


def check_number(person: Person, number: str) -> NumberCheck:
    """Looks a number up for a person; writes nothing. Raises ``NumberRefused`` (``unknown``, ``taken``, ``has_another``) and
    ``registries.errors.RegistryUnavailable``.
    """
    return _check(person, *_look_up(person, number))


def give_foreigner_number(
    person: Person, number: str, by: events.Actor, *, reason: str = "", then: Callable[[Person], object] | None = None
) -> Person:
    """Gives a person the number that AGDREF holds: the identity is frozen from it, the account gets it as its identifier.

    An account without a password is sent a temporary one, in a mail of its own. ``reason`` says why it is the same person where
    identities differ; ``then`` is called within the transaction. The same number twice is once. Raises ``NumberRefused`` and
    ``registries.errors.RegistryUnavailable``.
    """
    number, record = _look_up(person, number)
    if person.foreigner_number == number and person.origin == Person.Origin.REGISTRY:
        return person
    checked = _check(person, number, record)
    if not checked.same_person and not reason.strip():
        raise NumberRefused("identity_differs")
    password = temporary_password()
    hashed = make_password(password)  # outside the transaction: slow on purpose
    try:
        with transaction.atomic():
            given = _give(person, number, record, by, reason.strip(), password, hashed)
            if then:
                then(given)
            return given
    except IntegrityError as taken:
        # Somebody opened an account on this number, or another officer gave it, by an instant.
        raise NumberRefused("taken") from taken


def _look_up(person: Person, number: str) -> tuple[str, ForeignerRecord]:
    number = digits(number)
    if person.foreigner_number and person.foreigner_number != number:
        raise NumberRefused("has_another")
    record = registries.find_person(number) if 0 < len(number) <= MOST_DIGITS else None
    if record is None:
        raise NumberRefused("unknown")
    if _taken(person, number):
        raise NumberRefused("taken")
    return number, record


def _taken(person: Person, number: str) -> bool:
    if Person.objects.filter(foreigner_number=number).exclude(pk=person.pk).exists():
        return True
    return Account.objects.filter(identifier=number).exclude(representations__person=person).exists()


def _check(person: Person, number: str, record: ForeignerRecord) -> NumberCheck:
    lines = []
    for name in CIVIL_STATUS:
        here = getattr(person, name)
        there = str(record.birth_date) if name == "birth_date_text" else getattr(record, name)
        lines.append(ComparedField(name, here, there, comparable(here) == comparable(there)))
    born = person.birth_date
    claim = identity.Claim(person.birth_name or person.usage_name, person.first_names, born) if born else None
    return NumberCheck(number, tuple(lines), claim is not None and identity.matches(record, claim))


def _give(
    person: Person, number: str, record: ForeignerRecord, by: events.Actor, reason: str, password: str, hashed: str
) -> Person:
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.foreigner_number and row.foreigner_number != number:
        raise NumberRefused("has_another")
    if row.foreigner_number == number and row.origin == Person.Origin.REGISTRY:
        return row  # another officer, by an instant
    # Links, then the person, then the account: the order of an activation, so that neither waits crosswise for the other.
    links.void(purpose=LinkToken.Purpose.ACTIVATE, identifier=number)
    if _taken(row, number):
        raise NumberRefused("taken")
    FrozenIdentity.of_number(record, number).freeze(row)
    row.save()
    events.record("foreigner_number_given", events.Subject("person", str(row.pk)), by, reason=reason)
    account = _account_of(row)
    if account is not None:
        _rename(account, row, number, by, password, hashed)
    return row


def _account_of(person: Person) -> Account | None:
    """The account opened for this person, whose identifier was waiting for a number: not that of somebody who added them
    later, which keeps its own.
    """
    for representation in person.representations.select_related("account").order_by("since", "id"):
        account = Account.objects.select_for_update().get(pk=representation.account_id)
        first = account.representations.order_by("since", "id").first()
        if not account.identifier.isdigit() and first is not None and first.person_id == person.pk:
            return account
    return None


def _rename(account: Account, person: Person, number: str, by: events.Actor, password: str, hashed: str) -> None:
    former, needs_password = account.identifier, not account.has_usable_password()
    last_day = clock.today() + TEMPORARY_FOR
    account.identifier = number
    account.display_name = person.display_name[:200]
    if needs_password:
        account.password = hashed  # ends the sessions that mailed links had opened
        account.temporary_password_until = clock.end_of_paris_day(last_day)
        account.open_sessions.all().delete()
    account.save(update_fields=["identifier", "display_name", "password", "temporary_password_until"])
    links.void(purpose=LinkToken.Purpose.VISA_ACCESS, identifier=former)
    logged = events.record("identifier_changed", events.Subject("account", str(account.pk)), by)
    messaging.send_mail(
        intent=f"identifier:{logged.pk}",
        address=account.email,
        language=account.language,
        template="identifier_given",
        context={"name": account.display_name, "identifier": number, "password_follows": needs_password},
        account=account,
    )
    if needs_password:
        messaging.send_mail(
            intent=f"temporary-password:{logged.pk}",
            address=account.email,
            language=account.language,
            template="temporary_password",
            context={"name": account.display_name, "password": password, "last_day": last_day},
            account=account,
        )
