"""Getting in by a visa: a mailed link proves the address and goes straight to the application, with no password.

The link is used up by the person's own press of a button, never by being followed. Called through ``actions``.
"""

from datetime import date
from uuid import uuid4

from django.db import transaction

from guichet.accounts import limits, links
from guichet.accounts.claims import (
    ClaimOutcome,
    OnSecondClaim,
    count_mail,
    counted_tries,
    normalise_email,
    owner_of,
    tell_owner,
    visa_identifier,
)
from guichet.accounts.errors import IdentityMismatch, LinkUnusable
from guichet.accounts.frozen import FrozenIdentity
from guichet.accounts.models import Account, LinkToken, Representation
from guichet.accounts.opening import ask, candidate, opens_by_link, payload_of, send_link, send_pending, use_up
from guichet.core import throttling
from guichet.messaging import actions as messaging
from guichet.registries import queries as registries


def request_access_by_visa(
    number: str,
    valid_from: date,
    valid_until: date,
    email: str,
    language: str,
    address: str,
    *,
    destination: str = "",
    on_second_claim: OnSecondClaim | None = None,
) -> ClaimOutcome:
    """Asks for the link that a long-stay visa opens: its number, first and last day, as VISABIO holds them.

    ``destination`` is the page of this site that the link leads to once opened, wherever the mail is read. Raises
    ``IdentityMismatch``, ``TooManyTries``, ``registries.errors.RegistryUnavailable``.
    """
    identifier = visa_identifier(number)
    with counted_tries(address, identifier):
        known = registries.find_visa(number, valid_from, valid_until)
        if known is None:
            raise IdentityMismatch("visa")
    count_mail(address, identifier)
    frozen = FrozenIdentity.of_visa(known, known.number, known.valid_from, known.valid_until)
    payload = payload_of("visa", email, language, Representation.Capacity.SELF, frozen, destination)
    return ask(identifier, payload, on_second_claim)


def request_visa_link(number: str, email: str, language: str, address: str, *, destination: str = "") -> ClaimOutcome:
    """A fresh link for somebody who has begun with this visa and this address; a note to this address otherwise.

    ``destination`` is the page of this site that it leads to once opened. No registry is asked: what was begun is ours. Raises
    ``TooManyTries``.
    """
    identifier, email = visa_identifier(number), normalise_email(email)
    throttling.spend(limits.MAILS_TO_ONE, address, email)
    count_mail(address, identifier)
    with transaction.atomic():
        owner = owner_of(identifier)
        if owner and opens_by_link(owner, identifier, email):
            send_link(identifier, payload_of("visa", email, language, Representation.Capacity.SELF, None, destination))
        elif owner and owner.email == email:
            tell_owner(owner, {"email": email})  # it has a number and a password by now
        elif not send_pending(identifier, email, language):
            messaging.send_mail(
                intent=f"visa-unknown:{uuid4()}",  # each asking is one intent; how many is the limits' business
                address=email,
                language=language,
                template="visa_unknown",
                context={},
            )
    return ClaimOutcome(identifier)


def open_visa_access(raw: str, *, on_second_claim: OnSecondClaim | None = None) -> Account:
    """Uses a mailed link up and returns the account to sign in: opened now, without a password, or the one that was begun.

    Raises ``LinkUnusable``, also where the identity has become somebody else's meanwhile (who is told).
    """
    token = links.look_up(raw, LinkToken.Purpose.VISA_ACCESS)
    account = candidate(token)
    account.set_unusable_password()
    found = use_up(token, account, on_second_claim)
    if found is None:
        raise LinkUnusable("used")
    return found
