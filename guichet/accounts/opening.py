"""Opening an account: the request, the mailed link, the activation. Called through ``actions``.

Whether an account exists never shows: the person who asks is told the same thing in every case, and the mail differs.
"""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from guichet.accounts import identity, links
from guichet.accounts.claims import (
    ClaimOutcome,
    OnSecondClaim,
    claimed_again,
    count_mail,
    counted_tries,
    normalise_email,
    owner_of,
    tell_owner,
)
from guichet.accounts.errors import IdentityMismatch, LinkUnusable, PasswordRefused
from guichet.accounts.franceconnect import links as franceconnect
from guichet.accounts.frozen import FrozenIdentity
from guichet.accounts.models import Account, LinkToken, Person, Representation
from guichet.core import clock, events
from guichet.core.dates import PartialDate
from guichet.core.identifiers import comparable, digits
from guichet.messaging import actions as messaging
from guichet.registries import queries as registries

MOST_DIGITS = 20  # what Person.foreigner_number holds; no known number comes near
# What each door mails: the link opens an account with a password, or goes straight to the application.
PURPOSES = {"visa": LinkToken.Purpose.VISA_ACCESS}
TEMPLATES = {LinkToken.Purpose.ACTIVATE: "account_activation", LinkToken.Purpose.VISA_ACCESS: "visa_access"}


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
    number = digits(foreigner_number)
    claim = identity.Claim(last_name, first_names, birth_date)
    with counted_tries(address, number):
        known = registries.find_person(number) if 0 < len(number) <= MOST_DIGITS else None
        if known is None or not identity.matches(known, claim):
            raise IdentityMismatch("number")
    count_mail(address, number)
    payload = payload_of("number", email, language, capacity, FrozenIdentity.of_number(known, number))
    return ask(number, payload, on_second_claim)


def request_account_by_permit(
    permit_number: str,
    valid_from: date,
    valid_until: date,
    email: str,
    language: str,
    capacity: str,
    address: str,
    *,
    on_second_claim: OnSecondClaim | None = None,
) -> ClaimOutcome:
    """Asks for an account by a residence permit: its number, first and last day, as FNE holds them.

    The account is that of the foreigner number which FNE gives: from there on it is the same way as by number. Raises
    ``IdentityMismatch``, ``TooManyTries``, ``registries.errors.RegistryUnavailable``.
    """
    with counted_tries(address, f"permit {comparable(permit_number)}"):
        known = registries.find_permit(permit_number, valid_from, valid_until)
        if known is None:
            raise IdentityMismatch("permit")
    number = digits(known.foreigner_number)
    count_mail(address, number)
    payload = payload_of("permit", email, language, capacity, FrozenIdentity.of_number(known, number))
    return ask(number, payload, on_second_claim)


def request_account_without_number(email: str, language: str, capacity: str, *, address: str = "") -> ClaimOutcome:
    """Asks for an account whose identifier is the e-mail, until a foreigner number exists. Raises ``TooManyTries``."""
    email = normalise_email(email)
    count_mail(address, email)
    return ask(email, payload_of("without_number", email, language, capacity, None), None)


def resend_link(identifier: str, email: str, language: str, address: str) -> None:
    """Sends again what the last request of this address led to: a link, or the note that an account exists.

    ``identifier`` is that of the ``ClaimOutcome``. Raises ``TooManyTries`` within a minute of the last sending.
    """
    email = normalise_email(email)
    count_mail(address, identifier)
    with transaction.atomic():
        if send_pending(identifier, email, language):
            return
        owner = owner_of(identifier)
        if owner is None:
            return
        if opens_by_link(owner, identifier, email):
            send_link(identifier, payload_of("visa", email, language, Representation.Capacity.SELF, None))
        else:
            tell_owner(owner, {"email": email})


def send_pending(identifier: str, email: str, language: str) -> bool:
    """Sends a new link for what this address asked for and has not opened yet; False when there is nothing of the kind."""
    pending = (
        LinkToken.objects.filter(identifier=identifier, purpose__in=TEMPLATES, used_at__isnull=True)
        .filter(expires_at__gt=clock.now(), payload__email=email)
        .order_by("-created_at")
        .first()
    )
    if pending:
        send_link(identifier, {**pending.payload, "language": language})
    return pending is not None


