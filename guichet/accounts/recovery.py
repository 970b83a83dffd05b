"""Forgotten password, forgotten identifier, changed password. Called through ``actions``. Pages never tell who exists."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from axes.utils import reset as unlock
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from guichet.accounts import limits, links
from guichet.accounts.claims import normalise_email, normalise_identifier
from guichet.accounts.errors import LinkUnusable, PasswordRefused
from guichet.accounts.models import Account, LinkToken
from guichet.accounts.opening import check_password
from guichet.core import events, throttling
from guichet.messaging import actions as messaging

Purpose = LinkToken.Purpose


def request_password_reset(identifier: str, language: str, *, address: str = "") -> None:
    """Mails a link, valid one hour, to the address of an applicant's account. Nobody by this identifier: nothing leaves.

    Officers get theirs from the administrator of their office. Raises ``TooManyTries``.
    """
    identifier = normalise_identifier(identifier)
    throttling.spend(limits.MAILS_TO_ONE, address, identifier)
    throttling.spend(limits.MAILS_FROM_ADDRESS, address)
    account = Account.objects.filter(identifier=identifier, kind=Account.Kind.APPLICANT, is_active=True).first()
    told = account or Account(email="personne@invalid", language=language)
    with transaction.atomic():
        # Both cases cost the same and ask the database the same. A link that nobody received is swept with the expired ones.
        raw, token = links.issue(Purpose.RESET_PASSWORD, account=account)
        with _undone(account is None):
            messaging.send_mail(
                intent=f"reset:{token.hashed}",
                address=told.email,
                language=told.language,
                template="password_reset",
                context={"name": told.display_name, "token": raw},
                account=account,
            )


@contextmanager
def _undone(wanted: bool) -> Iterator[None]:
    """What is written within is written or, when ``wanted``, taken back: nobody is there to be written to."""
    with transaction.atomic():
        yield
        transaction.set_rollback(wanted)


def reset_password(raw: str, password: str) -> Account:
    """Sets the password by a mailed link, used up. Ends every session and every lock: the mailbox proved who it is.

    Raises ``LinkUnusable``, ``PasswordRefused``.
    """
    token = links.look_up(raw, Purpose.RESET_PASSWORD)
    account = token.account
    if account is None:  # issued for nobody: its raw value was never sent
        raise LinkUnusable("unknown")
    check_password(password, account)
    hashed = make_password(password)
    with transaction.atomic():
        links.consume(token)
        links.void(purpose=Purpose.RESET_PASSWORD, account=account)
        _set(account, hashed, "password_reset")
        unlock(username=account.identifier)
    return account


def change_password(account: Account, password: str, *, current: str, address: str = "") -> None:
    """Sets a new password of somebody signed in, who knows the current one. Ends every session: the caller renews its own.

    Raises ``PasswordRefused`` (``wrong_current``, or rules of the new one) and ``TooManyTries``: a browser left open does not
    let its finder guess.
    """
    place = throttling.spend(limits.CURRENT_PASSWORD, address, str(account.pk))
    if not account.check_password(current):
        raise PasswordRefused([_("Ce n'est pas votre mot de passe actuel.")], "wrong_current")
    place.give_back()
    check_password(password, account)
    hashed = make_password(password)
    with transaction.atomic():
        links.void(purpose=Purpose.RESET_PASSWORD, account=account)
        _set(account, hashed, "password_changed")


def replace_temporary_password(account: Account, password: str) -> None:
    """Chooses one's own password after signing in with the one that was mailed. Ends every session: the caller renews its own.

    Raises ``PasswordRefused``: the rules, and the mailed password itself, which stayed in a mailbox.
    """
    if not account.must_change_password:
        raise PasswordRefused(
            [_("Votre mot de passe n'est pas provisoire : changez-le depuis « Mon compte ».")], "not_temporary"
        )
    if account.check_password(password):
        raise PasswordRefused([_("C'est le mot de passe provisoire : choisissez-en un autre, connu de vous seul.")], "same")
    check_password(password, account)
    hashed = make_password(password)
    with transaction.atomic():
        links.void(purpose=Purpose.RESET_PASSWORD, account=account)
        _set(account, hashed, "password_changed")


def _set(account: Account, hashed: str, event: str) -> None:
    account.password = hashed  # the session of each browser holds a mark of the password: the old ones end here
    account.temporary_password_until = None
    account.save(update_fields=["password", "temporary_password_until"])
    account.open_sessions.all().delete()
    actor = events.Actor("officer" if account.kind == Account.Kind.OFFICER else "person", str(account.pk))
    logged = events.record(event, events.Subject("account", str(account.pk)), actor)
    messaging.send_mail(
        intent=f"password-changed:{logged.pk}",
        address=account.email,
        language=account.language,
        template="password_changed",
        context={"name": account.display_name, "officer": account.kind == Account.Kind.OFFICER},
        account=account,
    )


def remind_identifiers(email: str, language: str, *, address: str = "") -> None:
    """Mails an address the identifiers attached to it, or that there is none. Raises ``TooManyTries``."""
    email = normalise_email(email)
    throttling.spend(limits.MAILS_TO_ONE, address, email)
    throttling.spend(limits.MAILS_FROM_ADDRESS, address)
    attached = Account.objects.filter(email=email, kind=Account.Kind.APPLICANT, is_active=True).order_by(
        "created_at", "identifier"
    )
    known = list(attached.values("identifier", "display_name"))
    typed = [one for one in known if not one["identifier"].startswith(Account.BY_VISA)]
    with transaction.atomic():
        messaging.send_mail(
            intent=f"identifiers:{uuid4()}",  # each asking is one intent; how many is the limits' business
            address=email,
            language=language,
            template="identifiers",
            context={"accounts": typed, "by_visa": len(typed) < len(known)},
        )
