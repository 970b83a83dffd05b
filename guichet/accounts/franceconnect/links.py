"""Which account somebody of FranceConnect signs in to. Called through ``actions`` and ``queries``."""

from django.db import transaction

from guichet.accounts.models import Account, FranceConnectLink
from guichet.core import clock, events
from guichet.messaging import actions as messaging


def account_of(subject: str) -> Account | None:
    """The account that this person signs in to; None when there is none, or when it was closed."""
    found = FranceConnectLink.objects.select_related("account").filter(subject=subject).first()
    usable = found is not None and found.account.is_active and found.account.kind == Account.Kind.APPLICANT
    return found.account if found is not None and usable else None


def links_of(account: Account) -> list[FranceConnectLink]:
    """By whom of FranceConnect the account is opened, the first first. One query."""
    return list(FranceConnectLink.objects.filter(account=account))


@transaction.atomic
def link(account: Account, subject: str, *, tell: bool = True) -> None:
    """From now on this person signs in to this account, and its owner is told (``tell``). Doing it again changes nothing.

    A link to another account is moved: whoever calls has proved whose the account is, and one person has one.
    """
    found, made = FranceConnectLink.objects.get_or_create(subject=subject, defaults={"account": account})
    if not made:
        if found.account_id == account.pk:
            return
        found.account, found.linked_at = account, clock.now()
        found.save(update_fields=["account", "linked_at"])
    _say(account, "franceconnect_linked", tell=tell)


@transaction.atomic
def unlink(account: Account) -> bool:
    """FranceConnect no longer opens this account; its owner is told. Returns whether it did."""
    deleted, _ = FranceConnectLink.objects.filter(account=account).delete()
    if deleted:
        _say(account, "franceconnect_unlinked")
    return bool(deleted)


def _say(account: Account, what: str, *, tell: bool = True) -> None:
    logged = events.record(what, events.Subject("account", str(account.pk)), events.Actor("person", str(account.pk)))
    if tell:
        messaging.send_mail(
            intent=f"{what}:{logged.pk}",
            address=account.email,
            language=account.language,
            template=what,
            context={"name": account.display_name},
            account=account,
        )
