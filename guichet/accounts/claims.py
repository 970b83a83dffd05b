"""Who holds an identity, and what becomes of somebody else's claim on it. Private to this room.

Whether an account exists never shows: the person who asks is told the same thing in every case, and the mail differs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.crypto import salted_hmac

from guichet.accounts import limits
from guichet.accounts.errors import IdentityMismatch
from guichet.accounts.models import Account, Representation
from guichet.core import clock, events, throttling
from guichet.core.identifiers import comparable, digits
from guichet.messaging import actions as messaging

TOLD_VISA = re.compile(r"\s*visa\W*(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class SecondClaim:
    """Somebody asked for an account on an identity that has one, from another address: to be looked at by a human.

    ``door`` is the way in (``number``, ``permit``, ``visa``…) and ``claimed`` what was said of the person there.
    """

    account: Account
    claimant_email: str
    claimant_language: str
    capacity: str
    door: str
    claimed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClaimOutcome:
    """What a request led to. For the room that calls, never for the page: it would show whether an account exists.

    ``identifier`` is what ``resend_link`` is asked with.
    """

    identifier: str
    second_claim: SecondClaim | None = None


OnSecondClaim = Callable[[SecondClaim], object]


def normalise_email(text: str) -> str:
    """An address as it is kept and compared: no spaces around, lower case."""
    return text.strip().lower()


def normalise_identifier(text: str) -> str:
    """An identifier as it is typed at a door: an e-mail in lower case, or the digits of a foreigner number."""
    return normalise_email(text) if "@" in text else digits(text)


def told_identifier(text: str) -> str:
    """An identifier as people tell it to a human: as at a door, or the word «visa» and the number of a visa."""
    visa = None if "@" in text else TOLD_VISA.fullmatch(text)
    return visa_identifier(visa[1]) if visa and comparable(visa[1]) else normalise_identifier(text)


def visa_identifier(number: str) -> str:
    """The identifier of the access that a visa opens: never typed, never a foreigner number nor an e-mail."""
    return Account.BY_VISA + comparable(number).upper()


def owner_of(identifier: str) -> Account | None:
    """The account that holds this identity: by its identifier or, for a number or a visa, by being the first to act for who
    bears it.
    """
    account = Account.objects.filter(identifier=identifier).first()
    if account is None and "@" not in identifier:
        borne = (
            {"person__visa_number": identifier.removeprefix(Account.BY_VISA)}
            if identifier.startswith(Account.BY_VISA)
            else {"person__foreigner_number": identifier}
        )
        first = Representation.objects.filter(**borne).select_related("account").order_by("since", "id").first()
        account = first.account if first else None
    return account


@contextmanager
def counted_tries(address: str, what: str) -> Iterator[None]:
    """Counts a try at ``what`` from ``address``; only a mismatch is kept: right data, or a registry that is down, are nobody's
    wrong try. Raises ``TooManyTries``.
    """
    tries = [
        throttling.spend(limits.MISMATCH_ON_NUMBER, address, what),
        throttling.spend(limits.MISMATCH_FROM_ADDRESS, address),
    ]
    wrong = False
    try:
        yield
    except IdentityMismatch:
        wrong = True
        raise
    finally:
        if not wrong:
            for place in tries:
                place.give_back()


def count_mail(address: str, identifier: str) -> None:
    """Counts one mail asked for. Raises ``TooManyTries``."""
    throttling.spend(limits.RESEND, address, identifier)
    throttling.spend(limits.MAILS_TO_ONE, address, identifier)
    throttling.spend(limits.MAILS_FROM_ADDRESS, address)


def claimed_again(owner: Account, payload: Mapping[str, Any], on_second_claim: OnSecondClaim | None) -> SecondClaim | None:
    """Tells the first address; the same mailbox asking again is its owner who forgot, anyone else is a second claim."""
    tell_owner(owner, payload)
    if payload["email"] == owner.email:
        return None
    subject = events.Subject("account", str(owner.pk))
    # One ticket a day for each claimant: keyed hash, since the log keeps no address.
    mark = salted_hmac("guichet.accounts.second_claim", payload["email"], algorithm="sha256").hexdigest()[:32]
    today = str(clock.today())
    seen = events.timeline(subject).filter(kind="second_claim", data__claimant=mark, data__day=today).exists()
    claim = SecondClaim(
        owner,
        payload["email"],
        payload["language"],
        payload["capacity"],
        payload["door"],
        _claimed(payload.get("person") or {}),
    )
    if not seen:
        events.record("second_claim", subject, events.SYSTEM, claimant=mark, day=today)
        if on_second_claim:
            on_second_claim(claim)
    return claim


def _claimed(person: Mapping[str, str]) -> dict[str, str]:
    """Who was claimed, for the officer who will look: the registry's own words, since the data matched it."""
    named = {
        "foreigner_number": person.get("foreigner_number"),
        "visa_number": person.get("visa_number"),
        "last_name": person.get("birth_name"),
        "first_names": person.get("first_names"),
        "birth_date": person.get("birth_date_text"),
    }
    return {name: value for name, value in named.items() if value}


def tell_owner(owner: Account, payload: Mapping[str, Any]) -> None:
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
            "by_visa": owner.is_visa_access,
            "same_address": payload["email"] == owner.email,
        },
        account=owner,
    )
