"""Reads of accounts."""

from uuid import UUID

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.accounts import links
from guichet.accounts.claims import normalise_email, normalise_identifier, owner_of, told_identifier
from guichet.accounts.franceconnect.links import account_of as account_of_franceconnect
from guichet.accounts.franceconnect.links import links_of as franceconnect_links_of
from guichet.accounts.franceconnect.provider import answers as franceconnect_answers
from guichet.accounts.franceconnect.provider import departure_url as franceconnect_departure_url
from guichet.accounts.franceconnect.provider import is_open as franceconnect_is_open
from guichet.accounts.franceconnect.provider import is_simulated as franceconnect_is_simulated
from guichet.accounts.models import Account, LinkToken, Officer, Person, Post, Representation
from guichet.accounts.numbers import ComparedField, NumberCheck, check_number
from guichet.accounts.officers import seconds_to_next_code, secret_of
from guichet.accounts.opening import candidate
from guichet.accounts.powers import Powers
from guichet.accounts.sessions import sessions_of

__all__ = [
    "ComparedField",
    "NumberCheck",
    "Powers",
    "account_of_franceconnect",
    "accounts_for",
    "can_act_for",
    "candidate",
    "check_number",
    "franceconnect_answers",
    "franceconnect_departure_url",
    "franceconnect_is_open",
    "franceconnect_is_simulated",
    "franceconnect_links_of",
    "link",
    "normalise_email",
    "normalise_identifier",
    "officer_account",
    "officer_of",
    "owner_of",
    "persons_of",
    "posts_of",
    "powers_of",
    "representations_of",
    "second_factor_of",
    "seconds_locked",
    "seconds_to_next_code",
    "secret_of",
    "sessions_of",
    "told_identifier",
    "visa_holder",
]


def persons_of(account: Account) -> list[Person]:
    """The people an account acts for, oneself first."""
    return [representation.person for representation in representations_of(account)]


def accounts_for(person: Person) -> list[Account]:
    """The accounts that act for a person, the oldest representation first: who is told of what concerns them. One query."""
    found = Representation.objects.filter(person=person, account__kind=Account.Kind.APPLICANT, account__is_active=True)
    return [representation.account for representation in found.select_related("account").order_by("since", "id")]


def representations_of(account: Account) -> list[Representation]:
    """For whom and in what capacity an account acts, oneself first. One query."""
    found = Representation.objects.filter(account=account).select_related("person").order_by("since", "id")
    return sorted(found, key=lambda representation: representation.capacity != Representation.Capacity.SELF)


def can_act_for(account: Account, person: Person) -> bool:
    return Representation.objects.filter(account=account, person=person).exists()


def officer_of(account: Account) -> Officer | None:
    """The officer that this account is, with its posts and their offices; None for an applicant. Two queries, or none."""
    if account.kind != Account.Kind.OFFICER:
        return None
    return Officer.objects.filter(account=account).select_related("account").prefetch_related("posts__office").first()


def officer_account(pk: UUID) -> Account | None:
    """The account of an officer who may sign in."""
    return Account.objects.filter(pk=pk, kind=Account.Kind.OFFICER, is_active=True).first()


def second_factor_of(account: Account) -> TOTPDevice | None:
    """The TOTP device of an officer, confirmed or being set up."""
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=account).order_by("-confirmed", "id").first()
    return device


def posts_of(officer: Officer) -> tuple[Post, ...]:
    """The posts of an officer, in the order of their offices. No query on an officer given by ``officer_of``."""
    return tuple(sorted(officer.posts.all(), key=lambda post: (post.office_id or "", post.role)))


def powers_of(officer: Officer) -> Powers:
    return Powers(frozenset((post.role, post.office_id or "") for post in posts_of(officer)))


def seconds_locked(identifier: str, address: str) -> int:
    """How long this address still waits before trying this identifier again. 0 when it does not."""
    latest = AccessAttempt.objects.filter(username=identifier, ip_address=address).order_by("-attempt_time").first()
    if latest is None:
        return 0
    left = latest.attempt_time + get_cool_off() - timezone.now()  # the machine's own clock, as django-axes reckons
    return max(int(left.total_seconds()) + 1, 0)


def visa_holder(token: LinkToken) -> str:
    """The name of whom a link by visa is for, so that nobody enters somebody else's application unknowingly."""
    account = candidate(token)
    found = account.display_name or Account.objects.filter(identifier=token.identifier).values_list("display_name").first()
    return found if isinstance(found, str) else found[0] if found else ""


def link(raw: str, purpose: str) -> LinkToken:
    """The row of a link that can still be used, or ``LinkUnusable`` saying why not."""
    return links.look_up(raw, purpose)
