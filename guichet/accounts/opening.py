"""Opening an account: the request, the mailed link, the activation. Called through ``actions``.

Whether an account exists never shows: the person who asks is told the same thing in every case, and the mail differs.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from guichet.accounts import identity, limits, links
from guichet.accounts.errors import IdentityMismatch, LinkUnusable, PasswordRefused
from guichet.accounts.models import Account, LinkToken, Person, Representation
from guichet.core import clock, events, throttling
from guichet.core.dates import PartialDate
from guichet.core.identifiers import digits
from guichet.messaging import actions as messaging
from guichet.registries import queries as registries

MOST_DIGITS = 20  # what Person.foreigner_number holds; no known number comes near


@dataclass(frozen=True)
class SecondClaim:
    """Somebody asked for an account on an identity that has one, from another address: to be looked at by a human."""

    account: Account
    claimant_email: str
    claimant_language: str
    capacity: str


@dataclass(frozen=True)
class ClaimOutcome:
    """What a request led to. For the room that calls, never for the page: it would show whether an account exists."""

    second_claim: SecondClaim | None = None


OnSecondClaim = Callable[[SecondClaim], object]


@dataclass(frozen=True)
class FrozenIdentity:
    """An identity as the registry gave it: what becomes a ``Person`` at activation."""

    foreigner_number: str
    birth_name: str
    usage_name: str
    first_names: str
    sex: str
    birth_date_text: str
    birth_country: str
    birth_place: str
    nationality: str
    read_at: str  # ISO instant at which the registry was read


def normalise_email(text: str) -> str:
    """An address as it is kept and compared: no spaces around, lower case."""
    return text.strip().lower()


def normalise_identifier(text: str) -> str:
    """An identifier as it is kept: an e-mail in lower case, or the digits of a foreigner number."""
    return normalise_email(text) if "@" in text else digits(text)


def owner_of(identifier: str) -> Account | None:
    """The account that holds this identity: by its identifier or, for a number, by being the first to act for that person."""
    account = Account.objects.filter(identifier=identifier).first()
    if account is None and "@" not in identifier:
        first = (
            Representation.objects.filter(person__foreigner_number=identifier)
            .select_related("account")
            .order_by("since", "id")
            .first()
        )
        account = first.account if first else None
    return account


def request_account_by_number(
    foreigner_number: str,
    last_name: str,
    first_names: str,
    birth_date: PartialDate,
    email: str,
    language: str,
    capacity: str,
    address: str,
    *,
    on_second_claim: OnSecondClaim | None = None,
) -> ClaimOutcome:
    """Asks for an account on a foreigner number.

    ``address`` is the network address of the request; ``on_second_claim`` is called within the transaction when the identity
    already has an account with another e-mail. Raises ``IdentityMismatch``, ``TooManyTries``,
    ``registries.errors.RegistryUnavailable``.
    """
    number, email = digits(foreigner_number), normalise_email(email)
    claim = identity.Claim(last_name, first_names, birth_date)
    tries = [
        throttling.spend(limits.MISMATCH_ON_NUMBER, address, number),
        throttling.spend(limits.MISMATCH_FROM_ADDRESS, address),
    ]
    wrong = False
    try:
        known = registries.find_person(number) if 0 < len(number) <= MOST_DIGITS else None
        if known is None or not identity.matches(known, claim):
            wrong = True
            raise IdentityMismatch
    finally:
        if not wrong:  # right data, or a registry that is down: nobody's wrong try
            for place in tries:
                place.give_back()
    _count_mail(address, number)
    frozen = FrozenIdentity(
        foreigner_number=number,
        birth_name=known.birth_name,
        usage_name=known.usage_name,
        first_names=known.first_names,
        sex=known.sex,
        birth_date_text=str(known.birth_date),
        birth_country=known.birth_country,
        birth_place=known.birth_place,
        nationality=known.nationality,
        read_at=clock.now().isoformat(),
    )
    payload = {"email": email, "language": language, "capacity": capacity, "person": asdict(frozen)}
    return _ask(number, payload, on_second_claim)


def request_account_without_number(email: str, language: str, capacity: str, *, address: str = "") -> ClaimOutcome:
    """Asks for an account whose identifier is the e-mail, until a foreigner number exists. Raises ``TooManyTries``."""
    email = normalise_email(email)
    _count_mail(address, email)
    return _ask(email, {"email": email, "language": language, "capacity": capacity, "person": None}, None)


def resend_link(identifier: str, email: str, language: str, address: str) -> None:
    """Sends again what the last request of this address led to: a link, or the note that an account exists.

    Raises ``TooManyTries`` within a minute of the last sending.
    """
    identifier, email = normalise_identifier(identifier), normalise_email(email)
    _count_mail(address, identifier)
    pending = (
        LinkToken.objects.filter(identifier=identifier, purpose=LinkToken.Purpose.ACTIVATE, used_at__isnull=True)
        .filter(expires_at__gt=clock.now(), payload__email=email)
        .order_by("-created_at")
        .first()
    )
    payload = {**pending.payload, "language": language} if pending else {"email": email, "language": language}
    with transaction.atomic():
        if pending:
            _send_link(identifier, payload)
        else:
            owner = owner_of(identifier)
            if owner:
                _tell_owner(owner, payload)


def _count_mail(address: str, identifier: str) -> None:
    throttling.spend(limits.RESEND, address, identifier)
    throttling.spend(limits.MAILS_TO_ONE, address, identifier)
    throttling.spend(limits.MAILS_FROM_ADDRESS, address)


@transaction.atomic
def _ask(identifier: str, payload: dict[str, Any], on_second_claim: OnSecondClaim | None) -> ClaimOutcome:
    owner = owner_of(identifier)
    if owner is None:
        _send_link(identifier, payload)
        return ClaimOutcome()
    return _claimed_again(owner, payload, on_second_claim)


def _claimed_again(owner: Account, payload: dict[str, Any], on_second_claim: OnSecondClaim | None) -> ClaimOutcome:
    """Tells the first address; the same mailbox asking again is its owner who forgot, anyone else is a second claim."""
    _tell_owner(owner, payload)
    if payload["email"] == owner.email:
        return ClaimOutcome()
    subject = events.Subject("account", str(owner.pk))
    # One ticket a day for each claimant: keyed hash, since the log keeps no address.
    mark = salted_hmac("guichet.accounts.second_claim", payload["email"], algorithm="sha256").hexdigest()[:32]
    today = str(clock.today())
    seen = events.timeline(subject).filter(kind="second_claim", data__claimant=mark, data__day=today).exists()
    claim = SecondClaim(owner, payload["email"], payload["language"], payload["capacity"])
    if not seen:
        events.record("second_claim", subject, events.SYSTEM, claimant=mark, day=today)
        if on_second_claim:
            on_second_claim(claim)
    return ClaimOutcome(claim)


def _send_link(identifier: str, payload: dict[str, Any]) -> None:
    raw, token = links.issue(LinkToken.Purpose.ACTIVATE, identifier=identifier, payload=payload)
    messaging.send_mail(
        intent=f"activate:{token.hashed}",
        address=payload["email"],
        language=payload["language"],
        template="account_activation",
        context={"token": raw, "representing": payload["capacity"] != Representation.Capacity.SELF},
    )


def _tell_owner(owner: Account, payload: dict[str, Any]) -> None:
    """At most one mail an hour: nobody fills somebody's mailbox by asking."""
    hour = clock.now().strftime("%Y%m%d%H")
    messaging.send_mail(
        intent=f"account-exists:{owner.pk}:{hour}",
        address=owner.email,
        language=owner.language,
        template="account_exists",
        context={
            "name": owner.display_name,
            "officer": owner.kind == Account.Kind.OFFICER,
            "same_address": payload["email"] == owner.email,
        },
        account=owner,
    )