def payload_of(
    door: str, email: str, language: str, capacity: str, frozen: FrozenIdentity | None, destination: str = ""
) -> dict[str, Any]:
    """What a link completes once it is opened; ``destination`` is the page of this site where it then leads."""
    return {
        "door": door,
        "email": normalise_email(email),
        "language": language,
        "capacity": capacity,
        "person": frozen.payload() if frozen else None,
        "destination": destination,
    }


def opens_by_link(owner: Account, identifier: str, email: str) -> bool:
    """Whether a mailed link is how this owner gets in: an access by visa, asked for from its own address."""
    return owner.is_active and owner.is_visa_access and owner.identifier == identifier and owner.email == email


@transaction.atomic
def ask(identifier: str, payload: dict[str, Any], on_second_claim: OnSecondClaim | None) -> ClaimOutcome:
    """Mails a link where nobody holds the identity (or only a link opens it), and tells who holds it otherwise."""
    owner = owner_of(identifier)
    if owner is None or opens_by_link(owner, identifier, payload["email"]):
        send_link(identifier, payload)
        return ClaimOutcome(identifier)
    return ClaimOutcome(identifier, claimed_again(owner, payload, on_second_claim))


def send_link(identifier: str, payload: dict[str, Any]) -> None:
    """Mails the link that goes with the door of the payload."""
    purpose = PURPOSES.get(payload["door"], LinkToken.Purpose.ACTIVATE)
    raw, token = links.issue(purpose, identifier=identifier, payload=payload)
    messaging.send_mail(
        intent=f"{purpose}:{token.hashed}",
        address=payload["email"],
        language=payload["language"],
        template=TEMPLATES[purpose],
        context={"token": raw, "representing": payload["capacity"] != Representation.Capacity.SELF},
    )


def candidate(token: LinkToken) -> Account:
    """The account that a link would open, unsaved: what its password is compared with."""
    person = token.payload.get("person")
    name = FrozenIdentity.read(person).freeze(Person()).display_name if person else ""
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
    if use_up(token, account, on_second_claim) is not account:
        raise LinkUnusable("used")
    return account


def use_up(token: LinkToken, account: Account, on_second_claim: OnSecondClaim | None) -> Account | None:
    """Uses a link up and opens ``account`` on its identity. Returns who gets in: the account just opened, or an access by visa
    that this very mailbox opens; None where the identity is somebody else's, who is told.
    """
    try:
        return _use_up(token, account, on_second_claim)
    except IntegrityError:
        # Another link of the same identity won by an instant: once more, now that its account is to be seen.
        return _use_up(token, account, on_second_claim)


@transaction.atomic
def _use_up(token: LinkToken, account: Account, on_second_claim: OnSecondClaim | None) -> Account | None:
    links.consume(token)
    owner = owner_of(token.identifier)
    if owner is None:
        _open(account, token)
        owner = account
    elif token.purpose != LinkToken.Purpose.VISA_ACCESS or not opens_by_link(owner, token.identifier, token.payload["email"]):
        claimed_again(owner, token.payload, on_second_claim)
        return None
    links.void(purpose=token.purpose, identifier=token.identifier, payload__email=token.payload["email"])
    return owner


def _open(account: Account, token: LinkToken) -> None:
    payload = token.payload
    # The person before the account, as where a number is given: two acts on one number wait for each other, never crosswise.
    if payload["person"]:
        frozen = FrozenIdentity.read(payload["person"])
        borne = (
            {"foreigner_number": frozen.foreigner_number} if frozen.foreigner_number else {"visa_number": frozen.visa_number}
        )
        person = frozen.freeze(Person.objects.filter(**borne).first() or Person())
        person.save()
    else:
        person = Person.objects.create()
    account.save(force_insert=True)
    Representation.objects.create(account=account, person=person, capacity=payload["capacity"])
    if payload.get("franceconnect"):
        franceconnect.link(account, payload["franceconnect"], tell=False)  # they asked for it to be opened so
    events.record(
        "account_opened",
        events.Subject("account", str(account.pk)),
        events.Actor("person", str(account.pk)),
        capacity=payload["capacity"],
        origin=person.origin,
    )
