"""Verbs of accounts: the door of the room. What each one does is written in the module it comes from."""

from typing import Any

from django.db import transaction

from guichet.accounts import links
from guichet.accounts.by_officer import EmailNotChanged, change_email_by_officer, send_activation_by_officer
from guichet.accounts.claims import ClaimOutcome, SecondClaim
from guichet.accounts.errors import IdentityFrozen, LinkUnusable
from guichet.accounts.franceconnect.linking import Identified
from guichet.accounts.franceconnect.linking import depart as depart_for_franceconnect
from guichet.accounts.franceconnect.linking import identify as identify_by_franceconnect
from guichet.accounts.franceconnect.links import unlink as unlink_franceconnect
from guichet.accounts.franceconnect.provider import Arrival, Departure
from guichet.accounts.franceconnect.provider import arrive as arrive_from_franceconnect
from guichet.accounts.models import Account, LinkToken, Person, Representation
from guichet.accounts.numbers import give_foreigner_number
from guichet.accounts.officers import (
    SetUpLink,
    create_officer,
    prepare_second_factor,
    renew_officer,
    set_officer_password,
    verify_second_factor,
)
from guichet.accounts.opening import (
    activate,
    request_account_by_number,
    request_account_by_permit,
    request_account_without_number,
    resend_link,
)
from guichet.accounts.ready import open_ready_account, open_ready_officer
from guichet.accounts.recovery import (
    change_password,
    remind_identifiers,
    replace_temporary_password,
    request_password_reset,
    reset_password,
)
from guichet.accounts.sessions import close_other_sessions, close_session, remember_session
from guichet.accounts.visas import open_visa_access, request_access_by_visa, request_visa_link
from guichet.core import events

__all__ = [
    "Arrival",
    "ClaimOutcome",
    "Departure",
    "EmailNotChanged",
    "Identified",
    "SecondClaim",
    "SetUpLink",
    "activate",
    "arrive_from_franceconnect",
    "change_email_by_officer",
    "change_password",
    "choose_language",
    "close_other_sessions",
    "close_session",
    "create_officer",
    "declare_person",
    "depart_for_franceconnect",
    "give_foreigner_number",
    "identify_by_franceconnect",
    "open_ready_account",
    "open_ready_officer",
    "open_visa_access",
    "peek_link",
    "prepare_second_factor",
    "remember_session",
    "remind_identifiers",
    "renew_officer",
    "replace_temporary_password",
    "request_access_by_visa",
    "request_account_by_number",
    "request_account_by_permit",
    "request_account_without_number",
    "request_password_reset",
    "request_visa_link",
    "resend_link",
    "reset_password",
    "send_activation_by_officer",
    "set_officer_password",
    "unlink_franceconnect",
    "verify_second_factor",
]


def peek_link(raw: str, purpose: str) -> LinkToken | None:
    """The row of a link that can still be used, without using it; None when it cannot. Writes nothing."""
    try:
        return links.look_up(raw, purpose)
    except LinkUnusable:
        return None


def choose_language(account: Account, language: str) -> None:
    """The language of mails, and of pages where no browser said otherwise."""
    Account.objects.filter(pk=account.pk).update(language=language)
    account.language = language


DECLARED = frozenset(
    {"birth_name", "usage_name", "first_names", "sex", "birth_date_text", "birth_country", "birth_place", "nationality"}
)


@transaction.atomic
def declare_person(
    account: Account, *, person: Person | None = None, capacity: str = Representation.Capacity.SELF, **identity: Any
) -> Person:
    """Declares who somebody is until a registry knows: fills ``person`` in, or adds one for whom the account acts.

    ``identity`` names fields of ``DECLARED``. Raises ``IdentityFrozen`` for an identity that came from a registry or that
    the account does not act for.
    """
    unknown = set(identity) - DECLARED
    if unknown:
        raise TypeError(f"Not declared by a person: {', '.join(sorted(unknown))}")
    if person is None:
        person = Person.objects.create(**identity)
        Representation.objects.create(account=account, person=person, capacity=capacity)
        events.record(
            "person_declared",
            events.Subject("person", str(person.pk)),
            events.Actor("person", str(account.pk)),
            capacity=capacity,
        )
    else:
        person = Person.objects.select_for_update().get(pk=person.pk)
        mine = Representation.objects.filter(account=account, person=person).first()
        if mine is None or person.is_frozen:
            raise IdentityFrozen
        capacity = mine.capacity
        for name, value in identity.items():
            setattr(person, name, value)
        person.save(update_fields=list(identity))
    if capacity == Representation.Capacity.SELF and person.display_name:
        account.display_name = person.display_name[:200]
        account.save(update_fields=["display_name"])
    return person
