"""A blocked creation of an account: a ticket that holds what was claimed, so that nobody writes it all again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guichet.accounts.models import Account
from guichet.core import clock
from guichet.offices import queries as offices
from guichet.offices.errors import UnknownCommune
from guichet.offices.models import Office
from guichet.support.models import Ticket
from guichet.support.tickets import open_ticket

# The ways in, and why one of them did not open. Codes are kept in the context; pages say them in words.
DOORS = ("number", "permit", "visa", "without_number", "franceconnect", "sign_in")
REASONS = {
    "mismatch": _("Les informations saisies ne correspondent pas à celles du registre."),
    "not_found": _("Le registre ne trouve pas ce numéro ou ce titre."),
    "registry_down": _("Le registre ne répond pas : la vérification n'a pas pu se faire."),
    "second_claim": _("Quelqu'un a demandé un compte, avec les bonnes données d'identité, pour une personne qui en a déjà un."),
    "lost_email": _("La personne a un compte et n'a plus accès à l'adresse électronique de ce compte."),
    "other": _("La création du compte n'aboutit pas."),
}
# What a person may have claimed, in the order in which an officer reads it.
CLAIMED = (
    "foreigner_number",
    "permit_number",
    "visa_number",
    "valid_from",
    "valid_until",
    "last_name",
    "usage_name",
    "first_names",
    "sex",
    "birth_date",
    "birth_place",
    "birth_country",
    "nationality",
    "capacity",
    "insee_code",
    "identifier",
)
LONGEST_CLAIM = 200


def open_blocked_creation(
    door: str,
    context: Mapping[str, Any],
    email: str,
    language: str,
    *,
    why: str,
    message: str = "",
    account: Account | None = None,
    owner: Account | None = None,
    office: Office | None = None,
    page: str = "",
    address: str = "",
) -> Ticket:
    """Opens a ticket for an account that could not be created (or linked), with what the person claimed.

    ``door`` is one of ``DOORS``, ``why`` one of ``REASONS``. ``context`` names fields of ``CLAIMED`` (texts, days,
    ``PartialDate``; empty ones are left out). ``message`` is what the person adds, if anything. ``owner`` is the account that
    holds the identity already; ``account`` the one signed in, if any. Without ``office``, the ticket goes to the office of the
    commune claimed (``insee_code``), else to the contact centre. The same claim twice in a day is one ticket.

    ``address`` (of the client) counts the tries: ``TooManyTries``; give it outside of any transaction. A second claim is not
    acknowledged by mail, since that would say that the identity has an account; the others are.
    """
    if door not in DOORS or why not in REASONS:
        raise ValueError(f"Not a door or a reason of a blocked creation: {door}, {why}")
    claimed = _claimed(context)
    told = {"door": door, "why": why, "claimed": claimed}
    if page:
        told["page"] = page
    if owner is not None:
        told["account"] = str(owner.pk)
    with override(settings.LANGUAGE_CODE):
        said = message.strip() or str(REASONS[why])
    return open_ticket(
        kind=Ticket.Kind.SECOND_CLAIM if why == "second_claim" else Ticket.Kind.BLOCKED_ACCOUNT,
        email=email,
        message=said,
        language=language,
        name=" ".join(filter(None, (claimed.get("first_names"), claimed.get("last_name")))),
        topic="account",
        context=told,
        account=account,
        office=office or _office_of(claimed),
        intent=_intent(door, why, email, claimed),
        address=address,
    )


def _claimed(context: Mapping[str, Any]) -> dict[str, str]:
    """What was claimed as texts; days as ISO."""
    unknown = set(context) - set(CLAIMED)
    if unknown:
        raise ValueError(f"Not claimed by a person: {', '.join(sorted(unknown))}")
    return {name: _text(context[name]) for name in CLAIMED if context.get(name)}


def _text(value: Any) -> str:
    known = value.isoformat() if isinstance(value, date) else str(value)
    return known.strip()[:LONGEST_CLAIM]


def _office_of(claimed: Mapping[str, str]) -> Office | None:
    try:
        return offices.office_for(claimed["insee_code"]) if "insee_code" in claimed else None
    except UnknownCommune:
        return None


def _intent(door: str, why: str, email: str, claimed: Mapping[str, str]) -> str:
    """One ticket a day for one claim from one address; a keyed hash, since it holds what was claimed."""
    said = "\n".join([door, why, email.strip().lower(), *(f"{name}={value}" for name, value in claimed.items())])
    mark = salted_hmac("guichet.support.blocked", said, algorithm="sha256").hexdigest()[:32]
    return f"blocked:{clock.today().isoformat()}:{mark}"
