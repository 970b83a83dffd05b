"""From an identity that FranceConnect vouches for to the account of that person. Called through ``actions``."""

from dataclasses import dataclass

from guichet.accounts import limits
from guichet.accounts.claims import OnSecondClaim, count_mail, counted_tries
from guichet.accounts.franceconnect import links, provider
from guichet.accounts.franceconnect.errors import PivotMismatch
from guichet.accounts.franceconnect.pivot import PivotIdentity, differences
from guichet.accounts.frozen import FrozenIdentity
from guichet.accounts.models import Account, Representation
from guichet.accounts.opening import MOST_DIGITS, ask, payload_of
from guichet.core import throttling
from guichet.core.identifiers import digits
from guichet.registries import queries as registries

Capacity = Representation.Capacity


@dataclass(frozen=True)
class Identified:
    """Whom the number and FranceConnect agree on. ``account`` gets in now; None: something was mailed to the address given."""

    identifier: str
    account: Account | None


def depart(redirect_uri: str, address: str, *, browser_host: str = "") -> provider.Departure:
    """Sends somebody to FranceConnect, from a network address. Raises ``TooManyTries``, ``ProviderUnavailable``."""
    throttling.spend(limits.FRANCECONNECT_STARTS, address)
    return provider.depart(redirect_uri, browser_host=browser_host)


def identify(
    pivot: PivotIdentity,
    foreigner_number: str,
    email: str,
    language: str,
    address: str,
    *,
    on_second_claim: OnSecondClaim | None = None,
) -> Identified:
    """Links FranceConnect to the account of the person who bears this number, or mails the link that opens one.

    FranceConnect proved who asks, so that their own account opens at once. An account that somebody else holds for them (a
    parent, a care service) does not: that is a second claim, for which ``on_second_claim`` is called within the transaction.
    ``email`` is where the link goes when there is no account yet: FranceConnect's address was never confirmed.

    ``address`` is the network address of the request. Raises ``PivotMismatch``, ``TooManyTries``,
    ``registries.errors.RegistryUnavailable``; nothing is then written.
    """
    number = digits(foreigner_number)
    with counted_tries(address, number):
        known = registries.find_person(number) if 0 < len(number) <= MOST_DIGITS else None
        if known is None:
            raise PivotMismatch(known=False)
        if differs := differences(known, pivot):
            raise PivotMismatch(known=True, differs=differs)
    account = _own_account(number)
    if account is not None:
        links.link(account, pivot.subject)
        return Identified(number, account)
    count_mail(address, number)
    payload = payload_of("franceconnect", email, language, Capacity.SELF, FrozenIdentity.of_number(known, number))
    ask(number, {**payload, "franceconnect": pivot.subject}, on_second_claim)
    return Identified(number, None)


def _own_account(number: str) -> Account | None:
    """The account with which the bearer of a number acts for themselves."""
    own = Representation.objects.filter(
        person__foreigner_number=number,
        capacity=Capacity.SELF,
        account__is_active=True,
        account__kind=Account.Kind.APPLICANT,
    )
    first = own.select_related("account").order_by("since", "id").first()
    return first.account if first else None