def candidate(token: LinkToken) -> Account:
    """The account that a link would open, unsaved: what its password is compared with."""
    person = token.payload.get("person")
    name = _person(FrozenIdentity(**person)).display_name if person else ""
    payload = token.payload
    return Account(
        identifier=token.identifier,
        email=payload.get("email", ""),
        language=payload.get("language", "fr"),
        display_name=name[:200],
    )


def check_password(password: str, account: Account) -> None:
    """Raises ``PasswordRefused`` with every rule that the password breaks."""
    try:
        validate_password(password, account)
    except ValidationError as refused:
        raise PasswordRefused(refused.messages) from refused


def activate(raw: str, password: str, *, on_second_claim: OnSecondClaim | None = None) -> Account:
    """Opens the account of a link and uses the link up. The person's identity is frozen as the registry gave it.

    Raises ``LinkUnusable``, ``PasswordRefused``. Where another link opened an account on the identity meanwhile, the link is
    used up, the first address is told, and the caller meets ``LinkUnusable``.
    """
    token = links.look_up(raw, LinkToken.Purpose.ACTIVATE)
    account = candidate(token)
    check_password(password, account)
    account.password = make_password(password)  # outside the transaction: slow on purpose
    try:
        owner = _activate(token, account, on_second_claim)
    except IntegrityError:
        # Another link of the same identity won by an instant: once more, now that its account is to be seen.
        owner = _activate(token, account, on_second_claim)
    if owner is not account:
        raise LinkUnusable("used")
    return account


@transaction.atomic
def _activate(token: LinkToken, account: Account, on_second_claim: OnSecondClaim | None) -> Account:
    """Uses the link up. Returns who holds the identity now: the account just opened, or the one that was first."""
    links.consume(token)
    owner = owner_of(token.identifier)
    if owner is None:
        _open(account, token)
        return account
    _claimed_again(owner, token.payload, on_second_claim)
    return owner


def _open(account: Account, token: LinkToken) -> None:
    payload = token.payload
    account.save(force_insert=True)
    frozen = FrozenIdentity(**payload["person"]) if payload["person"] else None
    if frozen is None:
        person = Person.objects.create()
    else:
        person = Person.objects.filter(foreigner_number=frozen.foreigner_number).first() or Person()
        _freeze(person, frozen)
        person.save()
    Representation.objects.create(account=account, person=person, capacity=payload["capacity"])
    links.void(purpose=LinkToken.Purpose.ACTIVATE, identifier=token.identifier, payload__email=payload["email"])
    events.record(
        "account_opened",
        events.Subject("account", str(account.pk)),
        events.Actor("person", str(account.pk)),
        capacity=payload["capacity"],
        origin=person.origin,
    )


def _person(frozen: FrozenIdentity) -> Person:
    person = Person()
    _freeze(person, frozen)
    return person


def _freeze(person: Person, frozen: FrozenIdentity) -> None:
    for name, value in asdict(replace(frozen, read_at="")).items():
        if name != "read_at":
            setattr(person, name, value)
    person.origin = Person.Origin.REGISTRY
    person.frozen_at = datetime.fromisoformat(frozen.read_at)
