"""Signing in by identifier and password, each kind of account by its own door."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from guichet.accounts.models import Account
from guichet.core import clock


class IdentifierBackend(BaseBackend):
    """Looks an account up by its identifier and its door. Every refusal costs one hash: time tells nothing.

    A temporary password past its day opens nothing more: «forgotten password» does.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        identifier: str | None = None,
        password: str | None = None,
        kind: str = Account.Kind.APPLICANT,
        **others: Any,
    ) -> Account | None:
        if not identifier or password is None:
            return None
        account = Account.objects.filter(identifier=identifier).first()
        if account is None or not account.has_usable_password():
            Account().set_password(password)
            return None
        right = account.check_password(password)
        lapsed = account.temporary_password_until is not None and account.temporary_password_until <= clock.now()
        return account if right and not lapsed and account.is_active and account.kind == kind else None

    def get_user(self, user_id: UUID) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
